#!/usr/bin/env bash
# INT and TERM, whatever the program waits for: the words, the exit code, within five seconds, and
# no server of its own left behind.
. "$(dirname "$0")/common.sh"
"$tools/mkpayloads" --seed 3 --messages 60000 --threads 60 --days 180 --out "$work/many" >/dev/null

lock() { hold "LOCK TABLE coexsync.$1 IN ACCESS EXCLUSIVE MODE"; }
# stopped NAME SIGNAL SECONDS WHEN COMMAND...: ends as promised when the signal comes behind WHEN PID
stopped() {
    local name=$1 signal=$2 seconds=$3 when=$4 pid
    shift 4
    "$@" >"$work/stdout" 2>"$work/stderr" &
    pid=$!
    $when $pid
    kill "-$signal" $pid
    ends "$name: in time" "$seconds" $pid
    same "$name: exit code" $((signal + 128)) "$code"
    check "$name: says how to go on" grep -q 'the same command goes on' "$work/stderr"
}

fresh signals
lock payload
stopped 'the reader waits for a lock' 15 10 waits "$coexsync" ingest "$work/many"
release
same 'the run is noted' 143 "$(sql 'SELECT exit_code FROM coexsync.run')"
lock payload
"$coexsync" ingest "$work/many" >"$work/stdout" 2>"$work/stderr" &
pid=$!
waits $pid
kill -INT $pid
# the first one is dealt with when the second one is no longer caught
while (($(awk '/^SigCgt/ {print "0x" $2}' "/proc/$pid/status") & 1 << 14)); do :; done
kill -TERM $pid
ends 'a second signal: at once' 2 $pid
same 'a second signal of the other kind ends it' 143 "$code"
release
same 'and nothing is noted' '' "$(sql 'SELECT exit_code FROM coexsync.run ORDER BY started_at DESC LIMIT 1')"
lock account
stopped 'an account is locked' 2 10 waits "$coexsync" ingest "$work/many"
release
check 'the same command goes on' "$coexsync" ingest "$work/many" --onboarded-at=2026-03-01T09:00:00Z
check 'data without findings' "$coexsync" check --data

# a server that does not answer at all: its process for the command is stopped
frozen() { # NAME COMMAND...
    local name=$1 pid backend
    shift
    "$@" >"$work/stdout" 2>"$work/stderr" &
    pid=$!
    waits $pid
    backend=$(sql "${waiting/count(\*) > 0/min(s.pid)}")
    kill -STOP "$backend"
    kill -TERM $pid
    ends "$name, a frozen server: in time" 10 $pid
    same "$name, a frozen server: exit code" 143 "$code"
    kill -CONT "$backend"
}
lock message
frozen 'a report' "$coexsync" report
release
lock payload
frozen 'an import' "$coexsync" ingest "$work/many"
release

# nobody lets it in again: the server itself is stopped, and its processes for the import are gone
(
    unset PGTEST_HOST
    cluster_start || exit 1
    fresh signals
    "$coexsync" ingest "$work/many" /dev/zero --batch-rows 500 >"$work/stdout" 2>"$work/stderr" &
    pid=$!
    becomes $pid 'SELECT count(*) > 1000 FROM coexsync.message'
    server=$(head -n 1 "$PGHOST/data/postmaster.pid")
    backends=$(sql "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE application_name = 'coexsync'")
    kill -STOP "$server"
    # shellcheck disable=SC2086
    kill -TERM $backends
    sleep 1
    kill -INT $pid
    ends 'connecting to a frozen server: in time' 10 $pid
    same 'connecting to a frozen server: exit code' 130 "$code"
    kill -CONT "$server"
    exit $failures
) || failures=$((failures + 1))

for command in report digest 'check --data' "export -o $work/a.tar"; do
    lock message
    # shellcheck disable=SC2086
    stopped "${command%% *} waits for a lock" 15 2 waits "$coexsync" $command
    release
done
# shellcheck disable=SC2317
writes() { until [ -n "$(find "$work" -maxdepth 1 -name '.coexsync-*')" ] || ! kill -0 "$1" 2>/dev/null; do :; done; }
stopped 'an export of some size' 15 2 writes "$coexsync" export -o "$work/a.tar.gz"
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
