#!/usr/bin/env bash
# replay decodes stored payloads again: what is up to date stays as it is, what an older decoder left
# out comes in, rejects are those of now; --rebuild makes an account anew, wholly or not at all.
. "$(dirname "$0")/common.sh"
RANDOM=${SEED:-4711}
fixture=$root/fixtures/activation
T=--onboarded-at=2026-03-01T09:00:00Z

# All that a payload left but its messages: ledger, rejects, chunks, links, sizes of the raw bytes.
left() {
    "$coexsync" digest
    sql "TABLE coexsync.payload ORDER BY account_id, sha256"
    sql "TABLE coexsync.reject ORDER BY account_id, sha256, pointer"
    sql "TABLE coexsync.chunk ORDER BY account_id, sha256, pointer"
    sql "TABLE coexsync.activation_payload ORDER BY account_id, onboarded_at, sha256"
    sql "SELECT account_id, sha256, size_bytes, length(bytes) FROM coexsync.payload_raw ORDER BY 1, 2"
    sql "SELECT count(*), max(account_id) FROM coexsync.account"
}
# The same without the counts of single payloads: which of two brought a message depends on the order.
rebuilt() { left | sed -E 's/\|\{[^{}]*\}(\|[^|]*\|[^|]*)$/\1/'; }
sums() { sql "SELECT key, sum(value::bigint) FROM coexsync.payload, jsonb_each_text(counts)
    WHERE account_id <> 0 AND key IN ('seen', 'inserted', 'rejected', 'excluded', 'events', 'contacts', 'chunks', 'rejects')
    GROUP BY key ORDER BY key"; }
clean() { check "$1: data without findings" "$coexsync" check --data; }
# up_to_date NAME: neither command changes anything
up_to_date() {
    local before sums all
    before=$(left) sums=$(sums)
    "$coexsync" replay >/dev/null 2>"$work/err"
    same "$1: replay changes nothing" "$before" "$(left)"
    "$coexsync" replay --all --batch-rows 300 >/dev/null 2>"$work/err"
    same "$1: replay --all changes nothing" "$before" "$(left)"
    all=$(rebuilt)
    "$coexsync" replay --rebuild --batch-rows 300 >/dev/null 2>"$work/err"
    same "$1: a rebuild gives the same" "$all" "$(rebuilt)"
    same "$1: and the same sums of counts" "$sums" "$(sums)"
    clean "$1"
}
value() { # PHONE_NUMBER_ID WAMID
    local meta=
    [ -z "$1" ] || meta="\"metadata\":{\"display_phone_number\":\"$1\",\"phone_number_id\":\"$1\"},"
    printf '{"messaging_product":"whatsapp",%s"messages":[{"from":"15550000002","id":"wamid.%s","timestamp":"1767225600","type":"text","text":{"body":"x"}}]}' "$meta" "$2"
}
change() { printf '{"field":"messages","value":%s}' "$(value "$@")"; }
payload() { printf '{"object":"whatsapp_business_account","entry":[{"id":"","changes":[%s]}]}\n' "$(IFS=,; echo "$*")"; }
outdated() { sql "UPDATE coexsync.payload SET decoder_version = 0 ${1:-}"; }

# ---- up to date

fresh replay
"$coexsync" ingest "$fixture" $T --batch-rows 100 >/dev/null
up_to_date 'the fixture in many batches'
"$coexsync" replay --all >"$work/out"
same 'replay --all exits 0' 0 $?
same 'all payloads are known, all messages duplicates' \
    "payloads 38: 0 new, 38 known, 0 unusable
messages seen 2712 = 0 inserted + 0 enriched + 2712 duplicate + 0 conflicting + 0 rejected + 0 excluded" \
    "$(head -n 2 "$work/out")"
"$coexsync" replay >"$work/out"
same 'without --all there is nothing to do' 'payloads 0: 0 new, 0 known, 0 unusable' "$(head -n 1 "$work/out")"
same 'the run is noted' 'replay 0' \
    "$(sql 'SELECT command || $$ $$ || exit_code FROM coexsync.run ORDER BY started_at DESC LIMIT 1')"
exits 'a moment of onboarding is no business of replay' 64 'onboarded-at does not go with replay' "$coexsync" replay $T
exits 'nor is a source' 64 'replay takes no argument' "$coexsync" replay "$fixture"
exits 'nor is a dry run' 64 'goes with ingest' "$coexsync" replay --dry-run
exits 'an account that is not there' 66 'no account' "$coexsync" replay --account 4711

# ---- an older decoder: it did not see a message, rejected an item, knew no phase

payload "$(change 109000000000001 Z1)" "$(change 109000000000001 Z2)" >"$work/older.json"
"$coexsync" ingest "$work/older.json" $T >/dev/null
want=$(left)
check 'status has nothing to say' test -z "$("$coexsync" status | grep older)"
sql "DELETE FROM coexsync.message WHERE wamid = 'wamid.Z2';
    INSERT INTO coexsync.reject SELECT account_id, sha256, '/entry/0', 'unknown_shape', 'not known then'
        FROM coexsync.payload WHERE source LIKE '%older.json';
    UPDATE coexsync.payload SET counts = '{\"seen\":1,\"inserted\":1,\"rejects\":1}' WHERE source LIKE '%older.json';
    UPDATE coexsync.chunk SET phase = NULL;
    UPDATE coexsync.payload SET decoder_version = 0"
same 'status says so' '39 payloads were decoded by an older version: coexsync replay decodes them again' \
    "$("$coexsync" status | tail -n 1)"
same 'status --json, too' '{"outdated_payloads" : 39}' "$("$coexsync" status --json | tail -n 1)"
clean 'an older decoder'
check 'replay exits 0' "$coexsync" replay --batch-rows 300
same 'the message is inserted' 1 "$(grep -o '= [0-9]* inserted' "$work/check.log" | tr -dc 0-9)"
same 'all is as if this decoder had read it at once' "$want" "$(left)"
clean 'mended'

# the same, one of many interrupted
want=$(left)
for round in 1 2 3; do
    outdated
    "$coexsync" replay --batch-rows 200 >/dev/null 2>&1 &
    pid=$!
    sleep "0.$((RANDOM % 5))$((RANDOM % 10))"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    "$coexsync" replay --batch-rows 200 >/dev/null 2>&1
done
same 'killed three times: the same command ends it' "$want" "$(left)"

# side by side, both of the same payloads
outdated
for n in 1 2 3; do "$coexsync" replay --batch-rows $((n * 150)) >"$work/out.$n" 2>&1 || echo "exit $?" >"$work/failed" & done
wait
same 'three at once: all of them end well' '' "$(cat "$work/failed" 2>/dev/null)"
same 'three at once: the same' "$want" "$(left)"

# rows that went missing under the same decoder come back, and are counted once
sql "DELETE FROM coexsync.chunk; DELETE FROM coexsync.message_event; DELETE FROM coexsync.message WHERE streams = 4"
check 'rows taken out by hand: replay --all' "$coexsync" replay --all
same 'are back' "$("$coexsync" digest)" "$(sed '/ total$/q' <<<"$want")"

# ---- rebuild: all or nothing

"$coexsync" replay --rebuild >/dev/null
want=$(left)
for signal in TERM KILL; do
    hold 'LOCK TABLE coexsync.chunk IN ACCESS EXCLUSIVE MODE' # of what comes in the middle
    "$coexsync" replay --rebuild >"$work/out" 2>"$work/err" &
    pid=$!
    waits $pid
    same "$signal: it is in the middle, the tables are emptied" 1 \
        "$(sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted")"
    kill -$signal $pid
    wait $pid 2>/dev/null
    code=$?
    same "$signal: exit code" $((128 + $(kill -l $signal))) $code
    release
    # what kill -9 leaves behind ends when its server process notices
    until [ "$(sql "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")" = 0 ]; do sleep 0.1; done
    same "$signal: nothing has changed" "$want" "$(left)"
    [ $signal = KILL ] || same 'the run is noted as ended' $code \
        "$(sql 'SELECT exit_code FROM coexsync.run ORDER BY started_at DESC LIMIT 1')"
