#!/usr/bin/env bash
# The CPU of client and server together for one delivery in the order in which it was made, and for
# the same payloads shuffled; `make bench-order MESSAGES=100000 RUNS=5`.
. "$(dirname "$0")/../scenario/common.sh"
. "$root/tests/bench/lib.sh"
messages=${MESSAGES:-100000} runs=${RUNS:-5}

"$tools/mkpayloads" --seed 1 --messages "$messages" --threads 200 --days 180 --in-order --out "$work/ordered" >/dev/null

# cpu_of FOLDER: of one import into an empty database
cpu_of() {
    local before
    fresh bench
    sql CHECKPOINT
    before=$(server_cpu_ms)
    "$tools/measure" "$coexsync" ingest "$1" >/dev/null 2>"$work/m"
    sleep 0.2 # until the backends are gone
    echo $(($(server_cpu_ms) - before + $(field user_ms "$work/m") + $(field system_ms "$work/m")))
}

: >"$work/one" && : >"$work/other"
for seed in $(seq "$runs"); do
    rm -rf "$work/shuffled"
    "$tools/reshuffle" "$work/ordered" "$work/shuffled" --seed "$seed" >/dev/null
    cpu_of "$work/ordered" >>"$work/one"
    want=$(total)
    cpu_of "$work/shuffled" >>"$work/other"
    [ "$(total)" = "$want" ] || { echo 'the digests differ' >&2; exit 1; }
done
ordered=$(median <"$work/one") shuffled=$(median <"$work/other")
printf 'messages %s, runs %s, medians of the CPU of client and server\n' "$messages" "$runs"
printf 'in order   %8s ms\n' "$ordered"
printf 'shuffled   %8s ms  %s x\n' "$shuffled" "$(ratio "$shuffled" "$ordered")"
