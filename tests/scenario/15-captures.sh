#!/usr/bin/env bash
# Payloads that lie inside something else, and what was captured beside them: the same facts as from
# files, whatever is around; signatures; payloads in a table, through PgBouncer.
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/tools/pgbouncer.sh
. "$root/tests/tools/pgbouncer.sh"
secret='made-up secret'
printf '%s\n' "$secret" >"$work/secret"
chmod 600 "$work/secret"

# The text of stdin as the inside of a JSON string.
inside() {
    sed -z 's/\\/\\\\/g; s/"/\\"/g; s/\n/\\n/g; s/\r/\\r/g; s/\t/\\t/g'
}
# sign FILE [SECRET]: what Meta would send with it
sign() {
    printf 'sha256=%s' "$(openssl dgst -sha256 -hmac "${2:-$secret}" -r "$1" | cut -d' ' -f1)"
}
# capture FILE HEADERS [RECEIVED_AT]: one line
capture() {
    printf '{"received_at":%s,"headers":%s,"body":"%s"}\n' "${3:-null}" "$2" "$(inside <"$1")"
}
value() { # WAMID [MEDIA_ID]: a text, or a picture
    local content='"type":"text","text":{"body":"x"}'
    [ $# -lt 2 ] || content="\"type\":\"image\",\"image\":{\"id\":\"$2\",\"mime_type\":\"image/jpeg\"}"
    printf '{"metadata":{"phone_number_id":"109"},"messages":[{"from":"15550000002","id":"wamid.%s","timestamp":"1767225600",%s}]}' \
        "$1" "$content"
}
# What the ledger says of the one payload there is.
ledger() {
    sql "SET timezone = 'UTC'; SELECT concat_ws(' ', p.kind, p.signature, p.signature_header,
        to_char(p.received_at, 'HH24:MI:SS'), r.code, (SELECT count(*) FROM coexsync.message))
        FROM coexsync.payload AS p LEFT JOIN coexsync.reject AS r USING (account_id, sha256)"
}

# ---- whatever is around: the digest and the names of payloads are those of the files