done
check 'the same command makes it' "$coexsync" replay --rebuild
same 'and gives the same' "$want" "$(left)"

# what no payload says goes, what no payload can say stays
sql "INSERT INTO coexsync.media_file (account_id, wamid, media_id, outcome)
    SELECT account_id, wamid, media_id, 'downloaded' FROM coexsync.media_asset ORDER BY wamid, media_id LIMIT 1;
    INSERT INTO coexsync.message SELECT account_id, 'wamid.FALSE', key, thread_id, direction, sent_at, type, body, content,
        extra, status, reply_to, reply_key, streams, content_stream, direction_from, thread_from, time_from, conflicts
        FROM coexsync.message LIMIT 1"
check 'rebuild with a false row' "$coexsync" replay --rebuild
same 'the false row is gone' "$want" "$(left)"
same 'the file is still there' 1 "$(sql 'SELECT count(*) FROM coexsync.media_file')"
clean 'rebuilt'

# a batch that fails: nothing changes
raw() { sql "SELECT encode(sha256, 'hex') FROM coexsync.payload_raw ORDER BY sha256 DESC LIMIT 1"; }
sql "CREATE TABLE kept AS SELECT * FROM coexsync.payload_raw WHERE encode(sha256, 'hex') = '$(raw)';
    UPDATE coexsync.payload_raw SET bytes = substr(bytes, 1, length(bytes) - 3) WHERE encode(sha256, 'hex') = '$(raw)'"
