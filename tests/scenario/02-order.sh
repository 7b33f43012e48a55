#!/usr/bin/env bash
# The same messages in any order, repeated, and split into one document a message: the same digest.
# 20 seeds, --batch-rows 50 and 32000, 1 and 3 writers.
. "$(dirname "$0")/common.sh"
"$tools/mkpayloads" --seed 7 --messages 1500 --threads 20 --days 180 --out "$work/in" >/dev/null

fresh ordered
"$coexsync" ingest "$work/in" >/dev/null
want=$(total)

failed=
for seed in $(seq 1 20); do
    out=$work/out$seed # of its own: where files were just removed, making new ones is slow
    flags=()
    [ $((seed % 2)) -eq 0 ] && flags+=(--duplicate)
    [ $((seed % 3)) -eq 0 ] && flags+=(--split)
    [ $((seed % 5)) -eq 0 ] && flags+=(--ndjson)
    rows=$((seed % 4 < 2 ? 50 : 32000)) jobs=$((seed % 2 == 0 ? 3 : 1))
    "$tools/reshuffle" "$work/in" "$out" --seed "$seed" "${flags[@]}"
    fresh ordered
    "$coexsync" ingest "$out" --batch-rows "$rows" --jobs "$jobs" >"$work/log" 2>&1 ||
        failed="$failed $seed(exit)"
    [ "$(total)" = "$want" ] || failed="$failed $seed(digest)"
    "$coexsync" check --data >"$work/log" 2>&1 || failed="$failed $seed(check)"
done
same 'the same digest with 20 seeds' '' "$failed"

# in pieces, over several runs, one of them with T
fresh ordered
"$tools/reshuffle" "$work/in" "$work/pieces" --seed 99 --split
for part in 0 1 2; do
    mkdir -p "$work/part$part"
done
find "$work/pieces" -type f | sort | awk -v w="$work" '{print $0, w "/part" NR % 3}' |
    while read -r file part; do echo "$file" >>"$part.list"; done
for part in 0 1 2; do xargs mv -t "$work/part$part" <"$work/part$part.list"; done
"$coexsync" ingest "$work/part1" >/dev/null
"$coexsync" ingest "$work/part0" --onboarded-at=2026-03-01T09:00:00Z >/dev/null
"$coexsync" ingest "$work/part2" >/dev/null
same 'the same digest over three runs' "$want" "$(total)"
finish