"$tools/mkpayloads" --seed 15 --messages 600 --threads 9 --days 100 --out "$work/files" >/dev/null
names() {
    sql 'SELECT md5(string_agg(encode(sha256, '"'hex'"'), NULL ORDER BY sha256)) FROM coexsync.payload'
}
fresh wrapped
"$coexsync" ingest "$work/files" >/dev/null
want="$(total) $(names)"
distinct=$(sql 'SELECT count(*) FROM coexsync.payload')
mkdir "$work/in"
i=0
for file in "$work"/files/*; do
    i=$((i + 1))
    case $((i % 8)) in
    0) capture "$file" '{"Host":"h"}' '"2026-06-01T00:00:00Z"' ;;
    1) printf '{"headers":[["Host","h"]],"body_base64":"%s"}\n' "$(base64 -w 0 <"$file")" ;;
    2) printf '{"query_params":{},"body_params":%s}\n' "$(cat "$file")" ;;
    3) printf '{"id":7,"payload":"\\ufeff %s\\n"}\n' "$(inside <"$file")" ;;
    4) printf '{"data":[%s]}\n' "$(cat "$file")" ;;
    5) printf '{"body":"%s"}' "$(inside <"$file")" >"$work/sqs"
        printf '{"Type":"Notification","Message":"%s"}' "$(inside <"$work/sqs")" >"$work/sns"
        printf '{"Records":[{"body":"%s"}]}\n' "$(inside <"$work/sns")" ;;
    6) printf '[{"Messages":[{"Body":"%s"}]}]\n' "$(inside <"$file")" ;;
    7) cat "$file" && echo ;;
    esac
done >"$work/in/captured.ndjson"
fresh wrapped
check 'wrapped in eight ways: exits 0' "$coexsync" ingest "$work/in"
same 'the same facts, the same names' "$want" "$(total) $(names)"
check 'the files afterwards: exits 0' "$coexsync" ingest "$work/files"
same 'they are known' "payloads $i: 0 new, $i known, 0 unusable" "$(head -n 1 "$work/check.log")"

# ---- faults are those of the inner text

fresh faults
value GOOD >"$work/good"
value OTHER >"$work/other"
{
    printf '{"Messages":[{"Body":"%s"},{"Body":"{"},{"Body":"%s"}]}\n' \
        "$(inside <"$work/good")" "$(inside <"$work/other")"
    echo '{"headers":{},"body":"hello"}'
    echo '{"headers":{},"body":""}'
    echo '{"body_base64":"*"}'
} >"$work/faults"
exits 'broken ones among good ones' 3 'faults:1\[1\]' "$coexsync" ingest "$work/faults"
same 'the good ones are in' 2 "$(sql 'SELECT count(*) FROM coexsync.message')"
same 'the codes' 'empty json_truncated not_json not_json' \
    "$(sql "SELECT string_agg(code, ' ' ORDER BY code) FROM coexsync.reject")"

# ---- signatures

value SIGNED >"$work/body"
good="{\"x-hub-signature-256\":\"$(sign "$work/body")\"}"
bad="{\"X-Hub-Signature-256\":\"$(sign "$work/body" 'another secret')\"}"
cloud="{\"YCloud-Signature\":\"t=1767225600,s=$(printf '1767225600.%s' "$(cat "$work/body")" |
    openssl dgst -sha256 -hmac "$secret" -r | cut -d' ' -f1)\"}"
checked() { # NAME HEADERS WANT [OPTION...]: the ledger after one capture
    local name=$1 headers=$2 want=$3
    shift 3
    fresh signed
    capture "$work/body" "$headers" | "$coexsync" ingest - "$@" >"$work/log" 2>&1
    same "$name" "$want" "$(ledger)"
}
by=(--app-secret-file "$work/secret")
checked 'a good signature' "$good" "messages valid $(sign "$work/body") 1" "${by[@]}"
printf '%s \t\r\n' "$(cat "$work/secret")" >"$work/padded"
chmod 600 "$work/padded"
checked 'blanks behind the secret' "$good" "messages valid $(sign "$work/body") 1" --app-secret-file "$work/padded"
checked 'a bad one' "$bad" "messages invalid $(sign "$work/body" 'another secret') 1" "${by[@]}"
checked 'none' '{"Host":"h"}' 'messages absent 1' "${by[@]}"
checked 'no secret' "$good" "messages unchecked $(sign "$work/body") 1"
checked "YCloud's" "$cloud" "messages valid $(cut -d'"' -f4 <<<"$cloud") 1" "${by[@]}"
checked 'required and good' "$good" "messages valid $(sign "$work/body") 1" "${by[@]}" --require-signature
for headers in "$bad" '{}'; do
    fresh signed
    capture "$work/body" "$headers" >"$work/refused"
    exits 'required and not good' 65 'refused' "$coexsync" ingest "$work/refused" "${by[@]}" --require-signature
    same 'nothing of it is in the tables' '0 signature_not_valid' \
        "$(sql 'SELECT (SELECT count(*) FROM coexsync.message), string_agg(code, NULL) FROM coexsync.reject' | tr '|' ' ')"
done
exits 'a file, where a signature is required' 65 'body' "$coexsync" ingest "$work/body" "${by[@]}" --require-signature
exits 'among good ones' 3 'refused' "$coexsync" ingest "$work/refused" \
    <(capture "$work/other" "{\"x-hub-signature-256\":\"$(sign "$work/other")\"}") "${by[@]}" --require-signature
check 'the code has a remedy' sh -c "'$coexsync' help rejects | grep -A1 -q '^signature_not_valid'"
same 'the secret is in no output' '' "$(grep -rl "$secret" "$work/stdout" "$work/stderr" "$work/log")"

# ---- copies of one payload, whichever comes first

value COPIES media-1 >"$work/media"
mkdir "$work/copies"
cp "$work/media" "$work/copies/plain"
capture "$work/media" "{\"X-Hub-Signature-256\":\"$(sign "$work/media" 'another secret')\"}" \
    '"2026-01-01T12:00:00Z"' >"$work/copies/bad"
capture "$work/media" "{\"X-Hub-Signature-256\":\"$(sign "$work/media")\"}" \
    '"2026-01-01T13:00:00Z"' >"$work/copies/good"
cat "$work/copies/good" >"$work/copies/late"
sed -i 's/T13/T14/' "$work/copies/late"
# What all of them say together, and the counts of the ledger.
together() {
    echo "$(ledger) $(sql "SET timezone = 'UTC'; SELECT concat_ws(' ', to_char(received_at, 'HH24:MI:SS'),
        (SELECT concat_ws(' ', count(*), sum((counts ->> 'inserted')::int)) FROM coexsync.payload),
        (SELECT count(*) FROM coexsync.activation_payload)) FROM coexsync.media_asset")"
}
orders=('plain bad good' 'plain good bad' 'bad plain good' 'bad good plain' 'good plain bad' 'good bad plain'
    'good late bad')
all="messages valid $(sign "$work/media") 12:00:00 1 12:00:00 1 1 0"
wrong=
fresh copies
for order in "${orders[@]}"; do
    read -ra names <<<"$order"
    for how in 'one by one' 'at once' 'at once, required' 'the first required' 'the last required'; do
        sql 'TRUNCATE coexsync.payload, coexsync.payload_raw, coexsync.reject, coexsync.message, coexsync.media_asset'
        first=() last=() alone=1
        case $how in
        'at once') alone= ;;
        'at once, required') alone='' first=(--require-signature) ;;
        'the first required') first=(--require-signature) ;;
        'the last required') last=(--require-signature) ;;
        esac
        if [ -n "$alone" ]; then
            "$coexsync" ingest "$work/copies/${names[0]}" "${by[@]}" "${first[@]}"
            "$coexsync" ingest "$work/copies/${names[1]}" "${by[@]}"
            "$coexsync" ingest "$work/copies/${names[2]}" "${by[@]}" "${last[@]}"
        else
            "$coexsync" ingest "${names[@]/#/$work/copies/}" "${by[@]}" "${first[@]}"
        fi >"$work/log" 2>&1
        [ "$(together)" = "$all" ] || wrong="$wrong; $order $how: $(together)"
    done
    "$coexsync" check --data >"$work/log" 2>&1 || wrong="$wrong; $order: check --data"
done
same 'the same end in any order, in one run and in several' '' "$wrong"
fresh copies
exits 'refused' 65 'bad' "$coexsync" ingest "$work/copies/bad" "${by[@]}" --require-signature
exits 'refused again' 65 'bad' "$coexsync" ingest "$work/copies/bad" "${by[@]}" --require-signature
sed 's/T12/T11/' "$work/copies/bad" >"$work/copies/earlier"
exits 'refused, and earlier' 65 'earlier' "$coexsync" ingest "$work/copies/earlier" "${by[@]}" --require-signature
same 'its time is known, and it stays refused' 'unusable invalid 11:00:00 signature_not_valid 0' "$(ledger | cut -d' ' -f1,2,4-)"
check 'and accepted without the option' "$coexsync" ingest "$work/copies/bad"
same 'nothing of the refusal is left' 'messages invalid 1' "$(ledger | cut -d' ' -f1,2,5)"
check 'a copy that adds nothing is known' "$coexsync" ingest "$work/copies/bad"
same 'not even a duplicate' 'messages seen 0' "$(sed -n 's/ =.*//; 2p' "$work/check.log")"