before=$("$coexsync" digest)
exits 'damaged bytes are named' 74 "payload $(raw): its stored bytes are damaged" "$coexsync" replay --rebuild
same 'damaged bytes: nothing has changed' "$before" "$("$coexsync" digest)"
exits 'replay names them, too' 74 'its stored bytes are damaged' "$coexsync" replay --all
sql "UPDATE coexsync.payload_raw r SET bytes = k.bytes FROM kept k WHERE r.account_id = k.account_id AND r.sha256 = k.sha256;
    DROP TABLE kept"

# decoded by a version to come
sql "UPDATE coexsync.payload SET decoder_version = 99 WHERE encode(sha256, 'hex') = '$(raw)'"
exits 'a rebuild by an older program is refused' 78 '1 payloads were decoded by a newer version' "$coexsync" replay --rebuild
exits 'replay leaves it alone' 0 '1 payloads were decoded by a newer version' "$coexsync" replay --all
same 'as it is' 99 "$(sql "SELECT decoder_version FROM coexsync.payload WHERE encode(sha256, 'hex') = '$(raw)'")"

# ---- without raw bytes

fresh replay_raw
"$coexsync" ingest "$fixture" --no-raw >/dev/null
before=$(left) version=$(sql 'SELECT max(decoder_version) FROM coexsync.payload')
exits 'rebuild is refused' 78 'account 109000000000001: 38 payloads have no raw bytes' "$coexsync" replay --rebuild
check 'with the way to get them' grep -q '^hint: .* ingest their sources again without --no-raw' "$work/stderr"
check 'replay has nothing to do' "$coexsync" replay
outdated "WHERE kind = 'echoes'"
n=$(sql "SELECT count(*) FROM coexsync.payload WHERE decoder_version = 0")
exits 'replay says how many it cannot decode' 0 "^coexsync: payloads kept without their raw bytes, which cannot be decoded again: $n;" "$coexsync" replay
sql "UPDATE coexsync.payload SET decoder_version = $version"
same 'nothing has changed' "$before" "$(left)"
same 'the report says how many' '"without_raw":38' "$("$coexsync" report --json | grep -o '"without_raw":38')"
check 'the verdict gives it as a reason' grep -q payloads_without_raw <("$coexsync" report --json)
"$coexsync" export -o "$work/a.tar" >/dev/null
check 'the archive says how many' grep -qx 'Coexsync-Payloads-Without-Raw-Bytes: 38' <(tar -xOf "$work/a.tar" bag-info.txt)
outdated "WHERE kind = 'echoes'"
check 'given again, with their bytes' "$coexsync" ingest "$fixture"
same 'all have them' '38 0' "$(sql 'SELECT (SELECT count(*) FROM coexsync.payload_raw), count(*) FROM coexsync.payload WHERE decoder_version = 0' | tr '|' ' ')"
check 'given again, they are known' "$coexsync" ingest "$fixture"
same 'nothing is decoded twice' 'messages seen 0' "$(sed -n 's/ =.*//; 2p' "$work/check.log")"
check 'a rebuild is possible' "$coexsync" replay --rebuild
same 'it gives the same' "$(head -n 13 <<<"$before" | tail -n 1)" "$(total)"
clean 'given again, with their bytes'

