#!/usr/bin/env bash
# Import against its floor (floor.c) and against what else people write (peers/), in turn, RUNS
# times: make bench MESSAGES=20000,100000 RUNS=3. With GROWTH=1 also into databases that hold
# millions of rows already. Prints tables (table.py) and writes build/bench.json.
. "$(dirname "$0")/../scenario/common.sh"
. "$root/tests/bench/lib.sh"
sizes=${MESSAGES:-100000} runs=${RUNS:-3} growth=${GROWTH:-}
peers=$root/tests/bench/peers
floor=$root/build/release/bench/floor
results=$work/results.tsv
tables='message message_version message_event contact_event profile_name identity_link
identity_change media_asset chunk payload reject'

# make_set NAME MESSAGES [OPTION...]: a folder of payloads; how many messages it holds in $count
make_set() {
    count=$("$tools/mkpayloads" --messages "$2" --threads 200 --days 180 "${@:3}" --out "$work/$1" |
        sed -E 's/.* messages=([0-9]+).*/\1/')
}

# export_rows SET: for the floor, what an import of it inserted, in that order
export_rows() {
    local table
    fresh bench
    "$coexsync" ingest "$work/$1" >/dev/null || exit 1
    mkdir "$work/$1.rows"
    for table in $tables; do
        psql -qX -c "\\copy (SELECT * FROM coexsync.$table ORDER BY ctid) TO '$work/$1.rows/$table' (FORMAT binary)"
    done
}

# from NAME: a database as a copy of one that was filled before
from() {
    PGDATABASE=postgres psql -qXc 'SET client_min_messages = error' -c 'DROP DATABASE IF EXISTS bench WITH (FORCE)' \
        -c "CREATE DATABASE bench TEMPLATE $1 STRATEGY file_copy"
    export PGDATABASE=bench
}

# timed NAME FLOOR GIVEN WANT COMMAND...: a line of the results. FLOOR: what it is compared with;
# GIVEN: how many messages the command is given; WANT: how many rows there must be then.
timed() {
    local name=$1 cpu wal rows
    sql CHECKPOINT
    wal=$(sql 'SELECT pg_current_wal_lsn()')
    cpu=$(server_cpu_ms)
    "$tools/measure" "${@:5}" >/dev/null 2>"$work/m" || { cat "$work/m" >&2; exit 1; }
    sleep 0.2 # until the backends are gone
    cpu=$(($(server_cpu_ms) - cpu))
    wal=$(sql "SELECT pg_current_wal_lsn() - '$wal'::pg_lsn")
    rows=$(sql "SELECT count(*) FROM ${table:-coexsync.message}")
    printf '%s\t' "$size" "$name" "$2" "$3" "$4" "$rows" "$(field wall_ms "$work/m")" \
        $(($(field user_ms "$work/m") + $(field system_ms "$work/m"))) "$cpu" "$(field peak_kib "$work/m")" >>"$results"
    printf '%s\n' "$wal" >>"$results"
}

# peer NAME SET GIVEN COMMAND...: the same into a plain table
peer() {
    local table=message
    cluster_database bench
    psql -qX -v ON_ERROR_STOP=1 -f "$peers/table.sql"
    timed "$1" floor "$3" "$3" "${@:4}" "$work/$2"
}

# ---- what there is ------------------------------------------------------------------------------

