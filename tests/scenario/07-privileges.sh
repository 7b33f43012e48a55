#!/usr/bin/env bash
# A plain user imports with the grants that README names, and no more; without them a clear 77.
. "$(dirname "$0")/common.sh"
fresh privileges
psql -qX >/dev/null <<'S'
SET client_min_messages = error;
DROP ROLE IF EXISTS importer;
CREATE ROLE importer LOGIN;
S
fixture=$root/fixtures/activation
exits 'without grants' 77 'permission denied' env PGUSER=importer "$coexsync" ingest "$fixture"
check 'the hint names the grants' grep -qx 'hint: an import needs TEMPORARY on .*USAGE on .*DELETE on .*CREATE on .*' "$work/stderr"
# the block of README, with this database's name
awk '/^GRANT/' "$root/README.md" | sed "s/DATABASE crm/DATABASE privileges/" >"$work/grants.sql"
check 'README has grants' test "$(wc -l <"$work/grants.sql")" -ge 3
check 'they are SQL' psql -qX -v ON_ERROR_STOP=1 -f "$work/grants.sql"
export PGUSER=importer
check 'ingest' "$coexsync" ingest "$fixture" --onboarded-at=2026-03-01T09:00:00Z
check 'again, with --migrate' "$coexsync" ingest --migrate "$fixture"
check 'run: report and archive' "$coexsync" run "$fixture" -o "$work/a.tar"
check 'digest' "$coexsync" digest
check 'check --data' "$coexsync" check --data
check 'status names the runs' sh -c "'$coexsync' status | grep -q 'ingest .* done'"
check 'activation drop' "$coexsync" activation drop 2026-03-01T09:00:00Z
exits 'and only once' 66 'no activation' "$coexsync" activation drop 2026-03-01T09:00:00Z

# ---- who only reads -----------------------------------------------------------------------------
export PGUSER=coexsync
psql -qX >/dev/null <<'S'
SET client_min_messages = error;
DROP ROLE IF EXISTS reader;
CREATE ROLE reader LOGIN;
GRANT USAGE ON SCHEMA coexsync TO reader;
GRANT SELECT ON ALL TABLES IN SCHEMA coexsync TO reader;
S
echo 'the last one' >"$work/kept.tar"
check 'a reader has a report' env PGUSER=reader "$coexsync" report
exits 'a reader makes no archive' 77 'may not INSERT into coexsync.export' \
    env PGUSER=reader "$coexsync" export -o "$work/kept.tar"
same 'and the file that was there is' 'the last one' "$(cat "$work/kept.tar")"
check 'a database of readers by default is no matter' \
    env PGOPTIONS='-c default_transaction_read_only=on' "$coexsync" export -o "$work/b.tar"

# ---- where statements may not take long ---------------------------------------------------------
psql -qX -v ON_ERROR_STOP=1 <<'S'
CREATE OR REPLACE FUNCTION coexsync.tally_words(tally jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$ BEGIN PERFORM pg_sleep(2.5); RETURN 'slow'; END $$;
S
export PGOPTIONS='-c statement_timeout=2s'
check 'a slow report comes all the same' "$coexsync" report
check 'and so does an archive' "$coexsync" export -o "$work/c.tar"
finish
