#!/usr/bin/env bash
# Mistakes of the operator are told before anything is done; names of any letters do no harm.
. "$(dirname "$0")/common.sh"
value() { # PHONE_NUMBER_ID WAMID
    printf '{"metadata":{"phone_number_id":"%s"},"messages":[{"from":"15550000002","id":"wamid.%s","timestamp":"1767225600","type":"text","text":{"body":"x"}}]}\n' "$@"
}
value 109 A >"$work/one.json"
payloads() { sql 'SELECT count(*) FROM coexsync.payload'; }

# run -o: before anything starts
fresh line
exits 'run with a bad suffix' 64 'must end in \.tar' "$coexsync" run "$work/one.json" -o "$work/a.zip"
exits 'run into a folder that is not there' 73 'nowhere' "$coexsync" run "$work/one.json" -o "$work/nowhere/a.tar"
mkdir "$work/folder.tar"
exits 'run onto a folder' 73 'not a file' "$coexsync" run "$work/one.json" -o "$work/folder.tar"
exits 'run with a bad predecessor' 64 'previous' "$coexsync" run "$work/one.json" -o "$work/a.tar" --previous=x
if [ "$(id -u)" -eq 0 ]; then
    exits 'run into a folder that cannot be written' 73 'cannot create' \
        setpriv --reuid=65534 --clear-groups "$coexsync" run "$work/one.json" -o /etc/a.tar
fi
exits 'nor a page' 73 'nowhere' "$coexsync" run "$work/one.json" --html "$work/nowhere/a.html"
same 'nothing was imported' 0 "$(payloads)"

# databases that cannot hold all letters
for encoding in LATIN1 SQL_ASCII; do
    psql -qXd postgres -c 'DROP DATABASE IF EXISTS odd' \
        -c "CREATE DATABASE odd ENCODING $encoding LOCALE 'C' TEMPLATE template0"
    exits "a database in $encoding" 78 "$encoding" "$coexsync" ingest --migrate -d dbname=odd "$work/one.json"
    check 'the hint makes a better one' grep -q 'hint: createdb -E UTF8 -T template0' "$work/stderr"
done

finish
