#!/usr/bin/env bash
# The views against facts stated by hand: every tests/sql/*.sql in a transaction that is rolled
# back. Before them, that the migrations go up, down to nothing and up again. `run.sh NAME` tries
# one file only, in one transaction with the schema, in SQL_DATABASE if that is said: nothing of it stays.
# MIGRATIONS: another folder of them.
# shellcheck disable=SC2317  # report calls the functions
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tools/cluster.sh
. tests/tools/cluster.sh
cluster_start || exit 1
if [ -n "${SQL_DATABASE:-}" ]; then export PGDATABASE=$SQL_DATABASE; else cluster_database coexsync_sql || exit 1; fi
# compiling these joins over few rows takes longer than running them
export PGTZ=UTC PGOPTIONS="-c jit=off"
migrations=${MIGRATIONS:-migrations}
failed=0

run_sql() {
    psql -qXAt -v ON_ERROR_STOP=1 "$@"
}

# report NAME COMMAND...: what the command says is shown if it fails
report() {
    local name=$1 said
    shift
    if said=$("$@" 2>&1 >/dev/null); then
        echo "ok $name"
    else
        echo "$said"
        echo "not ok $name"
        failed=1
    fi
}

migrate_up() {
    local file
    for file in "$migrations"/*.up.sql; do
        run_sql -1 -f "$file" || return 1
    done
}

migrate_down() {
    local file
    for file in $(printf '%s\n' "$migrations"/*.down.sql | sort -r); do
        run_sql -1 -f "$file" || return 1
    done
}

dump() {
    pg_dump -s -n coexsync | grep -vE '^.(un)?restrict |^$'
}

# pg_dump does not read servers that are newer than itself.
can_dump() {
    [ "$(pg_dump --version | grep -oE '[0-9]+' | head -n 1)" -ge $(($(run_sql -c 'SHOW server_version_num') / 10000)) ]
}

# The newest migration, up and down again, leaves nothing behind and takes nothing with it.
newest_and_back() {
    local files=("$migrations"/*.up.sql) file newest before
    newest=${files[-1]}
    for file in "${files[@]:0:${#files[@]}-1}"; do
        run_sql -1 -f "$file" || return 1
    done
    before=$(dump) || return 1
    run_sql -1 -f "$newest" && run_sql -1 -f "${newest/up.sql/down.sql}" || return 1
    diff <(echo "$before") <(dump) >&2 || return 1
    run_sql -1 -f "$newest"
}

# What a schema could hold.
left_over() {
    run_sql -c "SELECT 'left: ' || pg_describe_object(classid, objid, objsubid) FROM pg_depend
        WHERE refclassid = 'pg_namespace'::regclass AND refobjid = 'coexsync'::regnamespace"
}

down_to_nothing() {
    migrate_down || return 1
    local left
    left=$(left_over)
    [ -z "$left" ] || { echo "$left" >&2; return 1; }
}

in_transaction() { # FILE...
    { echo 'BEGIN;'; printf '\\i %s\n' "$@"; echo 'ROLLBACK;'; } | run_sql
}

if [ $# -gt 0 ]; then
    report "$1" in_transaction tests/sql/lib/schema.sql "$migrations"/*.up.sql tests/sql/lib/check.sql "tests/sql/$1.sql"
    exit $failed
fi
run_sql -f tests/sql/lib/schema.sql || exit 1
report migrations_up migrate_up
report migrations_down down_to_nothing
if can_dump; then
    report newest_migration_and_back newest_and_back
else
    echo 'skip newest_migration_and_back: pg_dump is older than the server'
    migrate_up || exit 1
fi
run_sql -f tests/sql/lib/check.sql || exit 1
for file in tests/sql/*.sql; do
    report "$(basename "$file" .sql)" in_transaction "$file"
done
exit $failed
