#!/usr/bin/env bash
# status: what has run, what runs and how far it is, what to do next in each account.
. "$(dirname "$0")/common.sh"
fixture=$root/fixtures/activation
T=--onboarded-at=2026-03-01T09:00:00Z

# objects: the lines of status --json as rows of table line, with a query over them
objects() { # QUERY [OPTION...]
    local query=$1
    shift
    "$coexsync" status --json "$@" >"$work/json" || return 1
    psql -qXAt -v ON_ERROR_STOP=1 -c 'CREATE TEMP TABLE line (n int GENERATED ALWAYS AS IDENTITY, o json)' \
        -c "\\copy line (o) FROM '$work/json' WITH (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')" -c "$query"
}

fresh status
same 'an empty database' 'nothing imported yet: coexsync run SOURCE...' "$("$coexsync" status)"
same 'an empty database, JSON' 'import' "$(objects "SELECT o ->> 'next' FROM line")"

# ---- runs: of each exit code, what to do. Nothing but the row says it.
sql "INSERT INTO coexsync.run (run_id, command, tool_version, started_at, heartbeat_at, ended_at, exit_code, counts)
    SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, command, '0', now() - (100 - n) * interval '1 minute',
        now() - silent::interval, CASE WHEN code IS NOT NULL THEN now() END, code, counts::jsonb
    FROM (VALUES (1, 'ingest', '0', 0, NULL), (2, 'a', '0', 65, NULL), (3, 'b', '0', 66, NULL), (4, 'c', '0', 69, NULL),
        (5, 'd', '0', 74, NULL), (6, 'e', '0', 75, NULL), (7, 'f', '0', 130, NULL), (8, 'g', '0', 143, NULL), (9, 'h', '0', 78, NULL),
        (10, 'i', '4 minutes 50 s', NULL, NULL), (11, 'j', '5 minutes 10 s', NULL, NULL),
        (12, 'k', '0', NULL, '{\"payloads\": 7, \"seen\": 70, \"bytes_read\": 45, \"bytes_total\": 100}'),
        (13, 'l', '0', NULL, '{\"bytes_read\": 45, \"bytes_total\": 0}'), (14, 'm', '0', NULL, '{\"bytes_read\": 300, \"bytes_total\": 100}'),
        (15, 'n', '9 minutes', NULL, NULL), (16, 'n', '0', 3, NULL), (17, 'o', '0', 0, NULL), (18, 'o', '0', 75, NULL),
        (19, 'p', '0', 77, NULL))
        AS v(n, command, silent, code, counts)"
