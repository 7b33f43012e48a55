#!/usr/bin/env bash
# Reading the view messages in full, and one conversation; `make bench-views MESSAGES=1000000`. For
# each million messages 20,000 twins, 70,000 replies, 50,000 events (views.sql).
. "$(dirname "$0")/../scenario/common.sh"
. "$root/tests/bench/lib.sh"
messages=${MESSAGES:-1000000} runs=${RUNS:-3}

# timed SQL: ms of one statement, its rows read by the client and thrown away
timed() {
    local start
    start=$(date +%s%N)
    PGOPTIONS='-c jit=off' psql -qXAt -v ON_ERROR_STOP=1 -c "$1" >/dev/null || exit 1
    echo $((($(date +%s%N) - start) / 1000000))
}

# conversations N: ms to plan and read two of them in one session; the first loads the catalog too
conversations() {
    local number query="EXPLAIN (ANALYZE, TIMING OFF, SUMMARY) SELECT * FROM coexsync.conversation_messages"
    for number in 1555200$1 1555200$(($1 + 10)); do
        echo "$query(1, '$number');"
    done | PGOPTIONS='-c jit=off' psql -qXAt -v ON_ERROR_STOP=1 |
        awk -F: '/^Planning Time/ {ms = $2} /^Execution Time/ {printf "%.1f\n", ms + $2}'
}

fresh views
psql -qX -v ON_ERROR_STOP=1 -v messages="$messages" -f "$root/tests/bench/views.sql" || exit 1
sql 'VACUUM ANALYZE coexsync.message'
: >"$work/table" && : >"$work/executed" && : >"$work/view" && : >"$work/one" && : >"$work/first"
for run in $(seq "$runs"); do
    timed 'COPY coexsync.message TO STDOUT' >>"$work/table"
    PGOPTIONS='-c jit=off' sql 'EXPLAIN (ANALYZE, TIMING OFF) SELECT * FROM coexsync.messages' |
        sed -nE 's/^Execution Time: ([0-9]+).*/\1/p' >>"$work/executed"
    timed 'COPY (SELECT * FROM coexsync.messages) TO STDOUT' >>"$work/view"
    conversations $((1000 + run * 50)) >"$work/ms"
    head -n 1 "$work/ms" >>"$work/first" && tail -n 1 "$work/ms" >>"$work/one"
done
printf 'messages %s, runs %s, medians\n' "$messages" "$runs"
printf 'COPY of the table message      %8s ms\n' "$(median <"$work/table")"
printf 'view messages, executed        %8s ms  %s x the COPY\n' "$(median <"$work/executed")" \
    "$(ratio "$(median <"$work/executed")" "$(median <"$work/table")")"
printf 'view messages, COPY to client  %8s ms  %s x\n' "$(median <"$work/view")" \
    "$(ratio "$(median <"$work/view")" "$(median <"$work/table")")"
printf 'one conversation (%s rows)    %8s ms, first of a session %s ms\n' \
    "$(sql "SELECT count(*) FROM coexsync.conversation_messages(1, '15552001050')")" "$(median <"$work/one")" \
    "$(median <"$work/first")"
