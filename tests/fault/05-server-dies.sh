#!/usr/bin/env bash
# The server of --embedded is killed in the middle of an import: it is started again, and the import
# goes on to the same digest. One that cannot be started ends it, within its limits.
. "$(dirname "$0")/../scenario/common.sh"
"$tools/mkpayloads" --seed 3 --messages 40000 --threads 60 --days 180 --out "$work/in" >/dev/null
fresh server_dies
"$coexsync" ingest "$work/in" >/dev/null
want=$(total)

# begin DIR: an import into a database of its own, until some of it is in
begin() {
    socket=/tmp/coexsync-$(printf %s "$1" | sha256sum | head -c 16)
    "$coexsync" migrate up --embedded="$1" >/dev/null
    "$coexsync" ingest "$work/in" --embedded="$1" --batch-rows 1000 -v >"$work/stdout" 2>"$work/stderr" &
    pid=$!
    until [ "$(own "SELECT count(*) > 2000 FROM coexsync.message")" = t ] || ! kill -0 $pid; do
        sleep 0.05
    done
}
own() {
    psql -h "$socket" -U coexsync -d coexsync -qXAtc "$1" 2>/dev/null
}
kill_server() {
    kill -9 "$(head -n 1 "$1/data/postmaster.pid")"
}

begin "$work/a"
kill_server "$work/a"
wait $pid
same 'the import goes on' 0 $?
check 'and says what has been done' grep -q 'has died: starting it again' "$work/stderr"
same 'the same digest' "$want" "$("$coexsync" digest --embedded="$work/a" | tail -n 1)"
check 'data without findings' "$coexsync" check --data --embedded="$work/a"
same 'it is stopped at the end' '' "$(find "$work/a" -name postmaster.pid)"

begin "$work/b"
echo 'no such setting' >>"$work/b/data/postgresql.conf"
kill_server "$work/b"
from=$SECONDS
wait $pid
same 'a server that does not start: exit code' 69 $?
check 'is not waited for longer than its limits' test $((SECONDS - from)) -le 60
check 'its log is named' grep -q "hint: its log is $work/b/data/server.log" "$work/stderr"
sed -i '$d' "$work/b/data/postgresql.conf"
check 'the same command goes on' "$coexsync" ingest "$work/in" --embedded="$work/b"
same 'to the same digest' "$want" "$("$coexsync" digest --embedded="$work/b" | tail -n 1)"

# somebody looks into the data with a server of his own, as README says
as_owner() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}
programs=$(dirname "$(find /usr/lib/postgresql -name pg_ctl | sort -V | tail -n 1)")
mkdir -m 777 "$work/socket"
as_owner "$programs/pg_ctl" -D "$work/b/data" -w -s -o "-c listen_addresses='' -k $work/socket" -l "$work/socket/log" start
exits "another's server on the data" 69 'somebody else has started a server on these data' "$coexsync" status --embedded="$work/b"
remedy=$(sed -n 's/^hint: stop it first\(, as user postgres\)\?: //p' "$work/stderr")
same 'with the remedy' "$programs/pg_ctl -D $work/b/data stop" "$remedy"
check 'it is left alone' psql -h "$work/socket" -U coexsync -d coexsync -qXAtc 'SELECT 1'
# shellcheck disable=SC2086
check 'which does it' as_owner $remedy
check 'when it has gone all is as before' "$coexsync" status --embedded="$work/b"
finish