# refused, it is nobody's, for its bytes name two numbers; accepted, it is theirs
printf '{"entry":[{"id":"1","changes":[{"field":"messages","value":%s},{"field":"messages","value":%s}]}]}' \
    "$(value TWO)" "$(value THREE | sed s/109/110/)" >"$work/two"
fresh copies
capture "$work/two" '{}' >"$work/two.refused"
exits 'nobody'"'"'s' 65 'two' "$coexsync" ingest "$work/two.refused" "${by[@]}" --require-signature
check 'theirs' "$coexsync" ingest "$work/two"
same 'one row each' '109 messages 2, 110 messages 2' "$(sql "SELECT string_agg(concat_ws(' ', name, kind, accounts), ', '
    ORDER BY name) FROM coexsync.payload JOIN coexsync.account USING (account_id)")"
same 'no reject' 0 "$(sql 'SELECT count(*) FROM coexsync.reject')"

# what --account has given somebody stays his
printf '{"messages":[{"from":"15550000002","id":"wamid.MINE","timestamp":"1767225600","type":"text","text":{"body":"x"}}]}' >"$work/mine"
fresh copies
"$coexsync" ingest "$work/mine" --account 109 >/dev/null
check 'given again, with a time' "$coexsync" ingest <(capture "$work/mine" '{}' '"2026-01-01T12:00:00Z"')
same 'it has the time, and nobody else has it' '109 12:00:00 messages 1' "$(sql "SET timezone = 'UTC'; SELECT string_agg(
    concat_ws(' ', name, to_char(received_at, 'HH24:MI:SS'), kind, accounts), ', ') FROM coexsync.payload JOIN coexsync.account USING (account_id)")"

