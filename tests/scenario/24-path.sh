#!/usr/bin/env bash
# Whoever may create in a schema of the path calls nothing with the rights of others: beside each
# function and operator of PostgreSQL there is another that would be taken, and it raises.
# shellcheck disable=SC2317  # read_all is called by quiet
. "$(dirname "$0")/common.sh"
cluster_database path
fixture=$root/fixtures/activation
account=--account=109000000000001
T=--onboarded-at=2026-03-01T09:00:00Z
# Of the same arguments, so they are taken where the path names pg_catalog last; below those that are
# taken on any path, for what takes arguments of any type.
psql -qX -v ON_ERROR_STOP=1 -v db="$PGDATABASE" >"$work/hostile.log" 2>&1 <<'S'
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'path_importer') AS is_new \gset
\if :is_new
CREATE ROLE path_importer LOGIN;
CREATE ROLE path_mallory LOGIN;
\endif
GRANT CREATE ON SCHEMA public TO path_mallory;
CREATE SCHEMA path_importer AUTHORIZATION path_mallory;
CREATE SCHEMA mine;
SET ROLE path_mallory;
SET search_path = pg_catalog;
DO $do$
DECLARE
    f record;
    place text;
    arguments text;
BEGIN
    FOREACH place IN ARRAY '{public,path_importer}'::text[] LOOP
        FOR f IN SELECT p.*, oidvectortypes(p.proargtypes) AS types FROM pg_proc AS p
            WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind <> 'p'
        LOOP
            BEGIN
                EXECUTE format('CREATE FUNCTION %I.%I(%s) RETURNS %s %s LANGUAGE plpgsql AS %L', place,
                    f.proname, f.types, CASE WHEN f.proretset THEN 'SETOF' ELSE '' END,
                    f.prorettype::regtype, format('BEGIN RAISE EXCEPTION %L; END',
                    'hijacked: ' || place || '.' || f.proname));
            EXCEPTION WHEN OTHERS THEN -- arguments or results that none but PostgreSQL's own have
                CONTINUE;
            END;
        END LOOP;
        FOREACH arguments IN ARRAY '{"jsonb_build_array(text, text, jsonb)", "concat_ws(text, text, text)",
            "count(text)", "count(integer)", "cardinality(bigint[])", "array_agg(text)", "max(text)",
            "format(text, bigint)", "format(text, text)", "jsonb_build_object(text, text)",
            "string_agg(text, text)"}'::text[] LOOP
            EXECUTE format('CREATE OR REPLACE FUNCTION %I.%s RETURNS text LANGUAGE plpgsql AS %L', place,
                arguments, format('BEGIN RAISE EXCEPTION %L; END', 'hijacked: ' || arguments));
        END LOOP;
        FOR f IN SELECT o.oprname, o.oprleft, o.oprright, p.proname FROM pg_operator AS o
            JOIN pg_proc AS p ON p.oid = o.oprcode WHERE o.oprnamespace = 'pg_catalog'::regnamespace
        LOOP
            BEGIN
                EXECUTE format('CREATE OPERATOR %I.%s (FUNCTION = %I.%I, RIGHTARG = %s %s)', place, f.oprname,
                    place, f.proname, f.oprright::regtype,
                    CASE WHEN f.oprleft <> 0 THEN ', LEFTARG = ' || f.oprleft::regtype ELSE '' END);
            EXCEPTION WHEN OTHERS THEN
                CONTINUE;
            END;
        END LOOP;
    END LOOP;
END $do$;
RESET ROLE;
ALTER DATABASE :"db" SET search_path = "$user", public, pg_catalog;
S
same 'they are there' '' "$(cat "$work/hostile.log")"
same 'many of them' t "$(sql "SELECT pg_catalog.int8gt(pg_catalog.count(*), 2000) FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.nspname OPERATOR(pg_catalog.=) 'public'
    AND n.oid OPERATOR(pg_catalog.=) p.pronamespace")"
