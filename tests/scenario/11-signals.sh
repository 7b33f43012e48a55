#!/usr/bin/env bash
# INT and TERM, whatever the program waits for: the words, the exit code, within five seconds, and
# no server of its own left behind.
. "$(dirname "$0")/common.sh"
"$tools/mkpayloads" --seed 3 --messages 60000 --threads 60 --days 180 --out "$work/many" >/dev/null

# hold TABLE: somebody else's lock, until release
hold() {
    psql -qXc "BEGIN; LOCK TABLE coexsync.$1 IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(60)" >/dev/null 2>&1 &
    holder=$!
    until [ "$(sql "SELECT count(*) FROM pg_locks WHERE relation = 'coexsync.$1'::regclass AND mode = 'AccessExclusiveLock' AND granted")" = 1 ]; do
        sleep 0.1
    done
}
release() {
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()" >/dev/null
    wait "$holder" 2>/dev/null
}
# stopped NAME SIGNAL SECONDS AFTER COMMAND...: ends as promised when the signal comes AFTER seconds
stopped() {
    local name=$1 signal=$2 seconds=$3 after=$4 pid from code
    shift 4
    "$@" >"$work/stdout" 2>"$work/stderr" &
    pid=$!
    sleep "$after"
    kill "-$signal" $pid
    from=$(date +%s%N)
    wait $pid
    code=$?
    same "$name: exit code" $((signal + 128)) "$code"
    check "$name: in time" test $(($(date +%s%N) - from)) -le $((seconds * 1000000000))
    check "$name: says how to go on" grep -q 'the same command goes on' "$work/stderr"
}

fresh signals
hold payload
stopped 'the reader waits for a lock' 15 5 1 "$coexsync" ingest "$work/many"
release
same 'the run is noted' 143 "$(sql 'SELECT exit_code FROM coexsync.run')"
hold payload
"$coexsync" ingest "$work/many" >"$work/stdout" 2>"$work/stderr" &
pid=$!
sleep 1
from=$(date +%s%N)
kill -INT $pid
sleep 0.2
kill -TERM $pid
wait $pid
same 'a second signal of the other kind ends it' 143 $?
check 'at once' test $(($(date +%s%N) - from)) -le 1500000000
release
hold account
stopped 'an account is locked' 2 5 1 "$coexsync" ingest "$work/many"
release
check 'the same command goes on' "$coexsync" ingest "$work/many" --onboarded-at=2026-03-01T09:00:00Z
check 'data without findings' "$coexsync" check --data

# a server that does not answer at all: its process for the command is stopped
frozen() { # NAME COMMAND...
    local name=$1 pid from backend
    shift
    "$@" >"$work/stdout" 2>"$work/stderr" &
    pid=$!
    until backend=$(sql "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' LIMIT 1") && [ -n "$backend" ]; do
        sleep 0.05
    done
    kill -STOP "$backend"
    kill -TERM $pid
    from=$(date +%s%N)
    wait $pid
    same "$name, a frozen server: exit code" 143 $?
    check "$name, a frozen server: in time" test $(($(date +%s%N) - from)) -le 5000000000
    kill -CONT "$backend"
}
hold message
frozen 'a report' "$coexsync" report
release
hold payload
frozen 'an import' "$coexsync" ingest "$work/many"
release

# nobody lets it in again: the server itself is stopped, and its processes for the import are gone
(
    unset PGTEST_HOST
    cluster_start || exit 1
    fresh signals
    "$coexsync" ingest "$work/many" --batch-rows 500 >"$work/stdout" 2>"$work/stderr" &
    pid=$!
    until [ "$(sql 'SELECT count(*) > 1000 FROM coexsync.message')" = t ] || ! kill -0 $pid; do sleep 0.05; done
    server=$(head -n 1 "$PGHOST/data/postmaster.pid")
    backends=$(sql "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE application_name = 'coexsync'")
    kill -STOP "$server"
    # shellcheck disable=SC2086
    kill -TERM $backends
    sleep 1
    from=$(date +%s%N)
    kill -INT $pid
    wait $pid
    same 'connecting to a frozen server: exit code' 130 $?
    check 'connecting to a frozen server: in time' test $(($(date +%s%N) - from)) -le 5000000000
    kill -CONT "$server"
    exit $failures
) || failures=$((failures + 1))

for command in report digest 'check --data' "export -o $work/a.tar"; do
    hold message
    # shellcheck disable=SC2086
    stopped "${command%% *} waits for a lock" 15 2 0.7 "$coexsync" $command
    release
done
stopped 'an export of some size' 15 2 0.7 "$coexsync" export -o "$work/a.tar.gz"
same 'leaves nothing behind' '' "$(find "$work" -maxdepth 1 -name '*.tar*' -o -maxdepth 1 -name '.coexsync*')"
check 'and can be given again' "$coexsync" export -o "$work/a.tar.gz"

# a server of its own is stopped
"$coexsync" run "$work/many" --embedded="$work/own" -o "$work/b.tar.gz" >"$work/stdout" 2>"$work/stderr" &
pid=$!
until grep -q '^messages seen' "$work/stdout" || ! kill -0 $pid 2>/dev/null; do sleep 0.05; done
kill -TERM $pid
wait $pid
same 'TERM behind the import' 143 $?
check 'says how to go on' grep -q 'the same command goes on' "$work/stderr"
own=$(find "$work/own" -name PG_VERSION 2>/dev/null | head -n 1)
check 'there was a server' test -n "$own"
same 'and it is stopped' '' "$(find "$work/own" -name postmaster.pid 2>/dev/null)"
finish
