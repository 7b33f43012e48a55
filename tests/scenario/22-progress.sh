#!/usr/bin/env bash
# An operator is told how far it is: on a terminal, in a pipe, by JSON, by metrics, when asked by
# SIGUSR1; and what went wrong, as JSON that is JSON whatever a file is called.
. "$(dirname "$0")/common.sh"
"$tools/mkpayloads" --seed 3 --messages 30000 --threads 60 --days 180 --out "$work/many" >/dev/null

# psql with several commands
sql() {
    psql -qXAt -v ON_ERROR_STOP=1 -c "$@"
}
# are_json FILE: is each line of it one JSON object? By the server, for it is there anyway.
are_json() { # shellcheck disable=SC2317
    [ -s "$1" ] && sql "CREATE TEMP TABLE line (o json)" -c "\\copy line FROM '$1' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')" \
        -c "SELECT 1 / (count(*) FILTER (WHERE json_typeof(o) <> 'object') = 0)::int FROM line"
}
# of FILE JSONPATH...: what is at these places of the objects, a line an object
of() {
    local file=$1 columns=''
    shift
    for name in "$@"; do columns="$columns || ' ' || coalesce(o ->> '$name', 'null')"; done
    sql "CREATE TEMP TABLE line (n int GENERATED ALWAYS AS IDENTITY, o json)" \
        -c "\\copy line (o) FROM '$file' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')" \
        -c "SELECT ltrim(''$columns) FROM line ORDER BY n"
}
# is_page FILE: a page of Prometheus' text format, by its rules: each metric has HELP and TYPE once,
# before its samples, which stand together; names, labels and numbers are well formed; no sample
# comes twice; it ends in a line feed.
is_page() {
    [ -s "$1" ] && [ "$(tail -c 1 "$1" | od -An -tx1 | tr -d ' ')" = 0a ] && awk '
        function bad(what) { print FILENAME ":" FNR ": " what ": " $0; failed = 1 }
        /^# HELP / { if ($3 in help) bad("HELP twice"); if (NF < 4) bad("no words"); help[$3] = 1; at = $3; next }
        /^# TYPE / {
            if ($3 in type || $3 != at) bad("TYPE twice or elsewhere")
            if ($4 !~ /^(counter|gauge|histogram|summary|untyped)$/ || NF != 4) bad("no type")
            if ($4 == "counter" && $3 !~ /_total$/) bad("a counter without _total")
            if ($4 != "counter" && $3 ~ /_total$/) bad("_total of no counter")
            type[$3] = $4; next
        }
        /^#/ || /^$/ { bad("neither sample nor HELP nor TYPE"); next }
        {
            if ($0 !~ /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_][a-zA-Z0-9_]*="[^"\\]*"(,[a-zA-Z_][a-zA-Z0-9_]*="[^"\\]*")*\})? -?[0-9]+(\.[0-9]+)?$/) bad("no sample")
            name = $0; sub(/[{ ].*/, "", name)
            if (name != at || !(name in type)) bad("apart from its TYPE")
            series = $0; sub(/ [^ ]*$/, "", series)
            if (series in seen) bad("twice")
            seen[series] = 1
        }
        END { exit failed || NR == 0 }' "$1"
}
# metric NAME: its value
metric() {
    awk -v name="$1" '$1 == name {print $2}' "$work/run.prom"
}
# eventually COMMAND...: within a minute
eventually() {
    local i
    for ((i = 0; i < 600; i++)); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    return 1
}

# is WANT QUERY: does the query say so?
is() { # shellcheck disable=SC2317
    [ "$(sql "$2")" = "$1" ]
}

# ---- a terminal
# on_terminal COLUMNS OPTION...: what an import writes to one, in $work/screen
on_terminal() {
    local columns=$1
    shift
    fresh terminal
    TERM=xterm script -qec "stty cols $columns; exec '$coexsync' ingest --batch-rows 4000 $* '$work/many'" \
        /dev/null </dev/null >"$work/screen"
}
for columns in 40 80 132; do
    on_terminal "$columns"
    # each drawing begins with a carriage return and erases what was there
    tr '\r' '\n' <"$work/screen" | sed -n 's/^\x1b\[K//p' >"$work/drawn"
    check "$columns columns: a bar is drawn" grep -qE '[0-9]+%.* messages' "$work/drawn"
    same "$columns columns: it fits" 0 "$(grep -v '^payloads' "$work/drawn" | awk -v c="$columns" 'length($0) >= c' | wc -l)"
    same "$columns columns: it is cleared before the result" "payloads $(find "$work/many" -type f | wc -l)" \
        "$(grep -aoE $'\x1b\\[Kpayloads [0-9]+' "$work/screen" | tr -d '\033' | sed 's/^\[K//')"
    same "$columns columns: nothing is drawn behind it" 0 "$(sed '1,/messages seen/d' "$work/screen" | grep -c $'\x1b')"