exits 'and are taken' 1 'hijacked: public.now' sql 'SELECT now()'
exits 'by an operator too' 1 'hijacked: public.int4eq' sql 'SELECT 1 = 1'

# ---- the tool -------------------------------------------------------------------------------------
# quiet NAME COMMAND...: it is done, and called none of them
quiet() {
    local name=$1
    shift
    "$@" >"$work/stdout" 2>"$work/stderr"
    local code=$?
    check "$name" sh -c "[ $code = 0 -o $code = 3 ] && ! grep -h hijacked '$work/stdout' '$work/stderr' || { cat '$work/stderr'; false; }"
}
quiet 'migrate up' "$coexsync" migrate up
quiet 'migrate status' "$coexsync" migrate status
awk '/^GRANT/' "$root/README.md" | sed "s/DATABASE crm/DATABASE $PGDATABASE/; s/importer/path_importer/" >"$work/grants.sql"
check 'grants' psql -qX -v ON_ERROR_STOP=1 -f "$work/grants.sql"
for user in path_importer coexsync; do
    export PGUSER=$user
    quiet "ingest as $user" "$coexsync" ingest "$fixture" $T
    quiet "replay as $user" "$coexsync" replay --all
    quiet "report as $user" "$coexsync" report --json --redact
    quiet "status as $user" "$coexsync" status
    quiet "export as $user" "$coexsync" export -o "$work/$user.tar"
    quiet "digest as $user" "$coexsync" digest
    quiet "check --data as $user" "$coexsync" check --data
    quiet "media --list as $user" "$coexsync" media --list
    quiet "reject list as $user" "$coexsync" reject list
    quiet "activation list as $user" "$coexsync" activation list
done
quiet 'merges' "$coexsync" ingest "$root"/fixtures/decode-twice "$root"/fixtures/decode-variants
quiet 'a dry run' "$coexsync" diff "$fixture" --account 999
quiet 'replay --rebuild' "$coexsync" replay --rebuild
quiet 'activation drop' "$coexsync" activation drop 2026-03-01T09:00:00Z "$account"
quiet 'a run' "$coexsync" run "$fixture" $T
sql 'CREATE TABLE mine.hook (payload text)'
psql -qX -v payload="$(cat "$fixture/0001.json")" <<'S'
INSERT INTO mine.hook VALUES (:'payload');
S
quiet 'the path of a query is its own' "$coexsync" ingest --from-query 'SELECT payload FROM hook' \
    --from-dbname "dbname=$PGDATABASE options='-c search_path=mine,public'"

# ---- who reads with psql ----------------------------------------------------------------------------
read_all() {
    local relation
    for relation in messages conversations contacts identity_group identity_proposal media verdict \
        coverage activation_t activation_proof chunk_attributed "conversation_messages(1, '15552000007')" \
        "judgement_as_of('2026-03-02Z')"; do
        sql "SELECT * FROM coexsync.$relation" || return 1
    done
    sql 'SELECT coexsync.content_hash(type, body, content), coexsync.rfc3339(sent_at),
        coexsync.epoch_us(sent_at), coexsync.conflict_words(conflicts) FROM coexsync.message'
}
quiet 'the views' read_all
check 'they say something' test "$(wc -l <"$work/stdout")" -ge 30
sql "ALTER DATABASE $PGDATABASE RESET search_path"
exits 'what fits better is taken on any path' 1 'hijacked' sql "SELECT cardinality('{1}'::bigint[])"
quiet 'the views, on the path by default' read_all
quiet 'an archive, on the path by default' "$coexsync" export -o "$work/default.tar" "$account"
quiet 'migrate print' "$coexsync" migrate print
cp "$work/stdout" "$work/schema.sql"
sql 'DROP SCHEMA coexsync CASCADE' 2>/dev/null
sql "ALTER DATABASE $PGDATABASE SET search_path = \"\$user\", public, pg_catalog"
quiet 'what it prints' psql -qX -v ON_ERROR_STOP=1 -f "$work/schema.sql"
quiet 'is the schema' "$coexsync" check
quiet 'migrate down' "$coexsync" migrate down
finish
