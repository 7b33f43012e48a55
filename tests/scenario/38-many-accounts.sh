#!/usr/bin/env bash
# A database of many accounts, for years: who imports for one neither waits for what concerns another nor
# reads it.
# shellcheck disable=SC2317  # check calls the functions
unset PGTEST_HOST # autovacuum would count rows and transactions, too
export CLUSTER_OPTIONS='-c autovacuum=off -c fsync=off'
. "$(dirname "$0")/common.sh"
fixture=$root/fixtures/activation
T=--onboarded-at=2026-03-01T09:00:00Z

# ---- what the planner is told ----------------------------------------------------------------------
# held TABLE COMMAND...: while somebody vacuums the table, which may take hours
held() {
    local table=$1
    shift
    hold "LOCK TABLE coexsync.$table IN SHARE UPDATE EXCLUSIVE MODE"
    timeout 60 "$@"
    local code=$?
    release
    return "$code"
}
counted() { sql "SELECT reltuples > 0 FROM pg_class WHERE oid = 'coexsync.$1'::regclass"; }
fresh counting
check 'nobody waits for a vacuum' held message "$coexsync" run "$fixture" $T
same 'what is vacuumed is not counted' f "$(counted message)"
same 'all else is' t "$(counted chunk)"
check 'again' "$coexsync" run "$fixture" $T
same 'now it is counted' t "$(counted message)"
# others: 60,000 messages, 11 MB
sql "INSERT INTO coexsync.account (account_id, name) VALUES (50, 'other');
    INSERT INTO coexsync.message SELECT 50, 'wamid.' || i, 'KEY' || i, '15550000001', 'inbound', now(), 'text', repeat('x', 100), NULL,
        NULL, NULL, NULL, NULL, 1, 1, 1, 1, 1, 0 FROM generate_series(1, 60000) AS i"
counts() { sql "UPDATE pg_class SET reltuples = 4711 WHERE oid = 'coexsync.message'::regclass" &&
    "$coexsync" run "$fixture" $T >/dev/null && sql "SELECT reltuples <> 4711 FROM pg_class WHERE oid = 'coexsync.message'::regclass"; }
same 'a table that has grown is counted' t "$(counts)"
same 'a large one that has not is left alone' f "$(counts)"

# ---- what run is about -----------------------------------------------------------------------------
payload() { # PHONE_NUMBER_ID WAMID
    printf '{"metadata":{"display_phone_number":"1%s","phone_number_id":"%s"},"messages":[{"from":"15550000002","id":"wamid.%s","timestamp":"1767225600","type":"text","text":{"body":"x"}}]}\n' "$1" "$1" "$2"
}
reported() { "$coexsync" run "$@" | sed -nE 's/^ *account +([0-9]+).*/\1/p' | tr '\n' ' '; }
fresh several
for n in 111 222 333; do payload "$n" "of$n" >"$work/$n.json"; done
"$coexsync" ingest "$work/111.json" "$work/222.json" >/dev/null
same 'a new account is reported, and no other' '333 ' "$(reported "$work/333.json")"
same 'again' '333 ' "$(reported "$work/333.json")"
same 'two of three, one of them known' '111 333 ' "$(payload 111 more >"$work/more.json"; reported "$work/more.json" "$work/333.json")"
same 'the one that is named' '222 ' "$(reported "$work/111.json" --account 222 2>/dev/null)"
payload 123456123 sample >"$work/sample.json"
check 'of a sample nothing' sh -c "'$coexsync' run '$work/sample.json' | grep -q '^no account: nothing was imported'"
cat "$work/111.json" "$work/222.json" >"$work/two.ndjson"
exits 'two of three are of no page' 64 'what was given is of 2 accounts' "$coexsync" run "$work/two.ndjson" --html "$work/two.html"
same 'report is of all' '111 222 333 ' "$("$coexsync" report --json | sed -nE 's/.*"account": *"([^"]*)".*/\1/p' | tr '\n' ' ')"

# ---- a capture of many customers -------------------------------------------------------------------
# messages of 300 accounts, each twice and not side by side, are one transaction a page, not one an account
fresh capture
for round in a b; do
    for n in $(seq 1001 1300); do
        printf '{"metadata":{"phone_number_id":"%s"},"history":[{"metadata":{"phase":0,"chunk_order":1,"progress":100},"threads":[{"id":"1555","messages":[{"from":"1555","id":"wamid.%s","timestamp":"1767225600","type":"text","text":{"body":"x"}}]}]}]}\n' "$n" "$round$n"
    done
done >"$work/capture.ndjson"
check 'a capture of 300 accounts' "$coexsync" ingest "$work/capture.ndjson"
same 'each has its two' '300 600' "$(sql 'SELECT count(DISTINCT account_id), count(*) FROM coexsync.message' | tr '|' ' ')"
commits() { sql "SELECT pg_stat_clear_snapshot()" >/dev/null; sql "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"; }
sleep 1.2 # what sessions have done is told a second later
before=$(commits)
check 'given again under a T' "$coexsync" ingest "$work/capture.ndjson" --onboarded-at=2026-01-02T00:00:00Z
same 'all are linked' 600 "$(sql 'SELECT count(*) FROM coexsync.activation_payload')"
becomes $$ "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'coexsync'"
sleep 1.2
check 'in few transactions' test $(($(commits) - before)) -lt 60
check 'data without findings' "$coexsync" check --data

# ---- a list of many lines --------------------------------------------------------------------------
fresh lists
"$coexsync" ingest "$work/111.json" >/dev/null
sql "INSERT INTO coexsync.media_asset (account_id, wamid, media_id) SELECT account_id, 'wamid.' || i, i::text
    FROM generate_series(1, 200000) AS i, (SELECT min(account_id) AS account_id FROM coexsync.message) AS a"
"$tools/measure" "$coexsync" media --list --account 111 >"$work/list" 2>"$work/measured"
same 'a line each' 200000 "$(grep -c 'wamid\.[0-9]' "$work/list")"
check 'takes no memory for each' test "$(sed -nE 's/.*peak_kib ([0-9]+) .*/\1/p' "$work/measured")" -lt 30000
finish