done
# at most five times a second
from=$(date +%s%N)
on_terminal 80
check 'it is redrawn five times a second at most' test "$(grep -ao $'\x1b' "$work/screen" | wc -l)" -le \
    $((($(date +%s%N) - from) / 200000000 + 2))
for option in -q --progress=none; do
    on_terminal 80 "$option"
    same "$option: nothing is drawn" 0 "$(grep -ac $'\x1b' "$work/screen")"
done
fresh terminal
TERM=dumb script -qec "'$coexsync' ingest '$work/many'" /dev/null </dev/null >"$work/screen"
same 'nor on a terminal that cannot' 0 "$(grep -ac $'\x1b' "$work/screen")"

# ---- a pipe, and JSON
fresh pipe
"$coexsync" ingest "$work/many" >/dev/null 2>"$work/stderr"
same 'a short import into a pipe says nothing' '' "$(cat "$work/stderr")"
fresh json
"$coexsync" ingest "$work/many" --batch-rows 4000 --progress=json -q >/dev/null 2>"$work/progress"
check 'each line is JSON' are_json "$work/progress"
bytes=$(find "$work/many" -type f -printf '%s\n' | awk '{s += $1} END {print s}')
same 'the end is told once' "end $(sql 'SELECT run_id FROM coexsync.run') $(find "$work/many" -type f | wc -l) $(
    sql "SELECT counts ->> 'seen' FROM coexsync.run") $bytes $bytes null 0" \
    "$(of "$work/progress" event run_id payloads messages bytes_read bytes_total seconds_left exit_code | grep ^end)"
fresh slow
mkfifo "$work/slow"
"$coexsync" ingest - --progress=json -q <"$work/slow" >/dev/null 2>"$work/progress" &
pid=$!
exec 7>"$work/slow"
find "$work/many" -type f | sort | head -n 3 | xargs cat >&7
there "$work/progress" $pid
exec 7>&-
wait $pid
check 'and the way there' test "$(of "$work/progress" event exit_code | grep -c '^progress null')" -ge 1
exits 'another word' 64 'auto, json or none' "$coexsync" ingest --progress=loud "$work/many"
"$coexsync" ingest --progress=json "$work/nowhere" 2>&1 >/dev/null | head -n 1 >"$work/progress"
same 'the end of what never began' 'end null 66' "$(of "$work/progress" event run_id exit_code)"

# ---- asked, whatever it waits for
mkfifo "$work/pipe"
# asked NAME WANT: USR1 to $pid; a line like WANT comes at once
asked() {
    : >"$work/stderr"
    kill -USR1 "$pid"
    check "$1" eventually grep -qE "$2" "$work/stderr"
}
fresh asked
first=$(find "$work/many" -type f | sort | head -n 1)
for option in --progress=none --log-format=json; do
    want='^coexsync: reading, run [0-9a-f]{8}: 0 payloads, 0 messages, 0 B read, 0 messages/s$'
    [ "$option" = --progress=none ] || want='^\{"time":"[^"]*","event":"progress","run_id":"[0-9a-f-]{36}","phase":"reading","payloads":0,'
    "$coexsync" ingest -q "$option" - <"$work/pipe" >/dev/null 2>>"$work/stderr" &
    pid=$!
    exec 7>"$work/pipe"
    eventually is 1 'SELECT count(*) FROM coexsync.run WHERE ended_at IS NULL'
    asked "$option: it waits for standard input" "$want"
    cat "$first" >&7
    asked "$option: and goes on waiting" "${want%%:*}"
    exec 7>&-
    wait "$pid"
    same "$option: the question did no harm" 0 $?
done
same 'and all is in' 1 "$(sql 'SELECT count(*) FROM coexsync.payload')"
hold 'LOCK TABLE coexsync.account IN ACCESS EXCLUSIVE MODE'
"$coexsync" ingest "$work/many" >/dev/null 2>>"$work/stderr" &
pid=$!
waits "$pid"
# again, until it has read so far
asks() { # shellcheck disable=SC2317
    kill -USR1 "$pid" && sleep 0.1 && grep -qE "$1" "$work/stderr"
}
check 'it waits for a lock' eventually asks '^coexsync: (reading|writing), run [0-9a-f]{8}: .* MB read'
release
wait "$pid"
same 'and does its work' 0 $?

# who waits for its writers is alive, whatever they wait for
fresh waiting
hold 'LOCK TABLE coexsync.message IN EXCLUSIVE MODE'
"$coexsync" ingest "$work/many" --batch-rows 100 >/dev/null 2>>"$work/stderr" &
pid=$!
check 'a heartbeat while the writers wait' \
    eventually is t "SELECT heartbeat_at > started_at + interval '4 seconds' FROM coexsync.run"
release
wait "$pid"
same 'and it does its work' 0 $?

