#!/usr/bin/env bash
# kill -9 at random moments of a download, then on to the end: every file right, none asked for again
# once it was stored, nothing left behind. KILLS=200 FILES=10000 for more.
. "$(dirname "$0")/../scenario/common.sh"
. "$root/tests/tools/fakegraph.sh"
RANDOM=${SEED:-4711}
kills=${KILLS:-15} files=${FILES:-600}
graph_start --size 5000
fresh kill_media
mapfile -t ids < <(seq -f 'k%.0f' "$files")
"$tools/fakegraph" --size 5000 announce "${ids[@]}" >"$work/announced.json"
env -u COEXSYNC_TOKEN "$coexsync" ingest "$work/announced.json" --onboarded-at="$now" >/dev/null

stored() {
    sql "SELECT media_id FROM coexsync.media_file WHERE outcome = 'downloaded'" | sort
}
asked_again='' killed=0
: >"$work/stored"
for round in $(seq 1 "$kills"); do
    : >"$graph_log"
    # by the rate the rounds divide half of the files among them, on a busy machine more
    "$coexsync" media --graph-url "$graph" --media-dir "$work/media" --rate 600 >"$work/log" 2>&1 &
    pid=$!
    # one in five anywhere, the others while files come
    if [ $((round % 5)) -ne 0 ]; then
        until [ -s "$graph_log" ] || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
    fi
    sleep "$(awk -v r="$RANDOM" -v t="$((files * 3 / kills))" 'BEGIN {printf "%.3f", r / 32768 * t / 1000}')"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    [ $? -eq 137 ] && killed=$((killed + 1))
    grep -oE '/k[0-9]+ ' "$graph_log" | tr -d '/ ' | sort -u >"$work/asked"
    asked_again="$asked_again$(comm -12 "$work/stored" "$work/asked" | tr '\n' ' ')"
    stored >"$work/stored"
    [ -z "$(missing_files)" ] || asked_again="$asked_again missing:$round"
done
check "the kills hit ($killed of $kills, $(wc -l <"$work/stored") of $files files were there)" test "$killed" -ge $((kills / 2))
same 'what is stored is not asked for again, and every row has its file' '' "$asked_again"
# files that got their name but no row before the kill are found on the folder
find "$work/media" -type f -path '*/[0-9a-f][0-9a-f]/*' | wc -l >"$work/named"
: >"$graph_log"
check 'then to the end' media
same 'all of them are here' "$files" "$(stored | wc -l)"
asked=$(grep -cE '/k[0-9]+ ' "$graph_log")
same 'no file that had its name was asked for' "$asked" $((files - $(cat "$work/named")))
same 'every file is what its name says, and nothing else is there' '' "$(wrong_files)"
same 'as many files as rows' "$files" "$(find "$work/media" -type f | wc -l)"
same 'rows have their files' '' "$(missing_files)"
: >"$graph_log"
check 'once more' media
same 'asks for nothing' 0 "$(wc -l <"$graph_log")"
finish
