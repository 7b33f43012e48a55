#!/usr/bin/env bash
# coexsync media (lookup, download, hash, disk, row) against `curl --parallel`, which makes the same
# two requests a file, by URLs that it is given, and `sync -f` at the end; FILES=10000 SIZE=51200
# RUNS=5. The same API, the same number of requests at once, one after the other in each round.
. "$(dirname "$0")/../scenario/common.sh"
. "$root/tests/tools/fakegraph.sh"
. "$root/tests/bench/lib.sh"
files=${FILES:-10000} size=${SIZE:-51200} runs=${RUNS:-5} parallel=16
graph_start --size "$size"
rm -f "$graph_log" # nothing is logged while time is taken
mapfile -t ids < <(seq -f 'b%.0f' "$files")
"$tools/fakegraph" --size "$size" announce "${ids[@]}" >"$work/announced.json"

curl_list() { # the config of one curl
    printf 'header = "Authorization: Bearer %s"\nsilent\n' "$COEXSYNC_TOKEN"
    for id in "${ids[@]}"; do
        printf 'url = "%s/%s"\noutput = "/dev/null"\n' "$graph" "$id"
        printf 'url = "http://127.0.0.1:%s/whatsapp_business/attachments/?mid=%s&ext=1"\noutput = "%s/curl/%s"\n' \
            "$graph_port" "$id" "$work" "$id"
    done
}
curl_list >"$work/curl.config"
now_ms() { echo $(($(date +%s%N) / 1000000)); }

: >"$work/curl.ms" && : >"$work/media.ms" && : >"$work/peak"
for run in $(seq "$runs"); do
    rm -rf "${work:?}/curl" "${work:?}/media" && mkdir "$work/curl"
    start=$(now_ms)
    curl --parallel --parallel-max $parallel -K "$work/curl.config" 2>/dev/null || exit 1
    sync -f "$work/curl"
    echo $(($(now_ms) - start)) >>"$work/curl.ms"
    fresh bench
    env -u COEXSYNC_TOKEN "$coexsync" ingest "$work/announced.json" --onboarded-at="$now" >/dev/null
    start=$(now_ms)
    "$tools/measure" "$coexsync" media --graph-url "$graph" --media-dir "$work/media" --rate 0 \
        --parallel $parallel >"$work/out" 2>"$work/err" || { cat "$work/out"; exit 1; }
    echo $(($(now_ms) - start)) >>"$work/media.ms"
    sed -n 's/.*peak_kib \([0-9]*\).*/\1/p' "$work/err" >>"$work/peak"
    [ "$(find "$work/media" -type f | wc -l)" -eq "$files" ] || { echo "run $run: files are missing" >&2; exit 1; }
done
floor=$(median <"$work/curl.ms") ours=$(median <"$work/media.ms")
printf 'files %s of %s bytes, runs %s, medians\n' "$files" "$size" "$runs"
printf 'curl --parallel, then sync -f      %8s ms\n' "$floor"
printf 'coexsync media                     %8s ms  %s x\n' "$ours" "$(ratio "$ours" "$floor")"
printf 'its peak memory                    %8s KiB\n' "$(median <"$work/peak")"
