#!/usr/bin/env bash
# A message that somebody else changes while a merge waits: what he did stays,
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

# stands PID CONDITION: until a session s that is so waits for the holder
# shellcheck disable=SC2317
stands() {
    becomes "$1" "$waiting AND $2"
}

fresh moved
given messages w.1 w.2 | "$coexsync" ingest - >/dev/null
# Somebody holds the first row, so that the merge, its plan made, waits for that one; meanwhile the
# second changes.
mkfifo "$work/gate"
{ echo "BEGIN; SELECT FROM coexsync.message WHERE wamid = 'w.1' FOR UPDATE;"; cat "$work/gate"; echo 'COMMIT;'; } |
    PGAPPNAME=holder psql -qX >/dev/null &
holder=$!
exec 3>"$work/gate"
becomes $holder "$is_open AND query LIKE '%FOR UPDATE%'"
given history w.1 w.2 | "$coexsync" ingest - >"$work/log" 3>&- &
check 'the merge waits for the row' stands $! "s.query LIKE '%merge rule of messages%'"
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

# Somebody else writes a payload between the question to the ledger and the writing: its rows, or its
# ledger row alone. It is known then, and counted so; nothing is written twice. (Without raw bytes, whose
# key would tell, too.)
for also_message in true false; do
    fresh meanwhile
    given messages w.0 | "$coexsync" ingest - >/dev/null
    given messages w.1 >"$work/payload.json"
    "$coexsync" ingest --no-raw "$work/payload.json" >/dev/null
    sql "CREATE TABLE kept_message AS SELECT * FROM coexsync.message WHERE wamid = 'w.1' AND $also_message;
        CREATE TABLE kept_payload AS SELECT * FROM coexsync.payload ORDER BY source LIKE '%payload.json' DESC LIMIT 1;
        DELETE FROM coexsync.message WHERE wamid = 'w.1';
        DELETE FROM coexsync.payload WHERE sha256 IN (SELECT sha256 FROM kept_payload)"
    rm "$work/gate" && mkfifo "$work/gate"
    {
        echo 'BEGIN; SELECT pg_advisory_xact_lock(1668244856, account_id) FROM coexsync.account;
            INSERT INTO coexsync.message TABLE kept_message; INSERT INTO coexsync.payload TABLE kept_payload;'
        cat "$work/gate"
        echo 'COMMIT;'
    } | PGAPPNAME=holder psql -qX >/dev/null &
    holder=$!
    exec 3>"$work/gate"
    becomes $holder "$is_open AND query LIKE '%kept_payload%'"
    "$coexsync" ingest -v --no-raw "$work/payload.json" >"$work/out" 2>"$work/err" 3>&- &
    check 'the writer waits for the lock' stands $! "s.query LIKE '%advisory%'"
    exec 3>&-
    wait
    check 'the ledger told it' grep -q 'sent again (23505)' "$work/err"
    check 'it is known' grep -q '1 known' "$work/out"
    same 'messages as before' "$([ $also_message = true ] && echo 2 || echo 1)" "$(sql 'SELECT count(*) FROM coexsync.message')"
    same 'one ledger row a payload' '2|2' "$(sql "SELECT count(*), sum((counts->>'inserted')::int) FROM coexsync.payload")"
done
finish
