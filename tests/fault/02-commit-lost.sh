#!/usr/bin/env bash
# The connection is cut between COMMIT and its answer, 50 times: nothing lost, nothing twice.
. "$(dirname "$0")/../scenario/common.sh"
"$tools/mkpayloads" --seed 5 --messages 3000 --threads 30 --days 180 --out "$work/set" >/dev/null
"$tools/reshuffle" "$work/set" "$work/in" --seed 1 --split --ndjson

fresh whole
"$coexsync" ingest "$work/in" >/dev/null
want=$(total)

# cut_run NAME MODE: ingests through the proxy until it has cut often enough
cut_run() {
    local cuts=0 upstream=$PGHOST
    mkdir -p "$work/proxy"
    "$tools/cutproxy" "$work/proxy" "$upstream" "$2" 2 --count "$work/cuts" &
    local proxy=$!
    while [ ! -S "$work/proxy/.s.PGSQL.5432" ]; do sleep 0.05; done
    fresh cut
    PGHOST=$work/proxy "$coexsync" ingest "$work/in" --batch-rows 30 --jobs 1 >"$work/log" 2>&1
    same "$1: exits 0" 0 $?
    kill $proxy
    wait $proxy 2>/dev/null
    cuts=$(cat "$work/cuts")
    rm -rf "$work/proxy" "$work/cuts"
    check "$1: at least 50 cuts ($cuts)" test "$cuts" -ge 50
    same "$1: the same digest" "$want" "$(total)"
    same "$1: every message counted once" "$(sql 'SELECT count(*) FROM coexsync.message')" \
        "$(sql "SELECT sum((counts->>'inserted')::int) FROM coexsync.payload")"
    check "$1: data without findings" "$coexsync" check --data
}
cut_run 'answer lost' --cut-after-commit
cut_run 'commit lost' --cut-before-commit
finish