same 'what to do after each' "ingest done none
a exit 65 inspect
b exit 66 look
c exit 69 again
d exit 74 mend
e exit 75 again
f exit 130 again
g exit 143 again
h exit 78 look
i running wait
j interrupted again
k running wait 45
l running wait
m running wait 100
n interrupted superseded
n done none
o done none
o exit 75 again
p exit 77 look" "$(objects "SELECT concat_ws(' ', o ->> 'command', o ->> 'state', o ->> 'next', o ->> 'percent') FROM line
    WHERE o ->> 'run_id' IS NOT NULL ORDER BY o ->> 'run_id'")"
same 'newest first' 00000000-0000-4000-8000-000000000019 "$(objects "SELECT o ->> 'run_id' FROM line WHERE n = 1")"
check 'how far one is' sh -c "'$coexsync' status | grep -qE ' k +running +45 % read, 7 payloads, 0 known, 70 messages seen, 0 inserted; heard of [0-9]+ s ago\$'"
check 'and where nobody knows of how much' sh -c "'$coexsync' status | grep -qE ' l +running +0 payloads'"
sql "UPDATE coexsync.run SET counts = '{\"payloads\": 7, \"rejects\": 3}' WHERE command = 'n' AND exit_code = 3"
check 'what one has rejected' sh -c "'$coexsync' status | grep -q ' n .* done .* 0 inserted, 3 rejected items\$'"
check 'what to mend' sh -c "'$coexsync' status | grep -qE ' d +exit 74 +a file cannot be read or written, .* then give the same command again\$'"
check 'whom to ask about a right' sh -c "'$coexsync' status | grep -qE ' p +exit 77 +a right is missing, of the token \(coexsync check --graph'"
check 'an interrupted one' sh -c "'$coexsync' status | grep -qE ' j +interrupted +give the same command again'"

# ---- accounts
fresh accounts
head -c 3000 "$fixture/0001.json" >"$work/cut.json"
"$coexsync" ingest "$work/cut.json" >/dev/null 2>&1
check 'where rejected items are shown' sh -c "'$coexsync' status | grep -q ': 1 payloads, 1 rejected items (coexsync reject list shows them); next: '"
fresh accounts
"$coexsync" ingest "$fixture" >/dev/null
same 'the moment of onboarding is missing' say_onboarding "$(objects "SELECT o ->> 'next' FROM line WHERE o ->> 'account' <> ''")"
"$coexsync" ingest "$fixture" $T >/dev/null
name=$(sql 'SELECT name FROM coexsync.account WHERE account_id = 1')
# the rule is that of view media
for as_of in 2026-03-02T09:00:00Z 2026-03-08T09:00:00Z 2026-03-08T09:00:01Z 2026-04-01T00:00:00Z; do
    want=$(sql "SELECT count(*), to_char(min(deadline_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'),
        CASE count(*) WHEN 0 THEN 'report' ELSE 'fetch_media' END FROM coexsync.media_as_of('$as_of') WHERE state = 'announced'")
    same "files at $as_of" "$want" "$(objects "SELECT o ->> 'announced_files', o ->> 'next_deadline_at', o ->> 'next' FROM line
        WHERE o ->> 'account' = '$name'" --as-of=$as_of)"
done
files() { objects "SELECT o ->> 'announced_files' FROM line WHERE o ->> 'account' = '$name'" --as-of=2026-03-02T09:00:00Z; }
before=$(files)
check 'there are some' test "$before" -gt 1
check 'with the command that fetches them' sh -c "'$coexsync' status --as-of=2026-03-02T09:00:00Z |
    grep -qx 'account $name: .*; next: $before files can be fetched, the first of them until 2026-03-08T09:00:00Z: coexsync media does it'"
sql "INSERT INTO coexsync.media_file (account_id, wamid, media_id, outcome)
    SELECT account_id, wamid, media_id, 'downloaded' FROM coexsync.media_as_of('2026-03-02T09:00:00Z') WHERE state = 'announced' LIMIT 1"
same 'one is fetched' $((before - 1)) "$(files)"
same 'names of an account that are promised' 'account announced_files next next_deadline_at next_step onboarded_at payloads rejects' \
    "$(objects "SELECT string_agg(k, ' ' ORDER BY k) FROM line, json_object_keys(o) AS k WHERE o ->> 'account' = '$name'")"
same 'names of a run that are promised' \
    'command counts ended_at exit_code heartbeat_at next next_step percent run_id started_at state tool_version' \
    "$(objects "SELECT string_agg(k, ' ' ORDER BY k) FROM line, json_object_keys(o) AS k WHERE n = 1")"
sql "INSERT INTO coexsync.account (name) VALUES ('another'); INSERT INTO coexsync.activation SELECT account_id, now() FROM coexsync.account WHERE name = 'another'"
same 'an account of nothing but a moment' import "$(objects "SELECT o ->> 'next' FROM line WHERE o ->> 'account' = 'another'")"
same 'one account' "$name" "$(objects "SELECT o ->> 'account' FROM line WHERE o ->> 'account' IS NOT NULL" --account "$name")"
check 'as text' sh -c "'$coexsync' status --as-of=2026-03-02T09:00:00Z | grep -q '^account $name: [0-9]* payloads, [0-9]* rejected items; next: $((before - 1)) files can be fetched, the first of them until 2026-03-'"

# ---- from elsewhere, while one runs
"$tools/mkpayloads" --seed 3 --messages 3000 --threads 6 --days 180 --out "$work/many" >/dev/null
fresh running
mkfifo "$work/pipe"
"$coexsync" ingest --batch-rows 100 - <"$work/pipe" >/dev/null 2>&1 &
pid=$!
exec 7>"$work/pipe"
cat "$work"/many/* >&7
# with each payload it looks whether the row is due
until [ "$(sql 'SELECT counts IS NOT NULL FROM coexsync.run')" = t ] || ! kill -0 $pid 2>/dev/null; do
    cat "$fixture/0001.json" >&7 2>/dev/null
    sleep 0.2
done
same 'its row says how far it is' 'running true' \
    "$(objects "SELECT (o ->> 'state') || ' ' || ((o -> 'counts' ->> 'bytes_read')::bigint > 0) FROM line WHERE n = 1")"
exec 7>&-
wait "$pid"
same 'and ends' 'done 0' "$(objects "SELECT (o ->> 'state') || ' ' || (o ->> 'exit_code') FROM line WHERE n = 1")"

# ---- run: the payloads are in, and what comes behind them fails
fresh status_archive
(ulimit -f 200 && exec "$coexsync" run "$fixture" $T -o "$work/archive.tar") >/dev/null 2>"$work/stderr"
same 'no room for the archive' 74 $?
same 'status does not call it done' 'exit 74|mend|39|74' "$(objects "SELECT concat_ws('|', o ->> 'state', o ->> 'next', o -> 'counts' ->> 'payloads', o ->> 'exit_code') FROM line WHERE o ->> 'command' = 'run'")"
check 'the same command with room' "$coexsync" run "$fixture" $T -o "$work/archive.tar"
same 'is done, and the other superseded' 'done exit 74' "$(objects "SELECT string_agg(o ->> 'state', ' ' ORDER BY n) FROM line WHERE o ->> 'command' = 'run'")"
# stopped before there is a report
fresh status_stopped
printf '{"metadata":{"phone_number_id":"109"},"messages":[{"from":"15550000002","id":"wamid.A","timestamp":"1767225600","type":"text","text":{"body":"a"}}]}' >"$work/one.json"
hold 'LOCK TABLE pg_statistic IN SHARE MODE'
"$coexsync" run "$work/one.json" >/dev/null 2>&1 &
pid=$!
waits "$pid"
kill -TERM "$pid"
wait "$pid"
same 'TERM behind the import' 143 $?
same 'nor does status then' 'exit 143|again|1' "$(objects "SELECT concat_ws('|', o ->> 'state', o ->> 'next', o -> 'counts' ->> 'payloads') FROM line WHERE o ->> 'command' = 'run'")"
release
finish