# one without its bytes, and that of one of two accounts
fresh replay_one_raw
payload "$(change 111 N1)" >"$work/n1.json"
payload "$(change 333 N2)" >"$work/n2.json"
payload "$(change 333 N3)" >"$work/n3.json"
"$coexsync" ingest "$work/n1.json" "$work/n2.json" >/dev/null
"$coexsync" ingest --no-raw "$work/n3.json" >/dev/null
want=$(left)
false_row() {
    sql "INSERT INTO coexsync.message SELECT account_id, 'wamid.FALSE', key, thread_id, direction, sent_at, type, body, content,
        extra, status, reply_to, reply_key, streams, content_stream, direction_from, thread_from, time_from, conflicts
        FROM coexsync.message WHERE wamid = 'wamid.N1'"
}
false_row
before=$(left)
exits 'one without bytes: rebuild is refused' 78 'account 333: 1 payloads have no raw bytes' "$coexsync" replay --rebuild
same 'for the other account, too' "$before" "$(left)"
exits 'and for its own' 78 'account 333: 1 payloads have no raw bytes' "$coexsync" replay --rebuild --account 333
same 'nothing of it has changed' "$before" "$(left)"
check 'the other by itself is rebuilt' "$coexsync" replay --rebuild --account 111
same 'without the false row' "$want" "$(left)"
# the bytes go while it waits for its lock
false_row
before=$("$coexsync" digest)
hold "SELECT pg_advisory_lock_shared(1668244856, account_id) FROM coexsync.account WHERE name = '111'"
"$coexsync" replay --rebuild --account 111 >"$work/out" 2>"$work/err" &
pid=$!
waits $pid
sql "DELETE FROM coexsync.payload_raw USING coexsync.account a WHERE payload_raw.account_id = a.account_id AND name = '111'"
release
wait $pid
same 'the bytes go while a rebuild waits: it is refused' 78 $?
same 'and nothing has changed' "$before" "$("$coexsync" digest)"

# too large to be kept: that could not be decoded anyway
fresh replay_large
{ head -c 2000000 /dev/zero | tr '\0' ' ' | sed 's/^/{"phone_number_id":"109000000000001",/'; echo '}'; } >"$work/large.json"
"$coexsync" ingest "$fixture" "$work/large.json" --max-payload 1 --batch-rows 300 >/dev/null 2>&1
same 'one is too large' 'too_large 109000000000001' "$(sql "SELECT code || ' ' || name FROM coexsync.reject JOIN coexsync.account USING (account_id)")"
up_to_date 'one too large'
# of what an archive held and could not be read there are none either
fresh replay_archive
gzip -c "$fixture/0001.json" >"$work/0001.json.gz"
tar -C "$work" -cf "$work/nested.tar" 0001.json.gz
: >"$work/nothing.json"
"$coexsync" ingest "$fixture" "$work/nested.tar" "$work/nothing.json" --account 109000000000001 >/dev/null 2>&1
same 'refused in an archive' 'archive_nested empty' "$(sql "SELECT string_agg(code, ' ' ORDER BY code) FROM coexsync.reject")"
check 'a rebuild does without' "$coexsync" replay --rebuild --account 109000000000001
same 'they stay' 'archive_nested empty' "$(sql "SELECT string_agg(code, ' ' ORDER BY code) FROM coexsync.reject")"
clean 'refused in an archive'

# ---- what was refused for its signature stays out