# with history: refused first, then given under T
printf '{"metadata":{"phone_number_id":"109"},"history":[{"metadata":{"phase":0,"chunk_order":1,"progress":100},"threads":[]}]}' >"$work/history"
fresh copies
"$coexsync" ingest "$work/history" "${by[@]}" --require-signature >/dev/null 2>&1
check 'history, given again under T' "$coexsync" ingest "$work/history" --onboarded-at=2026-01-02T00:00:00Z --no-raw
same 'it is linked, its chunk is there' '1 1' \
    "$(sql 'SELECT (SELECT count(*) FROM coexsync.activation_payload), (SELECT count(*) FROM coexsync.chunk)' | tr '|' ' ')"

# ---- mistakes

exits 'a signature required without a secret' 64 'needs --app-secret-file' "$coexsync" ingest --require-signature "$work/good"
exits 'a secret that is not there' 66 'nowhere' "$coexsync" ingest --app-secret-file "$work/nowhere" "$work/good"
echo >"$work/blank"
exits 'an empty secret' 64 'is empty' "$coexsync" ingest --app-secret-file "$work/blank" "$work/good"
chmod 644 "$work/secret"
exits 'a secret that others may read' 0 'chmod 600' "$coexsync" ingest "${by[@]}" "$work/good"
chmod 600 "$work/secret"
exits 'a database without a query' 64 'goes with --from-query' "$coexsync" ingest --from-dbname dbname=x "$work/good"
exits 'no query' 64 'needs a query' "$coexsync" ingest --from-query ' ; '
exits 'no source' 64 'from-query' "$coexsync" ingest

# ---- payloads in a table of another database

psql -qXd postgres -c 'SET client_min_messages = error' -c 'DROP DATABASE IF EXISTS receiver' \
    -c "CREATE DATABASE receiver ENCODING LATIN1 LOCALE 'C' TEMPLATE template0"
