#!/usr/bin/env bash
# Ingest against the floor, in one run: a plain binary COPY of the same rows into the same tables.
# Prints the ratio of the rates and the peak memory; `make bench MESSAGES=100000 RUNS=3`.
. "$(dirname "$0")/../scenario/common.sh"
. "$root/tests/bench/lib.sh"
messages=${MESSAGES:-100000} runs=${RUNS:-3}
tables='message message_version message_event contact_event profile_name identity_link
identity_change media_asset chunk payload payload_raw reject'

"$tools/mkpayloads" --seed 1 --messages "$messages" --threads 200 --days 180 --out "$work/in"

fresh bench
"$coexsync" ingest "$work/in" >/dev/null
mkdir -m 777 "$work/rows"
for t in $tables; do
    sql "\\copy (SELECT * FROM coexsync.$t ORDER BY 1, 2) TO '$work/rows/$t' (FORMAT binary)"
done

: >"$work/floor" && : >"$work/ours" && : >"$work/noraw" && : >"$work/peak"
for _ in $(seq "$runs"); do
    fresh bench
    for t in $tables; do
        [ "$t" = payload_raw ] || echo "\\copy coexsync.$t FROM '$work/rows/$t' (FORMAT binary)"
    done >"$work/floor.sql"
    "$tools/measure" psql -qX --single-transaction -f "$work/floor.sql" 2>"$work/m"
    field wall_ms "$work/m" >>"$work/floor"
    fresh bench
    "$tools/measure" "$coexsync" ingest "$work/in" >/dev/null 2>"$work/m"
    field wall_ms "$work/m" >>"$work/ours"
    field peak_kib "$work/m" >>"$work/peak"
    fresh bench
    "$tools/measure" "$coexsync" ingest --no-raw "$work/in" >/dev/null 2>"$work/m"
    field wall_ms "$work/m" >>"$work/noraw"
done
floor=$(median <"$work/floor") ours=$(median <"$work/ours") noraw=$(median <"$work/noraw")
printf 'messages %s, runs %s, medians\n' "$messages" "$runs"
printf 'floor: COPY of the rows          %8s ms\n' "$floor"
printf 'ingest --no-raw                  %8s ms  %s x floor\n' "$noraw" "$(awk "BEGIN {printf \"%.2f\", $noraw / $floor}")"
printf 'ingest, ledger and raw payloads  %8s ms  %s x floor\n' "$ours" "$(awk "BEGIN {printf \"%.2f\", $ours / $floor}")"
printf 'peak memory of the client        %8s MiB\n' "$(($(sort -n "$work/peak" | tail -n 1) / 1024))"
