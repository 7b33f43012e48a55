#!/usr/bin/env bash
# A server that speaks Russian: why it refuses a connection is understood all the same, and nobody
# waits for it as for one that is away.
# shellcheck disable=SC2317  # import is called by exits
unset PGTEST_HOST
secret=$(mktemp /tmp/coexsync-secret.XXXXXX)
chmod 644 "$secret"
echo secret >"$secret"
# LANGUAGE counts in every locale but C, so none need be installed
export CLUSTER_INITDB="-A scram-sha-256 --pwfile=$secret" CLUSTER_OPTIONS='-c lc_messages=C.UTF-8'
export PGPASSWORD=secret LANGUAGE=ru
. "$(dirname "$0")/common.sh"
unset LANGUAGE
rm "$secret"
if ! PGDATABASE=nothere psql -qXc '' 2>&1 | grep -q 'не существует'; then
    echo 'skip languages: the server has no Russian messages here'
    exit 0
fi
echo '{"metadata":{"phone_number_id":"109"},"messages":[]}' >"$work/in.json"
import() { # CONNINFO
    "$coexsync" ingest "$work/in.json" -d "$1"
}

fresh languages
psql -qXc "CREATE ROLE full_up LOGIN CONNECTION LIMIT 0 PASSWORD 'secret'" \
    -c "CREATE ROLE outside LOGIN PASSWORD 'secret'" -c "CREATE DATABASE closed" \
    -c "REVOKE CONNECT ON DATABASE closed FROM public"
check 'an import' import ''
PGPASSWORD=wrongword exits 'a wrong password' 77 'hint: check user and password' import ''
check 'the words of the server are shown' grep -q 'не прошёл проверку' "$work/stderr"
exits 'a user that there is not' 77 'hint: check user and password' import 'user=nobody'
exits 'a database that does not exist' 78 'hint: create the database first' import 'dbname=nothere'
exits 'one that does not let us in' 77 'hint: check user' import 'dbname=closed user=outside'
exits 'too many connections' 75 'hint: fewer --jobs' import 'user=full_up'
exits 'a setting that there is not' 78 'hint: look at -d' import "options='-c nonsense=1'"
exits 'of several hosts the second' 78 'nothere' import "host=/nowhere,$PGHOST dbname=nothere"
exits 'nobody is there' 69 'is the server running there' import 'host=/nowhere'
finish
