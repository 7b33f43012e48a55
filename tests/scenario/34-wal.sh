#!/usr/bin/env bash
# Who may say so has whole pages in the WAL compressed; who may not imports all the same.
unset PGTEST_HOST # the server of the other tests writes no whole pages; autovacuum and checkpoints write some
export CLUSTER_OPTIONS='-c autovacuum=off -c checkpoint_timeout=1h'
. "$(dirname "$0")/common.sh"
psql -qX -c 'CREATE ROLE importer LOGIN'
# few rows into many pages
"$tools/mkpayloads" --messages 4000 --threads 20 --seed 1 --out "$work/many" >/dev/null
"$tools/mkpayloads" --messages 400 --threads 20 --seed 2 --out "$work/few" >/dev/null

# wal_bytes DATABASE: what importer's import writes, into pages that a checkpoint has just left
wal_bytes() {
    local before
    fresh "$1"
    "$coexsync" ingest "$work/many" >/dev/null || return 1
    awk '/^GRANT/' "$root/README.md" | sed "s/DATABASE crm/DATABASE $1/" | psql -qX
    psql -qX -c CHECKPOINT
    before=$(psql -qXAt -c 'SELECT pg_current_wal_insert_lsn()')
    PGUSER=importer "$coexsync" ingest --no-raw "$work/few" >/dev/null || return 1
    psql -qXAt -c "SELECT pg_current_wal_insert_lsn() - '$before'"
}

plain=$(wal_bytes plain)
check 'plain' test "${plain:-0}" -gt 0
if ! psql -qXAt -c "SELECT enumvals FROM pg_settings WHERE name = 'wal_compression'" | grep -q lz4; then
    echo 'skip compressed: the server has no lz4'
    finish
fi
awk -F '`' '/GRANT SET/ {print $2}' "$root/README.md" >"$work/grant.sql"
check 'README has the grant' test -s "$work/grant.sql"
check 'it is SQL' psql -qX -v ON_ERROR_STOP=1 -f "$work/grant.sql"
compressed=$(wal_bytes compressed)
check "compressed: ${compressed:=0} bytes where there were $plain" \
    test $((compressed > 0 && compressed * 10 < plain * 9)) = 1
psql -qX -c 'ALTER SYSTEM SET wal_compression = pglz' -c 'SELECT pg_reload_conf()' >/dev/null
check 'what the server says otherwise stays: sql/compress_wal.sql does nothing' \
    test "$(psql -qXAt -c 'SELECT 1' -f "$root/sql/compress_wal.sql")" = 1
finish
