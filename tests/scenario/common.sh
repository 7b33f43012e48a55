#!/usr/bin/env bash
# What every scenario uses. Sourced. Gives: $root, $coexsync, $work (removed at the end),
# a server (cluster_start) and the functions below. A scenario prints `ok NAME` or `not ok NAME`.
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
coexsync=${COEXSYNC:-$root/build/coexsync}
# shellcheck disable=SC2034
tools=$root/build/release/tools
# WRITERS=N: imports take that many where a scenario does not say how many
writers=${WRITERS:-}
work=$(mktemp -d "${TEST_TMP:-/tmp}/coexsync-scenario.XXXXXX")
chmod 755 "$work"
umask 022
# as root some of it is run as another user, who may not enter the folder that it was built in (/root)
if [ "$(id -u)" -eq 0 ] && ! setpriv --reuid=nobody --clear-groups test -x "$coexsync"; then
    install -m 755 "$coexsync" "$work/program"
    coexsync=$work/program
fi
if [ -n "$writers" ]; then
    cat >"$work/coexsync" <<END
#!/bin/sh
case \$1 in ingest | run) word=\$1 && shift && exec "$coexsync" "\$word" --jobs $writers "\$@" ;; esac
exec "$coexsync" "\$@"
END
    chmod +x "$work/coexsync"
    coexsync=$work/coexsync
fi
export TZ=UTC LC_ALL=C.UTF-8
# shellcheck source=tests/tools/cluster.sh
. "$root/tests/tools/cluster.sh"
cluster_start || exit 1
trap 'jobs -p | xargs -r kill 2>/dev/null; cluster_stop; rm -rf "$work"' EXIT

failures=0

# check NAME COMMAND...: ok if the command succeeds.
check() {
    local name=$1
    shift
    if "$@" >"$work/check.log" 2>&1; then
        echo "ok $name"
    else
        echo "not ok $name"
        sed 's/^/    /' "$work/check.log" | head -n 20
        failures=$((failures + 1))
    fi
}

# same NAME WANT GOT: ok if both texts are equal. STOP_AT_FIRST set: the first that are not end the scenario.
same() {
    if [ "$2" = "$3" ]; then
        echo "ok $1"
    else
        echo "not ok $1"
        printf '    want: %s\n' "$2" | head -n 10
        printf '    got:  %s\n' "$3" | head -n 10
        failures=$((failures + 1))
        [ -z "${STOP_AT_FIRST:-}" ] || finish
    fi
}

# exits NAME CODE PATTERN COMMAND...: the exit code, and words on stderr.
exits() {
    local name=$1 code=$2 pattern=$3 got
    shift 3
    "$@" >"$work/stdout" 2>"$work/stderr"
    got=$?
    if [ "$got" -eq "$code" ] && grep -qE -- "$pattern" "$work/stderr"; then
        echo "ok $name"
    else
        echo "not ok $name"
        echo "    exit $got, want $code; stderr without /$pattern/:"
        sed 's/^/    /' "$work/stderr" | head -n 10
        failures=$((failures + 1))
    fi
}

# A user id that has no name here.
nameless_id() {
    local id=54321
    while getent passwd $id >/dev/null; do id=$((id + 1)); done
    echo $id
}

# An empty database with the schema; exports PGDATABASE.
fresh() {
    cluster_database "$1"
    "$coexsync" migrate up >/dev/null
}

# every_row DATABASE: all rows of the schema, each behind the name of its table
every_row() {
    psql -qXAt -v ON_ERROR_STOP=1 -d "$1" <<'END'
SELECT format('SELECT %L, t FROM coexsync.%I AS t', relname, relname)
FROM pg_class WHERE relnamespace = 'coexsync'::regnamespace AND relkind = 'r' ORDER BY relname
\gexec
END
}

# The total of the digest.
total() {
    "$coexsync" digest | tail -n 1
}

# Compiling a view's joins over few rows takes longer than running them. A pooler takes no options.
sql_options='-c jit=off'
sql() {
    PGOPTIONS=$sql_options psql -qXAt -v ON_ERROR_STOP=1 -c "$1"
}

# hold SQL: somebody else's transaction, open behind these statements until release
patience='-c statement_timeout=0'
hold() {
    PGAPPNAME=holder PGOPTIONS=$patience psql -qXAtc "BEGIN READ WRITE; $1; SELECT pg_sleep(900)" >"$work/held" 2>&1 &
    holder=$!
    until [ "$(sql "SELECT count(*) > 0 FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'holder' AND wait_event = 'PgSleep'")" = t ]; do
        kill -0 $holder 2>/dev/null || { echo "not ok hold $1" && cat "$work/held"; exit 1; }
        sleep 0.05
    done
}
release() {
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'holder'" >/dev/null
    wait "$holder" 2>/dev/null
}

# becomes PID QUERY: until the query says t; false if the process has gone before
becomes() {
    until [ "$(sql "$2")" = t ]; do
        kill -0 "$1" 2>/dev/null || return 1
        sleep 0.05
    done
}
# Somebody waits for what a session of this name holds; an autovacuum worker may, too, and does not count.
waiting="SELECT count(*) > 0 FROM pg_stat_activity AS s JOIN pg_stat_activity AS h ON h.pid = ANY (pg_blocking_pids(s.pid))
    WHERE h.datname = current_database() AND h.application_name = 'holder' AND s.backend_type = 'client backend'"
# shellcheck disable=SC2034
is_open="SELECT count(*) > 0 FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'holder' AND state = 'idle in transaction'"
# waits PID: until it waits for the holder; begins PID: until its run is noted. False if it has gone.
waits() { becomes "$1" "$waiting"; }
begins() { becomes "$1" 'SELECT count(*) > 0 FROM coexsync.run WHERE ended_at IS NULL'; }
# there FILE PID: until there is something in the file; false if the process has gone before
there() {
    until [ -s "$1" ]; do
        kill -0 "$2" 2>/dev/null || return 1
        sleep 0.05
    done
}

# ends NAME SECONDS PID: no later than that; its exit code is $code. It is counted in naps, which last
# longer on a busy machine, as does all else.
ends() {
    local naps=0
    while [ $((naps += 1)) -le $(($2 * 10)) ] && kill -0 "$3" 2>/dev/null; do sleep 0.1; done
    check "$1" test $naps -le $(($2 * 10))
    [ $naps -le $(($2 * 10)) ] || kill -9 "$3" 2>/dev/null
    wait "$3" 2>/dev/null
    code=$?
}

# undocumented COMMAND: of the JSON on standard input the names that the man page has not there. What
# is counted for each table is named by the table.
undocumented() {
    sed 's/"rows":{[^}]*}/"rows":0/g' | grep -oE '"[a-z0-9_]+" ?:' | tr -d '" :' | LC_ALL=C sort -u >"$work/names"
    awk -v command="$1" '/^\.It Cm/ {is_on = $3 == command} is_on && sub(/^\.(Pq )?Li /, "")' "$root/docs/coexsync.1" |
        tr ' ' '\n' | LC_ALL=C sort -u | LC_ALL=C comm -23 "$work/names" -
}

finish() {
    [ "$failures" -eq 0 ]
    exit
}