fresh replay_refused
printf '{"metadata":{"phone_number_id":"109"},"messages":[{"from":"15550000002","id":"wamid.FORGED","timestamp":"1767225600","type":"text","text":{"body":"x"}}]}' >"$work/forged"
echo 'made-up secret' >"$work/secret"
chmod 600 "$work/secret"
"$coexsync" ingest "$work/forged" --app-secret-file "$work/secret" --require-signature >/dev/null 2>&1
for how in '' --all --rebuild; do
    "$coexsync" replay $how >/dev/null 2>&1
    same "refused, replay $how" 'unusable signature_not_valid 0' "$(sql "SELECT concat_ws(' ', kind, code, (SELECT count(*) FROM coexsync.message))
        FROM coexsync.payload JOIN coexsync.reject USING (account_id, sha256)")"
done
check 'given without the option it goes in' "$coexsync" ingest "$work/forged"
same 'and it is there' 'messages 0' "$(sql "SELECT concat_ws(' ', kind, (SELECT count(*) FROM coexsync.reject)) FROM coexsync.payload")"

# ---- rejects

fresh replay_rejects
body() { # ID CONTENT
    printf '{"metadata":{"display_phone_number":"15550000001","phone_number_id":"109"},"messages":[
{"from":"15550000002","id":"wamid.%s1","timestamp":"1767225600","type":"text","text":{"body":"a"}},
{"from":"15550000002","id":"wamid.%s2","timestamp":"1767225601","type":"order","order":%s},
{"from":"15550000002","timestamp":"1767225602","type":"text","text":{"body":"without id"}}]}\n' "$1" "$1" "$2"
}
{
    body A '{"n":1}'
    body B "{\"n\":$(head -c 140000 /dev/zero | tr '\0' 7)}"
    echo '{"metadata":{"phone_number_id":"109"},"messages":[{'
    body C '{"n":2}'
    echo 'no JSON at all {"x":1}'
} >"$work/rejects.ndjson"
echo 'just words' >"$work/words.txt"
"$coexsync" ingest "$work/rejects.ndjson" "$work/words.txt" >/dev/null 2>&1
same 'rejects of all kinds' 'id_missing:3 json_syntax:2 not_json:1 server_refused:1' \
    "$(sql "SELECT string_agg(code || ':' || n, ' ' ORDER BY code) FROM (SELECT code, count(*) AS n FROM coexsync.reject GROUP BY code) AS x")"
up_to_date 'rejects'
exits 'exit 3 while they remain, with their sources' 3 'rejects\.ndjson:' "$coexsync" replay
check 'words are named' grep -q 'words\.txt' "$work/stderr"
check 'where the rest can be read, without the files' grep -q 'coexsync reject list says where' "$work/stderr"
# refused by a server before, taken by this one
hash=$(sql "SELECT encode(sha256, 'hex') FROM coexsync.payload WHERE counts ->> 'seen' = '3' ORDER BY source LIMIT 1")
sql "DELETE FROM coexsync.message WHERE wamid = 'wamid.A2';
    INSERT INTO coexsync.reject SELECT account_id, sha256, 'message:00', 'server_refused', 'wamid.A2: then'
        FROM coexsync.payload WHERE encode(sha256, 'hex') = '$hash';
    UPDATE coexsync.payload SET counts = counts || '{\"inserted\":1,\"rejected\":2,\"rejects\":2}' WHERE encode(sha256, 'hex') = '$hash'"
clean 'a server refused it'
exits 'replay' 3 'rejects\.ndjson:' "$coexsync" replay
same 'the server takes it now' 'inserted 2 rejected 1' "$(sql "SELECT format('inserted %s rejected %s', counts ->> 'inserted', counts ->> 'rejected')
    FROM coexsync.payload WHERE encode(sha256, 'hex') = '$hash'")"
clean 'the server takes it'

# ---- accounts

found() { sql "SELECT string_agg(a.name || ':' || m.wamid, ' ' ORDER BY a.name, m.wamid) FROM coexsync.message m JOIN coexsync.account a USING (account_id)"; }
payload "$(change 111 A)" >"$work/one.json"
payload "$(change 111 B)" "$(change 333 C)" >"$work/two.json"
payload "$(change '' D)" >"$work/nobody.json"
payload "$(change 123456123 E)" >"$work/sample.json"
printf '{"metadata":{"display_phone_number":"15550000007"},"messages":[{"from":"15550000002","id":"wamid.F","timestamp":"1767225600"}]}' >"$work/business.json"

