#!/usr/bin/env bash
# A row that the server refuses goes to reject, and the rest of its payload and batch goes in.
. "$(dirname "$0")/common.sh"
fresh refused
body() { # ID CONTENT
    printf '{"metadata":{"display_phone_number":"15550000001","phone_number_id":"109"},"messages":[
{"from":"15550000002","id":"wamid.%s1","timestamp":"1767225600","type":"text","text":{"body":"a"}},
{"from":"15550000002","id":"wamid.%s2","timestamp":"1767225601","type":"order","order":%s},
{"from":"15550000002","id":"wamid.%s3","timestamp":"1767225602","type":"text","text":{"body":"c"}}]}\n' \
        "$1" "$1" "$2" "$1"
}
# more digits than PostgreSQL's numeric takes
huge=$(head -c 140000 /dev/zero | tr '\0' 7)
{
    body A '{"n":1}'
    body B "{\"n\":$huge}"
    body C '{"n":2}'
    body D "{\"n\":-$huge}"
    body E '{"n":1e200000}'
} >"$work/in.ndjson"
exits 'exits 3' 3 'in\.ndjson:' "$coexsync" ingest "$work/in.ndjson"
same 'all other messages are in' 13 "$(sql 'SELECT count(*) FROM coexsync.message')"
same 'the two are in reject' 'server_refused server_refused' \
    "$(sql "SELECT string_agg(code, ' ') FROM coexsync.reject")"
same 'they are named' 'wamid.B2 wamid.D2' \
    "$(sql "SELECT string_agg(substring(detail FROM '^wamid[^:]*'), ' ' ORDER BY detail) FROM coexsync.reject")"
same 'the ledger counts them' '15 = 13 + 2' "$(sql "SELECT sum((counts->>'seen')::int) || ' = '
    || sum((counts->>'inserted')::int) || ' + ' || sum((counts->>'rejected')::int) FROM coexsync.payload")"
check 'data without findings' "$coexsync" check --data
same 'a number of absurd size is kept as text, and counted' '1e200000 1' \
    "$(sql "SELECT content->>'n' FROM coexsync.message WHERE wamid = 'wamid.E2'") $(
        sql "SELECT sum((counts->>'text_repaired')::int) FROM coexsync.payload")"
exits 'again: known' 3 'in\.ndjson:' "$coexsync" ingest "$work/in.ndjson"

# a payload that says a refused key twice: each time counts
twice() {
    printf '{"metadata":{"phone_number_id":"109"},"messages":['
    printf '{"from":"15550000002","id":"wamid.T","timestamp":"1767225601","type":"order","order":{"n":%s}},' "$huge" "1$huge"
    printf '{"from":"15550000002","id":"wamid.U","timestamp":"1767225602","type":"text","text":{"body":"c"}}]}\n'
}
twice >"$work/twice.json"
exits 'twice in one payload' 3 'twice\.json' "$coexsync" ingest "$work/twice.json"
same 'two rejects' 2 "$(sql "SELECT count(*) FROM coexsync.reject WHERE detail LIKE 'wamid.T%'")"
same 'the rest is in' 1 "$(sql "SELECT count(*) FROM coexsync.message WHERE wamid = 'wamid.U'")"
check 'data without findings, too' "$coexsync" check --data
exits 'replayed' 3 'twice\.json' "$coexsync" replay --all
same 'the same two' 2 "$(sql "SELECT count(*) FROM coexsync.reject WHERE detail LIKE 'wamid.T%'")"
check 'and without findings' "$coexsync" check --data
finish
