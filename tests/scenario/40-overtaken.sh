#!/usr/bin/env bash
# A payload that is in the ledger when its batch comes, though it was not when the reader asked: two
# imports at once, or one of its accounts alone. Each knows something of it that the other does not, and
# the ledger says in the end what both know, whichever writes it first.
. "$(dirname "$0")/common.sh"

value() { # WAMID PHONE_NUMBER_ID
    printf '{"metadata":{"phone_number_id":"%s"},"messages":[{"from":"15550000002","id":"wamid.%s","timestamp":"1767225600","type":"text","text":{"body":"x"}}]}' \
        "$2" "$1"
}
capture() { # RECEIVED_AT DOCUMENT: one line
    printf '{"received_at":"%s","body":"%s"}\n' "$1" "${2//\"/\\\"}"
}
value B 109 >"$work/before"
capture 2026-06-01T00:00:00Z "$(value A 109)" >"$work/early"
capture 2026-06-02T00:00:00Z "$(value A 109)" >"$work/late"
# Of each account that has what was captured: when it was received, and whether its bytes are there.
ledger() {
    sql "SELECT string_agg(concat_ws(' ', a.name, p.received_at AT TIME ZONE 'UTC', (SELECT count(*)
            FROM coexsync.payload_raw AS r
            WHERE r.account_id = p.account_id AND r.sha256 = coexsync.raw_sha256(p))), '; ' ORDER BY a.name)
        FROM coexsync.payload AS p JOIN coexsync.account AS a USING (account_id)
        WHERE p.received_at IS NOT NULL"
}

# at_once DATABASE ONE OTHER: both have asked the ledger before one of them writes. Which does it first
# is left to the server.
at_once() {
    local one other
    fresh "$1"
    "$coexsync" ingest "$work/before" >/dev/null
    hold 'SELECT pg_advisory_xact_lock(1668244856, account_id) FROM coexsync.account'
    $2 >"$work/one" 2>&1 &
    one=$!
    $3 >"$work/other" 2>&1 &
    other=$!
    becomes $one "SELECT count(*) = 2 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    release
    wait $one
    same "$1: one" 0 $?
    wait $other
    same "$1: the other" 0 $?
    same "$1: to one of them it was new" 'payloads 1: 0 new, 1 known, 0 unusable
payloads 1: 1 new, 0 known, 0 unusable' "$(grep -h ^payloads "$work/one" "$work/other" | sort)"
    same "$1: the ledger" '109 2026-06-01 00:00:00 1' "$(ledger)"
    check "$1: data without findings" "$coexsync" check --data
}
# whoever comes second has something to add: the earlier time, or the bytes
at_once different "$coexsync ingest --no-raw $work/early" "$coexsync ingest $work/late"
at_once equal "$coexsync ingest $work/early" "$coexsync ingest $work/early"
same 'what adds nothing is not decoded again' 1 "$(cat "$work/one" "$work/other" | grep -c 'messages seen 0')"

# Who has asked the ledger waits for its T, and the other for the row of the account, up to 30 seconds.
fresh second
"$coexsync" ingest "$work/before" >/dev/null
hold 'LOCK TABLE coexsync.activation'
"$coexsync" ingest --onboarded-at=2026-01-02T00:00:00Z "$work/early" >"$work/other" 2>&1 &
other=$!
waits $other
"$coexsync" ingest --no-raw "$work/late" >"$work/one" 2>&1
release
wait $other
same 'to who comes second it is known' 'payloads 1: 0 new, 1 known, 0 unusable' "$(grep ^payloads "$work/other")"
same 'and it adds the earlier time and the bytes' '109 2026-06-01 00:00:00 1' "$(ledger)"

# ---- one of the accounts that it names had it already

