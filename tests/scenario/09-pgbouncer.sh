#!/usr/bin/env bash
# Everything through PgBouncer in transaction mode: six server connections for all, each transaction
# another one. So whatever relies on a session fails here, or is left behind in it.
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/tools/eight.sh
. "$root/tests/tools/eight.sh"
# shellcheck source=tests/tools/pgbouncer.sh
. "$root/tests/tools/pgbouncer.sh"
RANDOM=${SEED:-4711}
fixture=$root/fixtures/activation
sql_options= # the pooler takes none
flags=(--onboarded-at=2026-03-01T09:00:00Z --as-of=2026-03-02T09:00:00Z)

# What a client has left in the server connections: settings, prepared statements, temp tables,
# locks, cursors, channels. Six clients at once have all six: none goes on before all of them are there.
# The pooler itself sets some.
left_behind() {
    local i pids=()
    PGHOST=$server hold 'SELECT pg_advisory_xact_lock(4711)'
    for i in 1 2 3 4 5 6; do
        psql -qXAt -v ON_ERROR_STOP=1 >"$work/left.$i" <<'SQL' &
BEGIN;
SELECT 'pid ' || pg_backend_pid() FROM pg_advisory_xact_lock_shared(4711);
SELECT 'setting ' || name FROM pg_settings WHERE source = 'session' AND name NOT IN (
    'application_name', 'client_encoding', 'DateStyle', 'TimeZone', 'standard_conforming_strings',
    'IntervalStyle', 'transaction_isolation', 'transaction_read_only', 'transaction_deferrable')
UNION ALL SELECT 'statement ' || name FROM pg_prepared_statements
UNION ALL SELECT 'table ' || relname FROM pg_class
    WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'
UNION ALL SELECT 'lock ' || objid FROM pg_locks
    WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND objid <> 4711
UNION ALL SELECT 'cursor ' || name FROM pg_cursors WHERE is_holdable
UNION ALL SELECT 'channel ' || pg_listening_channels();
COMMIT;
SQL
        pids+=($!)
    done
    for i in 1 2 3 4 5 6; do
        PGHOST=$server becomes "${pids[i - 1]}" "${waiting/> 0/>= $i}"
    done
    PGHOST=$server release
    wait
    same "$1: all six connections are seen" 6 "$(cat "$work"/left.? | grep '^pid' | sort -u | wc -l)"
    same "$1: nothing is left in them" '' "$(cat "$work"/left.? | grep -v '^pid' | sort -u)"
}

# ---- directly, to compare with

cluster_database direct
"$coexsync" run "$fixture" --migrate "${flags[@]}" -o "$work/direct.tar" >/dev/null
direct=$(total)
eight_parts "${MESSAGES:-10000}" 13
fresh direct_set
"$coexsync" ingest "$work/whole" >/dev/null
direct_set=$(total)
for name in pooled pooled_eight pooled_kill; do cluster_database $name; done

pgbouncer_start || { echo 'not ok pgbouncer starts'; exit 1; }
server=$PGHOST
export PGHOST=$PGBOUNCER_HOST

# ---- the fixture

export PGDATABASE=pooled
check 'run with export exits 0' "$coexsync" run "$fixture" --migrate "${flags[@]}" -o "$work/pooled.tar"
same 'the digest of a direct run' "$direct" "$(total)"
check 'and its archive, byte for byte' cmp "$work/direct.tar" "$work/pooled.tar"
check 'again: exits 0' "$coexsync" ingest "$fixture" "${flags[@]:0:1}"
check 'report' "$coexsync" report "${flags[1]}"
check 'report --html' "$coexsync" report "${flags[1]}" --html "$work/report.html"
check 'status' "$coexsync" status
check 'status --json' "$coexsync" status --json
check 'check' "$coexsync" check
check 'check --data' "$coexsync" check --data
check 'migrate status' "$coexsync" migrate status
"$coexsync" activation list >"$work/activations"
check 'activation list shows T' grep -q '2026-03-01' "$work/activations"
check 'activation drop' "$coexsync" activation drop 2026-03-01T09:00:00Z
sql 'UPDATE coexsync.payload SET decoder_version = 0'
check 'replay' "$coexsync" replay --batch-rows 200
same 'all of it was decoded again' 0 "$(sql 'SELECT count(*) FROM coexsync.payload WHERE decoder_version = 0')"
check 'replay --rebuild' "$coexsync" replay --rebuild --batch-rows 200
same 'the digest of a direct run, still' "$direct" "$(total)"
check 'export alone' "$coexsync" export -o "$work/second.tar" "${flags[1]}"
left_behind 'the fixture'

# It is transaction mode: without a transaction, each statement of one client has another server.
same 'the mode of the pool' transaction "$(pgbouncer_show POOLS |
    awk -F'|' '$1 == "database" {name = $2} $1 == "pool_mode" && name == "pooled" {print $2}')"
check 'one client, several servers' test "$(
    for _ in 1 2 3 4 5 6; do echo 'SELECT pg_backend_pid();'; done | psql -qXAt | sort -u | wc -l)" -ge 3

# ---- eight processes, three connections each

export PGDATABASE=pooled_eight
"$coexsync" migrate up >/dev/null 2>&1
eight_run 'eight' "$direct_set" 1
left_behind 'eight'

# ---- killed, and again

export PGDATABASE=pooled_kill
"$coexsync" migrate up >/dev/null 2>&1
killed=0
for moment in 0.15 0.3 0.5; do
    "$coexsync" ingest "$work/whole" --batch-rows 100 >/dev/null 2>&1 &
    pid=$!
    sleep $moment
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    [ $? -ne 137 ] || killed=$((killed + 1))
done
check 'kills hit' test $killed -gt 0
check 'after them: exits 0' "$coexsync" ingest "$work/whole"
same 'after them: the digest of a direct import' "$direct_set" "$(total)"
check 'after them: data without findings' "$coexsync" check --data

# ---- the property test: coexsync through here, the databases made and emptied directly

check 'properties hold through the pooler' env PGHOST="$server" "$tools/property" \
    --coexsync "$coexsync" --folder "$root/tests/property" --keep "$work/kept" \
    --cases "${CASES:-10}" --seed 20261145 --through "$PGBOUNCER_HOST:$PGPORT"

finish