receiver() { PGDATABASE=receiver psql -qXAt -v ON_ERROR_STOP=1 "$@"; }
receiver -c 'CREATE TABLE hook (id serial, raw bytea, received_at timestamptz, headers jsonb)'
for file in "$work"/files/*; do
    printf "INSERT INTO hook (raw, received_at, headers) VALUES ('\\\\x%s', '2026-06-01T00:00:00.25Z', '{\"X-Hub-Signature-256\": \"%s\"}');\n" \
        "$(od -An -v -tx1 "$file" | tr -d ' \n')" "$(sign "$file")"
done >"$work/hook.sql"
receiver -f "$work/hook.sql"
asks='SELECT id, raw AS payload, received_at, headers FROM hook ORDER BY id;'
fresh queried
fresh queried_pooled
pgbouncer_start || { echo 'not ok pgbouncer starts'; exit 1; }
for host in "$PGHOST" "$PGBOUNCER_HOST"; do
    name=queried$([ "$host" = "$PGHOST" ] || echo _pooled)
    export PGDATABASE=$name
    check "$name: exits 0" env PGHOST="$host" "$coexsync" ingest --from-query "$asks" \
        --from-dbname dbname=receiver "${by[@]}" --require-signature --batch-rows 200
    same "$name: the same facts, the same names" "$want" "$(total) $(names)"
    same "$name: ids, times and signatures" "$distinct query:1 2026-06-01 00:00:00.25+00 valid" \
        "$(sql "SELECT count(*), (array_agg(source ORDER BY length(source), source))[1],
            min(received_at), min(signature) FROM coexsync.payload" | tr '|' ' ')"
    check "$name: with files, and a dry run" env PGHOST="$host" "$coexsync" diff --from-query "$asks" \
        --from-dbname dbname=receiver "$work/files"
    same "$name: all are known" "payloads $((2 * i)): 0 new, $((2 * i)) known, 0 unusable" \
        "$(sed -n 2p "$work/check.log")"
done

# what rows are, and where the document is
export PGDATABASE=queried
receiver -c 'CREATE TABLE odd (id text, document jsonb, received_at text)' \
    -c "INSERT INTO odd VALUES ('a b', '$(value ODD)', '1767225600.5'), ('n', NULL, NULL),
        (NULL, '{}', 'soon')"
fresh queried
exits 'jsonb in the first column that is left, a NULL' 3 'query:n' "$coexsync" ingest \
    --from-query 'SELECT * FROM odd ORDER BY id NULLS LAST' --from-dbname dbname=receiver
same 'names and times' "query:3 - unknown_shape; query:a b 2026-01-01 00:00:00.5+00 -; query:n - empty" \
    "$(sql "SELECT string_agg(concat_ws(' ', source, coalesce(received_at::text, '-'), coalesce(code, '-')), '; '
        ORDER BY source) FROM coexsync.payload LEFT JOIN coexsync.reject USING (account_id, sha256)")"
check 'its own database, without --from-dbname' "$coexsync" ingest --from-query \
    "SELECT '$(value OWN)' AS body, count(*) FROM coexsync.payload"
for command in ingest diff inspect; do
    check "$command: nothing to fetch is no mistake" "$coexsync" $command --from-query "SELECT 'x' WHERE false"
done
exits 'too large' 65 'query:1' "$coexsync" ingest --max-payload 1 --from-query "SELECT '{\"a\":\"' || repeat('x', 1100000) || '\"}'"
same 'it has the code' too_large "$(sql "SELECT code FROM coexsync.reject WHERE code = 'too_large'")"

# mistakes in the query
exits 'no SQL' 64 'syntax error at or near "SELEC"' "$coexsync" ingest --from-query 'SELEC 1'
exits 'no such table' 64 '"nope" does not exist' "$coexsync" ingest --from-query 'SELECT * FROM nope'
exits 'two statements' 64 'from-query' "$coexsync" ingest --from-query 'SELECT 1; DROP TABLE coexsync.message'
exits 'a query that writes' 64 'from-query' "$coexsync" ingest --from-query 'DELETE FROM coexsync.message RETURNING body'
exits 'a function that writes' 64 'read-only' "$coexsync" ingest --from-query "SELECT set_config('a.b', setval(pg_get_serial_sequence('coexsync.account', 'account_id'), 9)::text, true)"
exits 'no column is left' 64 'no column is left' "$coexsync" ingest --from-query 'SELECT 1 AS id'
exits 'a column of numbers' 64 'cannot hold a document' "$coexsync" ingest --from-query 'SELECT 1 AS payload'
exits 'a value in the words of the server' 64 'SQLSTATE 22P02' "$coexsync" ingest \
    --from-query "SELECT (source || '15550000002')::integer::text FROM coexsync.payload"
same 'it is not told' '' "$(grep -l 15550000002 "$work/stderr")"
exits 'a database that is down' 69 'from-query' "$coexsync" ingest --from-query 'SELECT 1' --from-dbname host=/nowhere
"$coexsync" ingest --from-query "SELECT 'x' FROM pg_sleep(60)" >"$work/stdout" 2>"$work/stderr" &
pid=$!
becomes $pid "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
kill -INT $pid
ends 'a signal ends the wait for a row: in time' 10 $pid
same 'a signal ends the wait for a row' 130 "$code"
check 'and says so' grep -q 'stopped' "$work/stderr"
finish