two="{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":[
    {\"field\":\"messages\",\"value\":$(value C 109)},{\"field\":\"messages\",\"value\":$(value D 110)}]}]}"
two=${two//$'\n'/ }
capture 2026-06-01T00:00:00Z "$two" >"$work/early"
signed=sha256=$(printf '%064d' 0)
capture 2026-06-02T00:00:00Z "$two" | sed "s/{/{\"headers\":{\"X-Hub-Signature-256\":\"$signed\"},/" >"$work/late"
fresh halves
"$coexsync" ingest --account 109 --no-raw "$work/late" >/dev/null
same 'one account has it' '109 2026-06-02 00:00:00 0' "$(ledger)"
check 'the other comes' "$coexsync" ingest "$work/early"
same 'it is counted once' 'payloads 1: 1 new, 0 known, 0 unusable' "$(grep ^payloads "$work/check.log")"
same 'and so is each of its messages' 'messages seen 2 = 1 inserted + 0 enriched + 1 duplicate + 0 conflicting + 0 rejected + 0 excluded' \
    "$(grep ^messages "$work/check.log")"
same 'each knows what was given to it' '109 2026-06-01 00:00:00 1; 110 2026-06-01 00:00:00 1' "$(ledger)"
same 'the signature was given to one' "109 unchecked $signed; 110 absent" \
    "$(sql "SELECT string_agg(concat_ws(' ', a.name, p.signature, p.signature_header), '; ' ORDER BY a.name)
        FROM coexsync.payload AS p JOIN coexsync.account AS a USING (account_id)")"
check 'data without findings' "$coexsync" check --data

# ---- two imports that say of one event in whose conversation it was, and nothing else that differs

revoked() { # TO
    printf '{"metadata":{"display_phone_number":"15550000001","phone_number_id":"109"},"message_echoes":[{"from":"15550000001","to":"%s","id":"wamid.R","timestamp":"1767225600","type":"revoke","revoke":{"original_message_id":"wamid.X"}}]}' "$1"
}
# Of one time, so the greatest hash wins; from the least to it.
mapfile -t by_hash < <(for to in 15550000002 15550000003 15550000004; do
    printf '["wamid.X", "revoke", null, "15550000001", null, "%s"]' $to | sha256sum | sed "s/ .*/ $to/"
done | sort | cut -d' ' -f2)
# told DATABASE FIRST SECOND: both wait for the row of the event, the first before the second.
told() {
    local first second
    fresh "$1"
    revoked "${by_hash[0]}" >"$work/known"
    "$coexsync" ingest "$work/known" >/dev/null
    revoked "$2" >"$work/first"
    revoked "$3" >"$work/second"
    hold 'SELECT FROM coexsync.message_event FOR UPDATE'
    "$coexsync" ingest "$work/first" >/dev/null 2>&1 &
    first=$!
    waits $first
    "$coexsync" ingest "$work/second" >/dev/null 2>&1 &
    second=$!
    becomes $second "SELECT count(*) = 2 FROM pg_locks WHERE NOT granted"
    release
    wait $first $second
    same "$1: the greatest hash wins" "${by_hash[2]}" "$(sql 'SELECT thread_id FROM coexsync.message_event')"
}
told upwards "${by_hash[1]}" "${by_hash[2]}"
told downwards "${by_hash[2]}" "${by_hash[1]}"

# ---- refused, while somebody else takes it in

(umask 077 && echo 'made-up secret' >"$work/secret")
refuse() { "$coexsync" ingest --app-secret-file "$work/secret" --require-signature "$@" >>"$work/log" 2>&1; }
kinds() { sql "SELECT string_agg(kind, ' '), (SELECT count(*) FROM coexsync.message), (SELECT count(*) FROM coexsync.reject)
    FROM coexsync.payload WHERE source NOT LIKE '%before'"; }
fresh refused_first
"$coexsync" ingest "$work/before" >/dev/null
value A 109 >"$work/plain"
for day in 1 2; do capture 2026-06-0${day}T00:00:00Z "$(value A 109)" >"$work/day$day"; done
hold 'LOCK TABLE coexsync.message IN SHARE MODE'
"$coexsync" ingest --no-raw "$work/plain" >"$work/one" 2>&1 &
one=$!
waits $one
refuse "$work/plain"
release
wait $one
same 'refused before it is written: exits 0' 0 $?
same 'it is in' 'messages|2|0' "$(kinds)"
check 'data without findings' "$coexsync" check --data

fresh refused_last
"$coexsync" ingest "$work/before" >/dev/null
refuse "$work/day2"
hold "SELECT FROM coexsync.payload WHERE kind = 'unusable' FOR UPDATE"
"$coexsync" ingest "$work/plain" >"$work/one" 2>&1 &
one=$!
waits $one
refuse "$work/day1" &
other=$!
becomes $other "SELECT count(*) = 2 FROM pg_locks WHERE NOT granted"
release
wait $one
same 'refused again after it is written: the one exits 0' 0 $?
wait $other
same 'the other, too' 0 $?
same 'it stays' 'messages|2|0' "$(kinds)"
same 'and has the earlier time' '109 2026-06-01 00:00:00 1' "$(ledger)"
check 'data without findings' "$coexsync" check --data

# The attempt that finds it taken in fails for the payload behind it, and another one is made.
fresh refused_twice
"$coexsync" ingest "$work/before" >/dev/null
refuse "$work/plain"
value E 109 >"$work/behind"
hold "SELECT FROM coexsync.payload WHERE kind = 'unusable' FOR UPDATE"
"$coexsync" ingest "$work/plain" "$work/behind" >"$work/one" 2>&1 &
one=$!
waits $one
refuse "$work/day1" "$work/behind" &
other=$!
becomes $other "SELECT count(*) = 2 FROM pg_locks WHERE NOT granted"
release
wait $one $other
same 'both are in' 'messages messages|3|0' "$(kinds)"
same 'the earlier time, though it was tried twice' '109 2026-06-01 00:00:00 1' "$(ledger)"

# Of two accounts that know different things of it: one has it, and the other is given it meanwhile.
fresh refused_of_one
echo "$two" >"$work/two"
"$coexsync" ingest --account 110 "$work/two" >/dev/null
refuse --account 109 "$work/two"
hold "SELECT FROM coexsync.payload WHERE kind = 'unusable' FOR UPDATE"
"$coexsync" ingest --account 109 "$work/two" >"$work/one" 2>&1 &
one=$!
waits $one
"$coexsync" ingest --app-secret-file "$work/secret" --require-signature "$work/early" >"$work/other" 2>&1 &
other=$!
becomes $other "SELECT count(*) = 2 FROM pg_locks WHERE NOT granted"
release
wait $one $other
same 'both have the time' '109 2026-06-01 00:00:00 1; 110 2026-06-01 00:00:00 1' "$(ledger)"
same 'it is counted once' 'payloads 1: 0 new, 1 known, 0 unusable' "$(grep ^payloads "$work/other")"
check 'data without findings' "$coexsync" check --data

# ---- a wrong T that is taken back while payloads are given under it

T=2026-01-02T00:00:00Z
cat >"$work/chunk" <<'END'
{"metadata":{"phone_number_id":"109"},"history":[{"metadata":{"phase":0,"chunk_order":1,"progress":100},"threads":[{"id":"15550000002","messages":[{"from":"15550000002","id":"wamid.H","timestamp":"1767225600","type":"text","text":{"body":"x"}}]}]}]}
END
drop() { "$coexsync" activation drop $T >"$work/one" 2>&1; }
give() { "$coexsync" ingest --onboarded-at=$T "$work/chunk" >"$work/other" 2>&1; }
links() { sql 'SELECT (SELECT count(*) FROM coexsync.activation), (SELECT count(*) FROM coexsync.activation_payload)'; }
ended() { # NAME ACTIVATIONS|LINKS: of $one and $other
    wait $one
    same "$1: dropped" 0 $?
    wait $other
    same "$1: taken in" 0 $?
    same "$1: activations and links" "$2" "$(links)"
    check "$1: data without findings" "$coexsync" check --data
}

fresh dropped_behind
hold 'LOCK TABLE coexsync.message IN SHARE MODE'
give &
other=$!
waits $other
drop &
one=$!
check 'who drops waits for the batch' becomes $one 'SELECT count(*) = 2 FROM pg_locks WHERE NOT granted'
release
ended 'behind the batch' '0|0'

# dropped_before NAME: what was made of T for the run is gone when its batch comes, or its link
dropped_before() {
    hold 'SELECT pg_advisory_xact_lock(1668244856, account_id) FROM coexsync.account'
    drop &
    one=$!
    waits $one
    waiting_before=$((1 - $?)) # or it has ended already
    give &
    other=$!
    becomes $other "SELECT count(*) = $waiting_before + 1 FROM pg_locks WHERE NOT granted"
    release
    ended "$1" '1|1'
}
fresh dropped_before
"$coexsync" ingest "$work/before" >/dev/null
dropped_before 'before the batch'
"$coexsync" activation drop $T >/dev/null
dropped_before 'before what is known is linked'
finish
