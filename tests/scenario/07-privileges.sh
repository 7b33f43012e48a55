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
check 'the hint names the grants' grep -qx 'hint: reading needs USAGE on .*SELECT on .*; an import also TEMPORARY on .*DELETE; migrate up CREATE on .* made it' "$work/stderr"
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

# the reader has no part in this: the writers' word counts
printf '{"metadata":{"phone_number_id":"109"},"messages":[{"from":"15550000002","id":"wamid.A","timestamp":"1767225600","type":"text","text":{"body":"x"}}]}' >"$work/one.json"
PGUSER=coexsync sql 'REVOKE INSERT ON coexsync.message FROM importer'
exits 'a right that only writers need' 77 'permission denied' "$coexsync" ingest "$work/one.json"

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
sql 'REVOKE SELECT ON coexsync.pseudonym_key FROM reader'
exits 'who may not know whose pseudonyms are makes none' 77 '^hint: --redact needs SELECT' \
    env PGUSER=reader "$coexsync" report --redact
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
unset PGOPTIONS
sql 'ALTER DATABASE privileges SET idle_in_transaction_session_timeout = 500'
"$coexsync" export -o "$work/d.tar.gz" >"$work/stdout" 2>"$work/stderr" &
pid=$!
until [ -n "$(find "$work" -maxdepth 1 -name '.coexsync-*' -size +0)" ] || ! kill -0 $pid 2>/dev/null; do :; done
kill -STOP $pid
sleep 1
kill -CONT $pid
wait $pid
same 'who writes it may be slow' '0 ' "$? $(cat "$work/stderr")"

# ---- where a role only reads by default, and its statements may take a moment ----------------------
fresh hurried
check 'an import' "$coexsync" ingest "$fixture"
sql_options="$sql_options -c statement_timeout=0"
sql "ALTER DATABASE hurried SET default_transaction_read_only = on; ALTER DATABASE hurried SET statement_timeout = 1000"
T=--onboarded-at=2026-03-01T09:00:00Z
check 'the same under a T' "$coexsync" run "$fixture" $T -o "$work/f.tar"
same 'the run is noted' 0 "$(sql "SELECT exit_code FROM coexsync.run WHERE command = 'run'")"
check 'reject list' "$coexsync" reject list
check 'activation drop' "$coexsync" activation drop 2026-03-01T09:00:00Z
cluster_database hurried
sql "ALTER DATABASE hurried SET default_transaction_read_only = on"
check 'the schema, too' "$coexsync" migrate up
check 'and a first import' "$coexsync" run "$fixture" -o "$work/g.tar"
sql "BEGIN READ WRITE; ALTER DATABASE hurried SET statement_timeout = 1000; COMMIT"
if [ "$(sql 'SHOW server_version_num')" -ge 170000 ]; then # from there on a transaction as a whole, too
    patience="$patience -c transaction_timeout=0"
    sql "BEGIN READ WRITE; ALTER DATABASE hurried SET transaction_timeout = 1000; COMMIT"
fi
# patient TABLE COMMAND...: waits for somebody's lock longer than a statement may take
patient() {
    local table=$1 pid
    shift
    hold "LOCK TABLE coexsync.$table"
    "$coexsync" "$@" >"$work/stdout" 2>"$work/stderr" &
    pid=$!
    check "$* waits for $table" waits $pid
    sleep 1.5
    release
    wait $pid
    same "$* takes its time" '0 ' "$? $(grep -i timeout "$work/stderr")"
}
patient message digest
patient media_asset media --list
patient message check --data
patient run status
patient reject reject list
patient message run "$fixture" -o "$work/h.tar"

# ---- what the database has by default --------------------------------------------------------------
fresh defaults
sql 'SET client_min_messages = error; DROP SCHEMA coexsync CASCADE'
sql "ALTER DATABASE defaults SET default_transaction_isolation = 'serializable'"
for n in 1 2 3; do
    { "$coexsync" migrate up >"$work/up.$n" 2>&1; echo $? >"$work/code.$n"; } &
done
wait
same 'several make the schema at once' '0 0 0' "$(cat "$work"/code.* | tr '\n' ' ' | sed 's/ $//')"
check 'ingest, in another isolation' "$coexsync" ingest "$fixture"
# a backslash in a literal may mean another thing; the schema is made of none
cluster_database strings
sql "ALTER DATABASE strings SET standard_conforming_strings = off"
check 'the schema, where backslashes escape' "$coexsync" migrate up
same 'a pattern means what it says' t "$(sql "SELECT coexsync.wamid_person('wamidxHBgLMTU1NTI0MDM4NzEVAgARGBQzQUM1OENEQkVCNkU4NEVCMDM4QwA=') IS NULL")"
export PGDATABASE=defaults
# the session's own connection goes while the writers are busy
hold 'LOCK TABLE coexsync.message IN SHARE MODE'
"$tools/mkpayloads" --seed 5 --messages 300 --threads 3 --out "$work/more" >/dev/null
"$coexsync" run "$work/more" -o "$work/e.tar" >"$work/stdout" 2>"$work/stderr" &
pid=$!
waits $pid
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'defaults' AND application_name = 'coexsync' AND state = 'idle'" >/dev/null
release
wait $pid
same 'it is done all the same' 0 $?
same 'and its row says so' 1 "$(sql "SELECT count(*) FROM coexsync.run WHERE command = 'run' AND exit_code = 0")"
finish
