#!/usr/bin/env bash
# Threads, under ThreadSanitizer: imports of all kinds, a replay and the fetch of files, also while
# they are asked how far they are, cut off and stopped. COEXSYNC: a program of FLAVOUR=tsan. What it
# links is not instrumented, and needs no suppressions: of that only the locks are seen.
# shellcheck disable=SC2317  # what is done meanwhile is called by its name
export TEST_TMP=${TEST_TMP:-/tmp} CLUSTER_OPTIONS='-c fsync=off -c full_page_writes=off'
. "$(dirname "$0")/../scenario/common.sh"
. "$root/tests/tools/fakegraph.sh"
export TSAN_OPTIONS="log_path=$work/race exitcode=0"
T=--onboarded-at=2026-03-01T09:00:00Z

"$tools/mkpayloads" --seed 5 --messages 8000 --threads 60 --days 180 --out "$work/large" >/dev/null
"$tools/mkpayloads" --seed 6 --messages 2000 --threads 60 --days 180 --one-message-payloads --out "$work/small" >/dev/null
"$tools/reshuffle" "$work/large" "$work/lines" --seed 5 --duplicate --split --ndjson >/dev/null
tar -czf "$work/large.tar.gz" -C "$work" large

# judge NAME CODE GOT: ended as it should, and no race was met
judge() {
    same "$1" "$2" "$3"
    for report in "$work"/race.*; do
        [ -e "$report" ] || continue
        echo "not ok $1: no race"
        sed 's/^/    /' "$report"
        rm "$report"
        failures=$((failures + 1))
    done
}
# runs NAME CODE COMMAND...
runs() {
    "${@:3}" >"$work/log" 2>&1
    judge "$1" "$2" $?
}
# meanwhile NAME CODE ACT COMMAND...: what it does while ACT is done, once there are rows
meanwhile() {
    "${@:4}" >"$work/log" 2>&1 &
    pid=$!
    until [ "$(sql 'SELECT count(*) > 0 FROM coexsync.message')" = t ] || ! kill -0 $pid 2>/dev/null; do sleep 0.05; done
    $3
    wait $pid
    judge "$1" "$2" $?
}
ask() {
    for ((i = 0; i < 10; i++)); do kill -USR1 "$pid" 2>/dev/null && sleep 0.1; done
}
stop() {
    kill -INT "$pid"
}
cut_off() {
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'coexsync'" >/dev/null
}
hold() {
    sql 'BEGIN; LOCK TABLE coexsync.message IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(60)' >/dev/null 2>&1 &
    holder=$!
    sleep 1
    stop
}

for jobs in 1 2 4; do
    fresh races
    meanwhile "asked, $jobs writers" 0 ask "$coexsync" ingest "$work/large" $T --jobs "$jobs" --batch-rows 500 \
        --progress=json --metrics-file "$work/page"
    runs "all is known, $jobs writers" 0 "$coexsync" ingest "$work/large.tar.gz" --jobs "$jobs"
    runs "other payloads of the same messages, $jobs writers" 0 sh -c "cat '$work'/lines/* | '$coexsync' ingest - --jobs $jobs"
done
runs 'again, and again at last' 0 "$coexsync" replay --all --batch-rows 500
runs 'made anew' 0 "$coexsync" replay --rebuild
runs 'tried' 0 "$coexsync" diff "$work/small"
runs 'out of a query' 0 "$coexsync" ingest --from-query \
    "SELECT name AS id, pg_read_file('$work/large/' || name) AS payload FROM pg_ls_dir('$work/large') AS name"

fresh races
runs 'small payloads, without their bytes' 0 "$coexsync" ingest "$work/small" --no-raw --batch-rows 500
runs 'and with them, side by side' 0 sh -c "'$coexsync' ingest '$work/small' --batch-rows 500 &
    '$coexsync' ingest '$work/small' '$work/large' --batch-rows 500 --jobs 4 && wait \$!"

fresh races
meanwhile 'cut off' 0 cut_off "$coexsync" ingest "$work/large" --batch-rows 500
fresh races
meanwhile 'stopped' 130 stop "$coexsync" ingest "$work/large" --batch-rows 500
fresh races
meanwhile 'stopped while it waits' 130 hold "$coexsync" ingest "$work/large" --batch-rows 500
kill "$holder"

fresh races
runs 'the files of a delivery' 0 "$tools/fakegraph" -- "$coexsync" run "$root/fixtures/activation" $T \
    --as-of=2026-03-02T09:00:00Z --graph-url='{graph}' --media-dir="$work/media" --rate=0 -o "$work/a.tar.gz"
finish