find_peers() {
    has_psycopg='' has_node=''
    if /usr/bin/python3 -c 'import psycopg' 2>/dev/null; then has_psycopg=1; else
        echo 'skipped: Python (no python3-psycopg)'
    fi
    mkdir -p "$root/build/bench"
    cp "$peers"/*.mjs "$root/build/bench/" # beside the packages that they import
    if [ ! -d "$root/build/bench/node_modules/pg" ] && command -v npm >/dev/null; then
        npm install --prefix "$root/build/bench" --no-save --no-audit --no-fund @duckdb/node-api@1.5.6-r.1 pg@8 \
            >"$work/npm.log" 2>&1
    fi
    if [ -d "$root/build/bench/node_modules/pg" ]; then has_node=1; else
        echo 'skipped: DuckDB, node-pg (no npm, or it cannot install)'
    fi
}

# Chunks of history; and a whole delivery, with files that follow, live traffic, contacts.
make_sets() {
    make_set chunks "$size" --seed 1 --chunks-only
    all=$count
    make_set single "$size" --seed 1 --chunks-only --one-message-payloads
    make_set more $((size / 100)) --seed 2 --chunks-only
    more=$count
    make_set web $((size < 100000 ? size / 5 : 20000)) --seed 1 --chunks-only # one by one takes long
    web=$count
    make_set delivery "$size" --seed 1
    delivery=$count
    # every other file; and the files with 2 % of the messages once more (1 % are repeated anyway)
    mkdir "$work/half"
    find "$work/chunks" -name '*[02468].json' -exec ln -t "$work/half" {} +
    /usr/bin/python3 "$root/tests/bench/repeat.py" "$work/chunks" "$work/again"
    export_rows chunks
    export_rows single
    export_rows delivery
}

# Once: a million messages of the same account; and five millions of five other accounts.
make_grown() {
    [ -z "${grown:-}" ] || return 0
    make_set old 1000000 --seed 3
    grown=$count
    fresh grown
    "$coexsync" ingest "$work/old" >/dev/null || exit 1
    rm -rf "$work/old"
    sql 'VACUUM ANALYZE'
    fresh others
    PGDATABASE=grown psql -qXc 'COPY coexsync.message TO STDOUT' >"$work/rows.copy"
    psql -qX -v ON_ERROR_STOP=1 -f - <<SQL
CREATE UNLOGGED TABLE old (LIKE coexsync.message);
\\copy old FROM '$work/rows.copy'
INSERT INTO coexsync.account (account_id, name) SELECT n, 'other ' || n FROM generate_series(101, 105) AS n;
ALTER TABLE old DROP COLUMN account_id; -- the first one
SQL
    rm "$work/rows.copy"
    for n in 101 102 103 104 105; do
        sql "INSERT INTO coexsync.message SELECT $n, old.* FROM old ORDER BY wamid"
    done
    sql 'DROP TABLE old'
    sql 'VACUUM ANALYZE'
}

# ---- the contenders -----------------------------------------------------------------------------

run_coexsync() {
    fresh bench
    timed floor floor "$all" "$all" "$floor" "$work/chunks.rows"
    fresh bench
    timed 'ingest' floor "$all" "$all" "$coexsync" ingest "$work/chunks"
    timed 'ingest again: all known' floor "$all" "$all" "$coexsync" ingest "$work/chunks"
    timed 'ingest again: 1 % new' floor $((all + more)) $((all + more)) "$coexsync" ingest "$work/chunks" "$work/more"
    fresh bench
    timed 'ingest --no-raw' floor "$all" "$all" "$coexsync" ingest --no-raw "$work/chunks"
    fresh bench
    "$coexsync" ingest "$work/half" >/dev/null
    timed 'ingest, half is there' floor "$all" "$all" "$coexsync" ingest "$work/chunks"
    fresh bench
    timed 'ingest, 3 % repeated' floor "$all" "$all" "$coexsync" ingest "$work/chunks" "$work/again"
    fresh bench
    timed 'floor, whole delivery' 'floor, whole delivery' "$delivery" "$delivery" "$floor" "$work/delivery.rows"
    fresh bench
    timed 'ingest, whole delivery' 'floor, whole delivery' "$delivery" "$delivery" "$coexsync" ingest "$work/delivery"
    fresh bench
    timed '… --no-raw' 'floor, whole delivery' "$delivery" "$delivery" "$coexsync" ingest --no-raw "$work/delivery"
    fresh bench
    timed 'floor, one message a payload' 'floor, one message a payload' "$all" "$all" "$floor" "$work/single.rows"
    fresh bench
    timed 'ingest, one message a payload' 'floor, one message a payload' "$all" "$all" "$coexsync" ingest "$work/single"
}

run_peers() {
    peer 'psql, jsonb, INSERT … SELECT' chunks "$all" "$peers/psql.sh"
    [ -z "$has_node" ] || peer 'DuckDB, CSV, COPY' chunks "$all" node "$root/build/bench/duckdb.mjs"
    [ -z "$has_psycopg" ] || peer 'Python psycopg, COPY' chunks "$all" /usr/bin/python3 "$peers/copy_rows.py"
    [ -z "$has_node" ] || peer 'node-pg, upsert a message' web "$web" node "$root/build/bench/rows.mjs" upsert
    [ -z "$has_node" ] || peer 'node-pg, find then create' web "$web" node "$root/build/bench/rows.mjs" find
}

run_grown() {
    from grown
    timed 'floor, 1M rows there' 'floor, 1M rows there' "$all" $((all + grown)) "$floor" "$work/chunks.rows"
    from grown
    timed 'ingest, 1M rows there' 'floor, 1M rows there' "$all" $((all + grown)) "$coexsync" ingest "$work/chunks"
    from others
    timed 'floor, 5M rows of others' 'floor, 5M rows of others' "$all" $((all + 5 * grown)) "$floor" "$work/chunks.rows"
    from others
    timed 'ingest, 5M rows of others' 'floor, 5M rows of others' "$all" $((all + 5 * grown)) "$coexsync" ingest "$work/chunks"
}

find_peers
for size in ${sizes//,/ }; do
    make_sets
    [ -z "$growth" ] || make_grown
    for run in $(seq "$runs"); do
        echo "bench: $size messages, run $run of $runs" >&2
        run_coexsync
        run_peers
        [ -z "$growth" ] || run_grown
    done
    rm -rf "${work:?}"/{chunks,single,more,web,delivery,half,again}{,.rows}
done
/usr/bin/python3 "$root/tests/bench/table.py" "$results" "$root/build/bench.json"
