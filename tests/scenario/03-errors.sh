#!/usr/bin/env bash
# What goes wrong at three in the morning: a clear sentence, the right exit code, the good part in.
. "$(dirname "$0")/common.sh"
good=$work/good.json
cat >"$good" <<'J'
{"object":"whatsapp_business_account","entry":[{"id":"209","changes":[{"field":"messages","value":{
"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550000001","phone_number_id":"109"},
"contacts":[{"profile":{"name":"Ann"},"wa_id":"15550000002"}],
"messages":[{"from":"15550000002","id":"wamid.GOOD1","timestamp":"1767225600","type":"text","text":{"body":"hi"}}]}}]}]}
J
messages() { sql 'SELECT count(*) FROM coexsync.message'; }

cluster_database errors
exits 'no schema' 78 "the database $PGDATABASE has no coexsync schema" "$coexsync" ingest "$good"
check 'the hint names the remedies' grep -q 'hint: coexsync migrate up .*another .*-d$' "$work/stderr"
"$coexsync" migrate up >/dev/null

mkdir "$work/mixed" "$work/empty"
cp "$good" "$work/mixed/1.json"
echo 'Dear diary' >"$work/mixed/2.txt"
head -c 200 "$good" >"$work/mixed/3.json"
exits 'a file that is not JSON, a truncated one' 3 '2\.txt' "$coexsync" ingest "$work/mixed"
check 'the truncated one is named' grep -q '3\.json' "$work/stderr"
same 'the good one is in' 1 "$(messages)"
same 'the others are in reject' 'json_truncated not_json' \
    "$(sql "SELECT string_agg(code, ' ' ORDER BY code) FROM coexsync.reject")"
exits 'again: known, and still 3' 3 '2\.txt' "$coexsync" ingest "$work/mixed"
exits 'nothing usable at all' 65 'none of 1 payloads is usable' "$coexsync" ingest "$work/mixed/2.txt"
echo '[]' >"$work/list"
for command in ingest diff inspect run; do
    exits "$command: a list without anything in it" 65 'none of 0 payloads is usable' "$coexsync" $command "$work/list"
done
exits 'an empty folder' 66 "$work/empty" "$coexsync" ingest "$work/empty"
exits 'a missing path' 66 'nowhere\.json' "$coexsync" ingest "$good" "$work/nowhere.json"
exits 'no source' 64 'no source' "$coexsync" ingest
exits 'an unknown option' 64 'no option --frobnicate' "$coexsync" ingest --frobnicate "$good"
exits 'an unknown command' 64 'no command eat' "$coexsync" eat
exits 'a time without zone' 64 'RFC 3339' "$coexsync" ingest --onboarded-at=2026-03-01T09:00:00 "$good"
exits 'a database that is down' 69 '/nowhere' "$coexsync" ingest -d 'host=/nowhere' "$good"
exits 'a database that does not exist' 78 'nothere' "$coexsync" ingest -d 'dbname=nothere' "$good"

# a wrong password needs a server that asks for one
echo secret >"$work/password"
chmod 644 "$work/password"
(
    unset PGTEST_HOST
    export PGPASSWORD=secret CLUSTER_INITDB="-A scram-sha-256 --pwfile=$work/password"
    cluster_start || exit 1
    psql -qXc 'SELECT 1' >/dev/null || exit 1
    PGPASSWORD=wrongword exits 'a wrong password' 77 'password' "$coexsync" ingest "$good"
    check 'no password in the output' sh -c "! grep -q wrongword '$work/stderr'"
    exit "$failures"
) || failures=$((failures + 1))

exits 'an unwritable archive' 73 'nowhere' "$coexsync" export -o /nowhere/a.tar
exits 'an unknown suffix' 64 . "$coexsync" export -o "$work/a.zip"
exits 'an unknown account' 66 'no account' "$coexsync" export --account nobody -o "$work/a.tar"

sql "UPDATE coexsync.schema_migration SET sha256 = '\\x00' WHERE version = 1"
exits 'a changed schema' 78 'changed' "$coexsync" ingest "$good"
fresh errors
sql "INSERT INTO coexsync.schema_migration (version, name, sha256, tool_version) VALUES (9999, 'later', '\\x00', '9')"
exits 'a newer schema' 78 'newer' "$coexsync" ingest "$good"
fresh errors
same 'migrate down says what' 'migration 0005 pseudonym is taken back' "$("$coexsync" migrate down)"
exits 'an older schema' 78 'older' "$coexsync" ingest "$good"
check 'migrate status tells' sh -c "'$coexsync' migrate status | grep -q pending"
while "$coexsync" migrate down >>"$work/down" 2>/dev/null; do :; done
same 'and what is gone' 'migration 0001 tables is taken back: the schema coexsync is gone, and all its data' "$(tail -n 1 "$work/down")"
same 'all the way down leaves nothing' 0 "$(sql "SELECT count(*) FROM pg_namespace WHERE nspname = 'coexsync'")"
check 'and up again' "$coexsync" migrate up
"$coexsync" migrate print >"$work/print.sql"
cluster_database printed
check 'what print says can be applied by psql' psql -qX -v ON_ERROR_STOP=1 -f "$work/print.sql"
check 'and is the schema' "$coexsync" check
export PGDATABASE=errors

# standard input
same 'from standard input' 0 "$("$coexsync" ingest - <"$good" >/dev/null 2>&1; echo $?)"
same 'it is in' 1 "$(messages)"

# TERM: the batch ends or is rolled back, and the same command goes on
"$tools/mkpayloads" --seed 3 --messages 60000 --threads 60 --days 180 --out "$work/many" >/dev/null
fresh errors
# it does not end by itself
"$coexsync" ingest "$work/many" /dev/zero --batch-rows 500 >"$work/stdout" 2>"$work/stderr" &
pid=$!
becomes $pid 'SELECT count(*) > 0 FROM coexsync.message'
kill -TERM $pid
ends 'TERM: in time' 10 $pid
same 'TERM exits 143' 143 "$code"
check 'and says how to go on' grep -q 'the same command goes on' "$work/stderr"
check 'the same command goes on' "$coexsync" ingest "$work/many"

# within one endless document, too
"$coexsync" ingest /dev/zero >"$work/stdout" 2>"$work/stderr" &
pid=$!
begins $pid
sleep 0.5
kill -INT $pid
ends 'INT while reading: at once' 3 $pid
same 'INT while reading exits 130' 130 "$code"

# likewise while somebody else holds what it waits for
fresh errors
hold 'SELECT pg_advisory_xact_lock(1668244856, id) FROM generate_series(1, 9) AS id'
"$coexsync" ingest "$work/many" --batch-rows 100 --jobs 4 >"$work/stdout" 2>"$work/stderr" &
pid=$!
waits $pid
kill -INT $pid
ends 'INT, whatever it waits for: in time' 10 $pid
same 'INT exits 130, whatever it waits for' 130 "$code"
release
check 'and goes on' "$coexsync" ingest "$work/many"
check 'data without findings' "$coexsync" check --data
finish
