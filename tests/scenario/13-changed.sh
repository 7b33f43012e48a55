#!/usr/bin/env bash
# A message that somebody else changes between the plan and the lock of a merge: what he did stays,
# and what the import knows comes in. And an account that has messages, given known and new ones.
. "$(dirname "$0")/common.sh"

# given STREAM ID...: a payload of text messages
given() {
    local field=$1 items
    shift
    items=$(printf ',{"from":"15550000002","id":"%s","timestamp":"1767225600","type":"text","text":{"body":"x"}}' "$@")
    local inside="\"messages\":[${items#,}]"
    [ "$field" = messages ] || inside="\"history\":[{\"metadata\":{\"phase\":0,\"chunk_order\":1,\"progress\":100},\"threads\":[{\"id\":\"15550000002\",$inside}]}]"
    printf '{"entry":[{"id":"209","changes":[{"field":"%s","value":{"metadata":{"display_phone_number":"15550000001","phone_number_id":"109"},%s}}]}]}\n' "$field" "$inside"
}

# wait_for COUNT QUERY: until the query gives that many, for 20 s
wait_for() {
    for _ in $(seq 200); do
        [ "$(sql "$2")" -ge "$1" ] && return 0
        sleep 0.1
    done
    return 1
}

fresh moved
given messages w.1 w.2 | "$coexsync" ingest - >/dev/null
# Somebody holds the first row, so that the merge, its plan made, waits for that one; meanwhile the
# second changes.
mkfifo "$work/gate"
{ echo "BEGIN; SELECT FROM coexsync.message WHERE wamid = 'w.1' FOR UPDATE;"; cat "$work/gate"; echo 'COMMIT;'; } |
    psql -qX >/dev/null &
exec 3>"$work/gate"
wait_for 1 "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%FOR UPDATE%'"
given history w.1 w.2 | "$coexsync" ingest - >"$work/log" 3>&- &
check 'the merge waits for the row' wait_for 1 \
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%has_changed%'"
sql "UPDATE coexsync.message SET status = 'played' WHERE wamid = 'w.2'"
exec 3>&-
wait
same 'both changes are there' 'w.1 9 -, w.2 9 played' \
    "$(sql "SELECT string_agg(format('%s %s %s', wamid, streams, coalesce(status::text, '-')), ', ' ORDER BY wamid) FROM coexsync.message")"
check 'data without findings' "$coexsync" check --data

# known ones in the first and in the last place of what is asked at once, and none
given messages w.0 w.1 w.15 w.2 w.3 | "$coexsync" ingest - >"$work/log"
same 'new ones among known ones' '3 new, 0 enriched, 2 duplicate' \
    "$(sql "SELECT format('%s new, %s enriched, %s duplicate', coalesce(counts->>'inserted', '0'),
        coalesce(counts->>'enriched', '0'), coalesce(counts->>'duplicate', '0'))
        FROM coexsync.payload ORDER BY (counts->>'seen')::int DESC LIMIT 1")"
same 'five messages' 5 "$(sql 'SELECT count(*) FROM coexsync.message')"
finish
