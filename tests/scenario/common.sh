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

# same NAME WANT GOT: ok if both texts are equal.
same() {
    if [ "$2" = "$3" ]; then
        echo "ok $1"
    else
        echo "not ok $1"
        printf '    want: %s\n    got:  %s\n' "$2" "$3" | head -n 20
        failures=$((failures + 1))
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