fresh replay_accounts
for account in '' 222 333 444; do
    "$coexsync" ingest ${account:+--account $account} "$work/one.json" "$work/sample.json" "$work/business.json" >/dev/null 2>&1
    [ "$account" != 333 ] || "$coexsync" ingest --account 333 "$work/two.json" "$work/nobody.json" >/dev/null 2>&1
done
"$coexsync" ingest "$work/nobody.json" >/dev/null 2>&1
up_to_date 'given with --account and without'
same '--account is remembered' '+15550000007:wamid.F 111:wamid.A 222:wamid.F 333:wamid.C 333:wamid.D 333:wamid.F 444:wamid.F' "$(found)"
outdated
"$coexsync" replay --account 111 >"$work/out" 2>&1
same 'replay --account takes the payloads of that account' 'payloads 1: 0 new, 1 known, 0 unusable' "$(head -n 1 "$work/out")"
"$coexsync" replay >/dev/null 2>&1
same 'the others afterwards' 0 "$(sql 'SELECT count(*) FROM coexsync.payload WHERE decoder_version = 0')"

# one payload of two accounts
fresh replay_two
"$coexsync" ingest "$work/two.json" >/dev/null
up_to_date 'two accounts'
want=$(left)
outdated
"$coexsync" replay >"$work/out"
same 'it is decoded once' 'payloads 1: 0 new, 1 known, 0 unusable' "$(head -n 1 "$work/out")"
same 'for both' "$want" "$(left)"
sql "INSERT INTO coexsync.message SELECT account_id, 'wamid.FALSE', key, thread_id, direction, sent_at, type, body, content,
        extra, status, reply_to, reply_key, streams, content_stream, direction_from, thread_from, time_from, conflicts
        FROM coexsync.message"
"$coexsync" replay --rebuild --account 111 >"$work/out"
same 'one account is rebuilt, the other is not' '111:wamid.B 333:wamid.C 333:wamid.FALSE' "$(found)"
"$coexsync" replay --rebuild >/dev/null
same 'both are rebuilt' "$want" "$(left)"

# its bytes are kept for the second one only
fresh replay_two_raw
"$coexsync" ingest --no-raw --account 111 "$work/two.json" >/dev/null
"$coexsync" ingest --account 333 "$work/two.json" >/dev/null
want=$("$coexsync" digest | grep -v payload)
outdated
"$coexsync" replay >"$work/out" 2>"$work/err"
same 'it is decoded from the bytes that are there' 'payloads 1: 0 new, 1 known, 0 unusable' "$(head -n 1 "$work/out")"
same 'for both' 0 "$(sql 'SELECT count(*) FROM coexsync.payload WHERE decoder_version = 0')"
same 'the facts are the same' "$want" "$("$coexsync" digest | grep -v payload)"

# an older decoder took it for nobody's; for one account's; for another's
nobodys() {
    sql "DELETE FROM coexsync.message; DELETE FROM coexsync.account WHERE account_id <> 0;
        UPDATE coexsync.payload_raw SET account_id = 0;
        UPDATE coexsync.payload SET account_id = 0, kind = 'unusable', dialect = NULL, decoder_version = 0, counts = '{\"rejects\":1}';
        INSERT INTO coexsync.reject SELECT 0, sha256, '', 'unknown_shape', 'not known then' FROM coexsync.payload"
}
named() { "$coexsync" digest | sort; }
fresh replay_named
"$coexsync" ingest "$work/one.json" >/dev/null
want=$(named)
nobodys
check 'nobody'"'"'s: replay exits 0' "$coexsync" replay
same 'nobody'"'"'s: as a fresh import, ledger and rejects too' "$want" "$(named)"
same 'the bytes are the account'"'"'s' '111' "$(sql 'SELECT name FROM coexsync.payload_raw JOIN coexsync.account USING (account_id)')"
clean 'nobody'"'"'s'
nobodys
check 'nobody'"'"'s: rebuild' "$coexsync" replay --rebuild
same 'nobody'"'"'s: rebuild, as a fresh import' "$want" "$(named)"

