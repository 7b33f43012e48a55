#!/usr/bin/env bash
# The order of commands and of their options: what each account has in the end is what was given to it,
# whichever came first, and a replay changes none of it.
. "$(dirname "$0")/common.sh"
cd "$work" || exit 1
(umask 077 && echo 'made-up secret' >secret)
by='--app-secret-file secret'
T=--onboarded-at=2026-01-02T00:00:00Z

change() { # PHONE_NUMBER_ID WAMID: history, whose message has a file
    local meta=
    [ -z "$1" ] || meta="\"metadata\":{\"phone_number_id\":\"$1\"},"
    printf '{"field":"history","value":{%s"history":[{"metadata":{"phase":0,"chunk_order":1,"progress":100},"threads":[{"id":"15550000002","messages":[{"from":"15550000002","id":"wamid.%s","timestamp":"1767225600","type":"image","image":{"id":"88"}}]}]}]}}' "$meta" "$2"
}
payload() { # CHANGE...
    printf '{"object":"whatsapp_business_account","entry":[{"id":"","changes":[%s]}]}' "$(IFS=,; echo "$*")"
}
capture() { # NAME DAY [SIGNED]: it as NAME.DAY
    local sign=
    [ $# -lt 3 ] || sign=sha256=$(openssl dgst -sha256 -hmac 'made-up secret' -r "$1" | cut -d' ' -f1)
    printf '{"received_at":"2026-06-0%sT00:00:00Z","headers":{"X-Hub-Signature-256":"%s"},"body":"%s"}\n' \
        "$2" "$sign" "$(sed 's/"/\\"/g' "$1")" >"$1.$2"
}
payload "$(change 109 A)" >one
payload "$(change 109 A)" "$(change 110 B)" >two
for day in 1 2; do capture one $day && capture two $day; done
capture two 3 signed

# All that there is, by the names of accounts; but of counts only whether there are rejects: what is new
# and what is excluded depends on what came before.
state() {
    PGOPTIONS=$sql_options PGTZ=UTC psql -qXAt -v ON_ERROR_STOP=1 <<'END' | LC_ALL=C sort
SELECT format('SELECT %L, a.name, to_jsonb(t) - ARRAY[''account_id'', ''run_id'', ''source'', ''counts'', ''frame'',
        ''frame_offset'', ''detail'', ''bytes''] || CASE WHEN to_jsonb(t) ? ''counts''
        THEN jsonb_build_object(''rejects'', to_jsonb(t) #> ''{counts,rejects}'') ELSE ''{}'' END
    FROM coexsync.%I AS t JOIN coexsync.account AS a USING (account_id)', relname, relname)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'account_id'
WHERE relnamespace = 'coexsync'::regnamespace AND relkind = 'r' ORDER BY relname
\gexec
END
}
# after COMMAND...: the state when they were given
# shellcheck disable=SC2016
after() {
    local command
    sql 'DO $$BEGIN EXECUTE (SELECT string_agg(format($x$DELETE FROM coexsync.%I$x$, relname), $x$;$x$) FROM pg_class
        WHERE relnamespace = $x$coexsync$x$::regnamespace AND relkind = $x$r$x$
            AND relname NOT IN ($x$account$x$, $x$schema_migration$x$, $x$pseudonym_key$x$));
        DELETE FROM coexsync.account WHERE account_id <> 0; END$$'
    # shellcheck disable=SC2086
    for command; do "$coexsync" ingest $command >>log 2>&1; done
    state
    "$coexsync" check --data >>log 2>&1 || echo 'findings of check --data'
}
# orders NAME COMMAND...: the same after two or three of them in all their orders, and a replay leaves it so
orders() {
    local name=$1 want order word words a=$2 b=$3 c=${4:-}
    want=$(after "$a" "$b" ${c:+"$c"})
    if [ -z "$c" ]; then words=('b a'); else words=('a c b' 'b a c' 'b c a' 'c a b' 'c b a'); fi
    for order in "${words[@]}"; do
        set --
        for word in $order; do set -- "$@" "${!word}"; done
        same "$name: $order" '' "$(diff <(echo "$want") <(after "$@"))"
    done
    "$coexsync" replay --all >>log 2>&1
    same "$name: a replay" '' "$(diff <(echo "$want") <(state))"
}
# received: by account, of payloads and of their files; refused: what the ledger says of each
received() { sql "SET timezone = 'UTC'; SELECT string_agg(concat_ws(' ', name, p.received_at::date, m.received_at::date), '; ' ORDER BY name)
    FROM coexsync.payload AS p JOIN coexsync.account USING (account_id) LEFT JOIN coexsync.media_asset AS m USING (account_id)"; }
kinds() { sql "SELECT string_agg(concat_ws(' ', name, kind, (SELECT count(*) FROM coexsync.message AS m WHERE m.account_id = p.account_id)),
    '; ' ORDER BY name) FROM coexsync.payload AS p JOIN coexsync.account USING (account_id)"; }
fresh commands

# ---- what was captured beside a copy is said to those that it was given to

orders 'a copy for one of two' '--account 109 two.1' two.2 "two.3 $by"
same 'each has the earliest of its own' '109 2026-06-01 2026-06-01; 110 2026-06-02 2026-06-02' "$(received)"
orders 'excluded of another' '--account 222 one' one.1 one.2
same 'nothing is said to who has nothing of it' '109 2026-06-01 2026-06-01; 222' "$(received)"

change 110 B | sed 's/"id":"wamid.B"/"id":""/' >unusable
payload "$(change 109 A)" "$(cat unusable)" >half
for day in 1 2; do capture half $day; done
orders 'a copy for one of two, rejected items of the other' '--account 109 half.1' half.2
exits 'the replay names the source' 3 half.2 "$coexsync" replay --all

# ---- what the ledger knows of more payloads than the reader looks ahead at

lines() { # RECEIVED_AT [HEADERS]: with the number of its line for N
    local line
    line='{"received_at":"'$1'","headers":{'${2:-}'},"body":"{\"metadata\":{\"phone_number_id\":\"109\"},\"messages\":[{\"from\":\"15550000002\",\"id\":\"wamid.N\"}]}"}'
    seq 1999 | while read -r n; do printf '%s\n' "${line//N/$n}"; done
}
lines 2026-06-02T00:00:00Z '"X-Hub-Signature-256":"sha256=N"' >many.signed
lines 2026-06-01T00:00:00Z >many.earlier
after many.signed many.earlier >log
same 'each has the earlier time and the header that it had' '1999|2026-06-01' \
    "$(sql "SELECT count(DISTINCT signature_header), max(received_at)::date FROM coexsync.payload WHERE signature_header ~ '^sha256=[0-9]+$'")"

# ---- refused of one, accepted of another

orders 'refused of one of two' "--account 109 $by --require-signature two" '--account 110 two'
same 'the other keeps it' '109 unusable 0; 110 history 1' "$(kinds)"
exits 'and after a rebuild' 3 'two' "$coexsync" replay --rebuild
same 'the other keeps it then, too' '109 unusable 0; 110 history 1' "$(kinds)"
orders 'refused and excluded' "--account 222 $by --require-signature two" '--account 222 two'
same 'excluded remains' '222 excluded 0' "$(kinds)"
after "$by --require-signature two.1" '--account 109 two' '--account 110 two' >log
check 'refused as nobody'"'"'s, and then accepted of each: a replay' "$coexsync" replay
same 'it is theirs' '109 history 1; 110 history 1' "$(kinds)"
after "$by --require-signature two.1" '--account 109 two' >log
check 'accepted of one: a replay exits 0 or 3' sh -c "'$coexsync' replay || [ \$? = 3 ]"
same 'the other has not been given it' '- unusable 0; 109 history 1' "$(kinds)"
check 'and is' "$coexsync" ingest two
same 'it is theirs then, too' '109 history 1; 110 history 1' "$(kinds)"

# ---- an onboarding: of whom, and of what

orders 'known, and excluded of another' '--account 222 one' one "$T one"
same 'only who has something of it has the onboarding' 109 \
    "$(sql "SELECT string_agg(name, ' ') FROM coexsync.activation JOIN coexsync.account USING (account_id)")"
orders 'refused under a T' "$T $by --require-signature one" one
same 'what is refused is not given' 0 "$(sql 'SELECT count(*) FROM coexsync.activation_payload')"

# ---- the provider's time and that of the capture

sed 's/2026-03-01T09:10:00/2026-06-02T00:00:00/' "$root/fixtures/decode-ycloud-media/payload.json" | tr -d '\n' >provided
for day in 1 3; do capture provided $day; done
orders 'received earlier than made' provided provided.1
same 'the earlier: of the capture' '+15550001000 2026-06-01 2026-06-01' "$(received)"
orders 'received later than made' provided provided.3
same 'the earlier: of the provider' '+15550001000 2026-06-02 2026-06-02' "$(received)"

# ---- a row that the server refuses, in two payloads, and twice in one

number=$(head -c 140000 /dev/zero | tr '\0' 7)
order="{\"from\":\"15550000002\",\"id\":\"wamid.ORDER\",\"timestamp\":\"1767225600\",\"type\":\"order\",\"order\":{\"n\":$number}}"
for name in once again twice; do
    printf '{"metadata":{"phone_number_id":"109"},"messages":[{"from":"15550000002","id":"wamid.%s","timestamp":"1767225600"},%s%s]}' \
        $name "$order" "$([ $name != twice ] || echo ",$order")" >$name
done
refused() { sql "SELECT string_agg(format('%s of %s', counts ->> 'rejected', counts ->> 'seen'), ', ' ORDER BY counts ->> 'seen'),
    (SELECT count(*) FROM coexsync.reject WHERE code = 'server_refused'), (SELECT count(*) FROM coexsync.message) FROM coexsync.payload"; }
orders 'refused by the server' once again twice
same 'each that says it has its reject' '1 of 2, 1 of 2, 2 of 3|4|3' "$(refused)"
want=$(state)
same 'in one import likewise' '' "$(diff <(echo "$want") <(after 'once again twice'))"
same 'and counted likewise' '1 of 2, 1 of 2, 2 of 3|4|3' "$(refused)"
finish