# ---- metrics
fresh metrics
check 'an import with metrics' "$coexsync" ingest "$work/many" --metrics-file "$work/run.prom"
check 'the page is one' is_page "$work/run.prom"
if command -v promtool >/dev/null; then
    check 'promtool says so, too' promtool check metrics <"$work/run.prom"
else
    echo 'skip promtool: it comes with all of Prometheus, 96 MB; the rules above stand in'
fi
same 'it is over, and well' '0 0' "$(metric coexsync_run_in_progress) $(metric coexsync_run_exit_code)"
same 'its figures' "$(sql "SELECT counts ->> 'inserted', counts ->> 'duplicate' FROM coexsync.run")" \
    "$(metric 'coexsync_run_messages{outcome="inserted"}')|$(metric 'coexsync_run_messages{outcome="duplicate"}')"
same 'others may read it' 644 "$(stat -c %a "$work/run.prom")"
success=$(metric coexsync_last_success_timestamp_seconds)
check 'it has just succeeded' test $(($(date +%s) - success)) -le 60
exits 'one that fails' 66 'nowhere' "$coexsync" ingest "$work/nowhere" --metrics-file "$work/run.prom"
same 'says so and keeps the last success' "66 $success" \
    "$(metric coexsync_run_exit_code) $(metric coexsync_last_success_timestamp_seconds)"
exits 'where it cannot be' 73 'metrics-file: cannot create' "$coexsync" ingest "$work/many" --metrics-file "$work/nowhere/x.prom"
mkfifo "$work/pipe.prom"
exits 'a pipe holds up nobody' 73 'metrics-file: .*not a file' timeout 20 "$coexsync" ingest "$work/many" --metrics-file "$work/pipe.prom"
exits 'not of a dry run' 64 'metrics-file' "$coexsync" diff "$work/many" --metrics-file "$work/run.prom"

# whoever reads, and whenever it is killed: a whole page
"$coexsync" replay --all --batch-rows 500 --metrics-file "$work/run.prom" >/dev/null 2>&1 &
pid=$!
(while kill -0 $pid 2>/dev/null; do is_page "$work/run.prom" || echo torn; done) >"$work/torn" 2>&1
wait "$pid"
same 'read all the while' '' "$(cat "$work/torn")"
for after in 0.02 0.1 0.5 1; do
    fresh killed
    "$coexsync" ingest "$work/many" --batch-rows 500 --metrics-file "$work/run.prom" >/dev/null 2>&1 &
    pid=$!
    sleep "$after"
    kill -KILL $pid
    wait $pid 2>/dev/null
    check "killed after $after s" is_page "$work/run.prom"
done
# it is surely not over: it waits for its input
fresh killed
mkfifo "$work/never"
rm "$work/run.prom"
"$coexsync" ingest - --metrics-file "$work/run.prom" <"$work/never" >/dev/null 2>&1 &
pid=$!
exec 8>"$work/never"
there "$work/run.prom" $pid
kill -KILL $pid
exec 8>&-
wait $pid 2>/dev/null
same 'it has not ended' '1 ' "$(metric coexsync_run_in_progress) $(metric coexsync_run_exit_code)"
check 'and the same command goes on' "$coexsync" ingest "$work/many" --metrics-file "$work/run.prom"
same 'over' "0 killed $(sql 'SELECT run_id FROM coexsync.run ORDER BY started_at DESC LIMIT 1')" \
    "$(metric coexsync_run_in_progress) killed $(grep -oE 'run_id="[^"]*' "$work/run.prom" | cut -d'"' -f2)"

# ---- the log as JSON
odd=$work/'a "b" \c'$'\n\t\033[2J\x7f\xff.json'
printf '{"not ours": 1}' >"$odd"
fresh log
"$coexsync" ingest --log-format=json -v "$odd" "$first" --progress=json >/dev/null 2>"$work/log"
same 'a file of an odd name is rejected' 3 $?
check 'each line is JSON' are_json "$work/log"
same 'from the beginning of the run on each line names it' "$(sql 'SELECT run_id FROM coexsync.run')" \
    "$(of "$work/log" run_id | grep -v '^null$' | sort -u)"
same 'the sources are named' 'warning' "$(of "$work/log" level message | grep -F 'a "b" \c' | cut -d' ' -f1)"
"$coexsync" ingest --log-format=json "$odd$odd" 2>"$work/log"
check 'so is an error' are_json "$work/log"
same 'with its level' error "$(of "$work/log" level)"
"$coexsync" --bogus --log-format=json 2>"$work/log"
check 'and a mistake before that word' are_json "$work/log"
same 'with its hint' 'coexsync help shows them' "$(of "$work/log" hint)"
exits 'another format' 64 'text or json' "$coexsync" status --log-format=xml
"$coexsync" ingest -v "$first" >/dev/null 2>"$work/log"
check 'with -v each line of a run names it' grep -q "^coexsync\\[$(sql 'SELECT left(run_id::text, 8) FROM coexsync.run ORDER BY started_at DESC LIMIT 1')\\]: run " "$work/log"
finish
