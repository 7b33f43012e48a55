#!/usr/bin/env bash
# kill -9 at 20 random moments of an import, then the same command again: the same digest.
. "$(dirname "$0")/../scenario/common.sh"
RANDOM=${SEED:-4711}
"$tools/mkpayloads" --seed 3 --messages 10000 --threads 60 --days 180 --out "$work/in" >/dev/null

ms() {
    echo $(($(date +%s%N) / 1000000))
}

fresh kill
start=$(ms)
"$coexsync" ingest "$work/in" --batch-rows 200 >/dev/null
took_ms=$(($(ms) - start))
want=$(total)

failed=
killed=0
for round in $(seq 1 20); do
    fresh kill
    "$coexsync" ingest "$work/in" --batch-rows 200 >/dev/null 2>&1 &
    pid=$!
    start=$(ms)
    sleep "$(awk -v r="$RANDOM" -v t="$took_ms" 'BEGIN {printf "%.3f", r / 32768 * t / 1000}')"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    if [ $? -eq 137 ]; then
        killed=$((killed + 1))
    elif [ $(($(ms) - start)) -lt "$took_ms" ]; then
        took_ms=$(($(ms) - start)) # the machine was slower when it was measured
    fi
    "$coexsync" ingest "$work/in" --batch-rows 200 >"$work/log" 2>&1 || failed="$failed $round(exit)"
    [ "$(total)" = "$want" ] || failed="$failed $round(digest)"
    "$coexsync" check --data >"$work/log" 2>&1 || failed="$failed $round(check)"
done
same 'the same digest after 20 kills' '' "$failed"
check "the kills hit ($killed of 20)" test "$killed" -ge 10
finish