fresh replay_named
"$coexsync" ingest "$work/two.json" >/dev/null
want=$(named)
for table in message payload payload_raw account; do
    sql "DELETE FROM coexsync.$table WHERE account_id = (SELECT max(account_id) FROM coexsync.payload WHERE account_id <> 0)" 2>/dev/null
    [ $table != payload ] || break
done
sql "DELETE FROM coexsync.payload_raw r WHERE NOT EXISTS (SELECT FROM coexsync.payload p WHERE p.account_id = r.account_id);
    UPDATE coexsync.payload SET accounts = 1, decoder_version = 0"
check 'one of two was seen: replay' "$coexsync" replay
same 'one of two was seen: as a fresh import' "$want" "$(named)"
same 'both have the bytes' 2 "$(sql 'SELECT count(*) FROM coexsync.payload_raw')"
clean 'one of two'

# --account 333 was told that there is nothing of it, and this decoder finds some: what an import with
# --account gives, though the payload names 333 as well
fresh replay_named
"$coexsync" ingest "$work/two.json" >/dev/null
want=$(named)
sql "DELETE FROM coexsync.message WHERE wamid = 'wamid.C';
    UPDATE coexsync.payload SET decoder_version = 0, accounts = 1;
    UPDATE coexsync.payload SET kind = 'excluded', dialect = NULL, counts = '{}'
        WHERE account_id = (SELECT account_id FROM coexsync.account WHERE name = '333')"
check 'nothing of it then: replay' "$coexsync" replay
same 'nothing of it then: as a fresh import' "$want" "$(named)"
same 'nothing of it then: all are up to date' 0 "$(sql 'SELECT count(*) FROM coexsync.payload WHERE decoder_version = 0')"
clean 'nothing of it then'

fresh replay_named
"$coexsync" ingest "$work/one.json" >/dev/null
want=$("$coexsync" digest --account 111)
sql "UPDATE coexsync.account SET name = '999', phone_number_id = '999' WHERE account_id <> 0; UPDATE coexsync.payload SET decoder_version = 0"
check 'another'"'"'s: replay' "$coexsync" replay
same 'it is the account'"'"'s that it names' "$want" "$("$coexsync" digest --account 111)"
same 'what the other got is still there and counted' '111:wamid.A 999:wamid.A' "$(found)"
same 'as excluded' '999 excluded' "$(sql "SELECT name || ' ' || kind FROM coexsync.payload JOIN coexsync.account USING (account_id) WHERE name = '999'")"
clean 'another'"'"'s'
check 'another'"'"'s: again' "$coexsync" replay --all
clean 'another'"'"'s, again'
check 'its rebuild takes it away' "$coexsync" replay --rebuild --account 999
same 'it is the account'"'"'s alone' '111:wamid.A' "$(found)"
clean 'another'"'"'s, rebuilt'

# ---- beside a running import

"$tools/mkpayloads" --seed 3 --messages 8000 --threads 40 --days 180 --out "$work/many" >/dev/null
fresh replay_beside
"$coexsync" ingest "$work/many" >/dev/null
want=$("$coexsync" digest)
failed=
for round in 1 2; do
    fresh replay_beside
    find "$work/many" -name '*[02468].json' -print0 | xargs -0 "$coexsync" ingest >/dev/null
    outdated
    "$coexsync" ingest "$work/many" --batch-rows 300 >"$work/log.1" 2>&1 & pids=($!)
    "$coexsync" replay --batch-rows 400 >"$work/log.2" 2>&1 & pids+=($!)
    "$coexsync" replay --all --batch-rows 500 >"$work/log.3" 2>&1 & pids+=($!)
    [ $round = 1 ] || { "$coexsync" replay --rebuild >"$work/log.4" 2>&1 & pids+=($!); }
    for pid in "${pids[@]}"; do wait "$pid" || failed="$failed $round(exit $?)"; done
    [ "$("$coexsync" digest)" = "$want" ] || failed="$failed $round(digest)"
    "$coexsync" check --data >"$work/log" 2>&1 || failed="$failed $round(check: $(tail -n 3 "$work/log"))"
done
same 'beside an import and another replay' '' "$failed"
finish
