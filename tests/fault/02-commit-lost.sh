#!/usr/bin/env bash
# The connection is cut between COMMIT and its answer, 50 times: nothing lost, nothing twice.
. "$(dirname "$0")/../scenario/common.sh"
"$tools/mkpayloads" --seed 5 --messages 700 --threads 30 --days 180 --out "$work/set" >/dev/null
"$tools/reshuffle" "$work/set" "$work/in" --seed 1 --split --ndjson

fresh whole
"$coexsync" ingest "$work/in" >/dev/null
want=$(total)

# through NAME MODE NTH COMMAND...: does it through the proxy, which cuts every NTH commit
through() {
    local name=$1 mode=$2 nth=$3 proxy cuts upstream=$PGHOST
    shift 3
    mkdir -p "$work/proxy"
    "$tools/cutproxy" "$work/proxy" "$upstream" "$mode" "$nth" --count "$work/cuts" &
    proxy=$!
    until [ -S "$work/proxy/.s.PGSQL.5432" ] || ! kill -0 $proxy; do sleep 0.05; done
    PGHOST=$work/proxy "$@" >"$work/log" 2>&1
    same "$name: exits 0" 0 $?
    kill $proxy
    wait $proxy 2>/dev/null
    cuts=$(cat "$work/cuts")
    rm -rf "$work/proxy" "$work/cuts"
    check "$name: at least 50 cuts ($cuts)" test "$cuts" -ge 50
}
ledger() { sql "TABLE coexsync.payload ORDER BY account_id, sha256"; }
# cut_run NAME MODE NTH: an import, and all of it decoded again
cut_run() {
    local before
    fresh cut
    through "$1" "$2" "$3" "$coexsync" ingest "$work/in" --batch-rows 30 --jobs 1
    same "$1: the same digest" "$want" "$(total)"
    same "$1: every message counted once" "$(sql 'SELECT count(*) FROM coexsync.message')" \
        "$(sql "SELECT sum((counts->>'inserted')::int) FROM coexsync.payload")"
    check "$1: data without findings" "$coexsync" check --data
    before=$(ledger)
    sql 'UPDATE coexsync.payload SET decoder_version = 0'
    through "$1, replay" "$2" "$3" "$coexsync" replay --batch-rows 30 --jobs 1
    same "$1, replay: the same digest" "$want" "$(total)"
    same "$1, replay: the same ledger" "$before" "$(ledger)"
}
cut_run 'answer lost' --cut-after-commit 2
# what was cut is sent again, so every third is as many
cut_run 'commit lost' --cut-before-commit 3
finish
