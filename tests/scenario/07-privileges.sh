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
finish
