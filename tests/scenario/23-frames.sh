#!/usr/bin/env bash
# Small raw payloads lie together in frames: whatever lies where, facts and archives are the same;
# what is missing or damaged is found, and a payload that goes takes no other's bytes along.
. "$(dirname "$0")/common.sh"
RANDOM=${SEED:-4711}
as_of=--as-of=2026-03-02T09:00:00Z

# ---- 700 payloads: of 111, of 222, of both; each tenth too large to lie with others

awk -v in_one="$work/in.ndjson" -v in_array="$work/array.json" 'BEGIN {
    for (i = 1; i <= 700; i++) {
        text = "message " i
        if (i % 10 == 0)
            for (n = 0; n < 300; n++) text = text " and so on " i
        changes = ""
        for (number = 111; number <= 222; number += 111)
            if (i % 7 == 0 || i % 2 == (number == 111))
                changes = changes (changes == "" ? "" : ",") change(number, i, text)
        line = "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"9\",\"changes\":[" changes "]}]}"
        print line >in_one
        printf "%s%s", i == 1 ? "[" : ",\n", line >in_array
    }
    print "]" >in_array
}
function change(number, i, text) {
    return sprintf("{\"field\":\"messages\",\"value\":{\"messaging_product\":\"whatsapp\",\"metadata\":{\"display_phone_number\":\"1555%d\",\"phone_number_id\":\"%d\"},\"messages\":[{\"from\":\"1555000%04d\",\"id\":\"wamid.%d.%d\",\"timestamp\":\"%d\",\"type\":\"text\",\"text\":{\"body\":\"%s\"}}]}}", \
        number, number, i % 40, number, i, 1767225600 + i, text)
}'
head -n 300 "$work/in.ndjson" >"$work/first.ndjson"

# archives NAME: of both accounts
archives() {
    local account
    for account in 111 222; do
        "$coexsync" export --account $account $as_of -o "$work/$1.$account.tar" >/dev/null || return 1
    done
    cat "$work/$1".*.tar | sha256sum
}
framed() { sql 'SELECT count(*) FROM coexsync.payload WHERE frame IS NOT NULL'; }
raw() { sql 'SELECT count(*), sum(size_bytes) FROM coexsync.payload_raw'; }
places() { sql 'SELECT account_id, sha256, frame, frame_offset FROM coexsync.payload ORDER BY 1, 2;
    SELECT account_id, sha256, size_bytes, md5(bytes) FROM coexsync.payload_raw ORDER BY 1, 2'; }
# as_without NAME: what was imported, and that it lies together
as_without() {
    same "$1: the digest is that without frames" "$want" "$("$coexsync" digest)"
    same "$1: the archives are those without frames" "$want_archives" "$(archives frames)"
    check "$1: small payloads lie together" test "$(framed)" -ge 500
    check "$1: in few rows" test "$(sql 'SELECT count(*) FROM coexsync.payload_raw')" -lt 300
    check "$1: data without findings" "$coexsync" check --data
}

fresh frames
"$coexsync" ingest "$work/in.ndjson" --batch-rows 20 >/dev/null
same 'too few in a batch: each lies by itself' '0 800' "$(framed) $(sql 'SELECT count(*) FROM coexsync.payload_raw')"
check 'too few in a batch: data without findings' "$coexsync" check --data
want=$("$coexsync" digest) want_archives=$(archives singles)
same 'each account has an archive' 800 "$(cat "$work"/singles.*.tar | tar -tiv | grep -c 'data/payloads/')"

fresh frames
"$coexsync" ingest "$work/in.ndjson" --jobs 1 >/dev/null
as_without 'in one batch'
same 'frames hold 64 payloads at most, of one account' 64 "$(sql 'SELECT max(n) FROM (
    SELECT count(*) AS n FROM coexsync.payload WHERE frame IS NOT NULL GROUP BY account_id, frame) AS f')"
same 'the large ones lie by themselves' 0 "$(sql 'SELECT count(*) FROM coexsync.payload WHERE frame IS NOT NULL AND size_bytes >= 4096')"

# ---- again, and read back

before=$(places)
check 'given again' "$coexsync" ingest "$work/in.ndjson"
same 'given again: all are known' 'payloads 700: 0 new, 700 known, 0 unusable' "$(head -n 1 "$work/check.log")"
for how in '--all' '--all --batch-rows 20 --jobs 4' '--rebuild --batch-rows 300'; do
    # shellcheck disable=SC2086
    check "replay $how" "$coexsync" replay $how
    same "replay $how: the bytes lie where they lay" "$before" "$(places)"
    as_without "replay $how"
done
# copies that were signed are applied again
printf 'made-up secret' >"$work/secret"
chmod 600 "$work/secret"
/usr/bin/python3 - "$work/in.ndjson" >"$work/signed.ndjson" <<'END'
import hashlib, hmac, json, sys
for line in open(sys.argv[1], "rb"):
    body = line.rstrip(b"\n")
    mac = hmac.new(b"made-up secret", body, hashlib.sha256).hexdigest()
    print(json.dumps({"headers": {"X-Hub-Signature-256": "sha256=" + mac}, "body": body.decode()}))
END
check 'signed copies' "$coexsync" ingest "$work/signed.ndjson" --app-secret-file "$work/secret" --batch-rows 500
same 'signed copies: all are' 800 "$(sql "SELECT count(*) FROM coexsync.payload WHERE signature = 'valid'")"
same 'signed copies: the bytes lie where they lay' "$before" "$(places)"

# ---- other ways to give the same

fresh frames
"$coexsync" ingest "$work/array.json" --batch-rows 600 --jobs 4 >/dev/null
as_without 'as one array, four writers'

fresh frames
"$coexsync" ingest "$work/in.ndjson" --no-raw >/dev/null
same '--no-raw: no bytes' '0|' "$(raw)"
exits '--no-raw: no rebuild' 78 'payloads have no raw bytes' "$coexsync" replay --rebuild
check '--no-raw, then with' "$coexsync" ingest "$work/in.ndjson" --batch-rows 500
as_without '--no-raw, then with'
before=$(places)
"$coexsync" ingest "$work/in.ndjson" --no-raw --batch-rows 200 >/dev/null
"$coexsync" ingest "$work/signed.ndjson" --no-raw --app-secret-file "$work/secret" >/dev/null
same 'with, then --no-raw: the bytes lie where they lay' "$before" "$(places)"

fresh frames
"$coexsync" ingest "$work/first.ndjson" >/dev/null
before=$(sql 'SELECT account_id, sha256, frame, frame_offset FROM coexsync.payload ORDER BY 1, 2')
"$coexsync" ingest "$work/in.ndjson" --no-raw >/dev/null
check 'a part with bytes, all without, all with' "$coexsync" ingest "$work/signed.ndjson" --app-secret-file "$work/secret"
same 'a part with bytes: what had them keeps its place' "$before" "$(sql "SELECT account_id, sha256, frame, frame_offset
    FROM coexsync.payload WHERE source LIKE '%first%' ORDER BY 1, 2")"
as_without 'a part with bytes'

# the server refuses a message: the batch is written by halves
fresh frames
{
    cat "$work/in.ndjson"
    printf '{"metadata":{"phone_number_id":"111"},"messages":[{"from":"15550000002","id":"wamid.REFUSED","timestamp":"1767225601","type":"order","order":{"n":%s}}]}\n' \
        "$(head -c 140000 /dev/zero | tr '\0' 7)"
} >"$work/refused.ndjson"
exits 'a message is refused' 3 'refused\.ndjson' "$coexsync" ingest "$work/refused.ndjson" --jobs 1
same 'a message is refused: it alone' 'server_refused:1' "$(sql "SELECT code || ':' || count(*) FROM coexsync.reject GROUP BY code")"
check 'a message is refused: small payloads lie together' test "$(framed)" -ge 500
check 'a message is refused: data without findings' "$coexsync" check --data
same 'a message is refused: a rebuild comes to the same' "$(places; total)" "$("$coexsync" replay --rebuild >/dev/null 2>&1; places; total)"

# ---- killed in between

failed=
for round in $(seq 1 6); do
    fresh frames
    "$coexsync" ingest "$work/in.ndjson" --batch-rows 250 >/dev/null 2>&1 &
    pid=$!
    sleep "$(awk -v r="$RANDOM" 'BEGIN {printf "%.3f", r / 32768 * 0.2}')"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    "$coexsync" ingest "$work/in.ndjson" --batch-rows 300 >/dev/null 2>&1 || failed="$failed $round(exit)"
    [ "$("$coexsync" digest)" = "$want" ] || failed="$failed $round(digest)"
    [ "$(archives frames)" = "$want_archives" ] || failed="$failed $round(archives)"
    "$coexsync" check --data >"$work/log" 2>&1 || failed="$failed $round(check)"
done
same 'killed at any moment: the same' '' "$failed"

# ---- damage

fresh frames
"$coexsync" ingest "$work/in.ndjson" --jobs 1 >/dev/null
frame=$(sql "SELECT encode(frame, 'hex') FROM coexsync.payload JOIN coexsync.account USING (account_id)
    WHERE name = '111' AND frame IS NOT NULL ORDER BY sha256 LIMIT 1")
of_frame="encode(frame, 'hex') = '$frame'"
first=$(sql "SELECT encode(sha256, 'hex') FROM coexsync.payload WHERE $of_frame ORDER BY sha256 LIMIT 1")
second=$(sql "SELECT encode(sha256, 'hex') FROM coexsync.payload WHERE $of_frame AND accounts = 1 ORDER BY sha256 OFFSET 1 LIMIT 1")
sql 'CREATE TABLE kept AS TABLE coexsync.payload_raw; CREATE TABLE kept_ledger AS TABLE coexsync.payload'
heal() {
    sql 'DELETE FROM coexsync.payload_raw; INSERT INTO coexsync.payload_raw TABLE kept;
        DELETE FROM coexsync.payload; INSERT INTO coexsync.payload TABLE kept_ledger'
}
# not_read NAME PAYLOAD: neither by a replay nor by an export
not_read() {
    exits "$1: replay names the payload" 74 "payload $2: its stored bytes are damaged" "$coexsync" replay --all
    exits "$1: so does a rebuild" 74 "payload $2: its stored bytes are damaged" "$coexsync" replay --rebuild
    check "$1: with a remedy" grep -q '^hint: .* ingest the source again' "$work/stderr"
    exits "$1: no archive" 74 "${3:-payload $2: its stored bytes are damaged}" "$coexsync" export --account 111 $as_of -o "$work/damaged.tar"
    check "$1: the other account has one" "$coexsync" export --account 222 $as_of -o "$work/other.tar"
    heal
}
sql "UPDATE coexsync.payload_raw SET bytes = substr(bytes, 1, length(bytes) - 3) WHERE encode(sha256, 'hex') = '$frame'"
not_read 'a frame is cut off' "$first"
sql "UPDATE coexsync.payload SET frame_offset = frame_offset + 1 WHERE encode(sha256, 'hex') = '$second'"
not_read 'a place is wrong' "$second" 'stored bytes have another hash'
sql "UPDATE coexsync.payload SET frame_offset = 1000000 WHERE encode(sha256, 'hex') = '$second'"
exits 'a place outside is found' 70 '^coexsync: 1 finding' "$coexsync" check --data
check 'a place outside is named' grep -q "payload $second of account .*: it does not lie within its frame" "$work/stdout"
not_read 'a place is outside' "$second"
# the remedy that is named
sql "UPDATE coexsync.payload_raw SET bytes = substr(bytes, 1, length(bytes) - 3) WHERE encode(sha256, 'hex') = '$frame';
    DELETE FROM coexsync.payload_raw AS r USING coexsync.payload AS p
        WHERE r.account_id = p.account_id AND r.sha256 = coexsync.raw_sha256(p) AND encode(p.sha256, 'hex') = '$first'"
check 'damaged, deleted, given again' "$coexsync" ingest "$work/in.ndjson"
same 'is as before' "$want_archives" "$(archives frames)"
check 'and without findings' "$coexsync" check --data
heal
sql "UPDATE coexsync.payload SET frame_offset = NULL WHERE encode(sha256, 'hex') = '$second'"
"$coexsync" check --data >"$work/out" 2>&1
same 'no place is found' 1 "$(grep -c "payload $second .* does not lie within its frame" "$work/out")"
heal
same 'healed' "$want_archives" "$(archives frames)"

n=$(sql "SELECT count(*) FROM coexsync.payload WHERE $of_frame")
sql "DELETE FROM coexsync.payload_raw WHERE encode(sha256, 'hex') = '$frame'"
"$coexsync" check --data >"$work/out" 2>&1
same 'a missing frame is found, payload by payload' "$n" "$(grep -c 'the frame of its raw bytes is not there' "$work/out")"
exits 'a missing frame: no rebuild' 78 "$n payloads have no raw bytes" "$coexsync" replay --rebuild --account 111
check 'a missing frame: the archive says how many' "$coexsync" export --account 111 $as_of -o "$work/fewer.tar"
check 'in so many words' grep -qx "Coexsync-Payloads-Without-Raw-Bytes: $n" <(tar -xOf "$work/fewer.tar" bag-info.txt)
check 'a missing frame: given again' "$coexsync" ingest "$work/in.ndjson"
as_without 'a missing frame, given again'

sql "DELETE FROM coexsync.payload WHERE $of_frame"
"$coexsync" check --data >"$work/out" 2>&1
same 'a frame of nobody is found' 1 "$(grep -c "raw bytes $frame of account .*: no payload has them" "$work/out")"
heal
sql "UPDATE coexsync.payload_raw SET size_bytes = size_bytes + 1 WHERE (account_id, sha256) IN (
    SELECT account_id, sha256 FROM coexsync.payload WHERE frame IS NULL ORDER BY 1, 2 LIMIT 1)"
"$coexsync" check --data >"$work/out" 2>&1
same 'another size is found' 1 "$(grep -c 'its raw bytes are of another size' "$work/out")"
heal

# ---- payloads that go

# an older decoder took those of 111 for nobody's
sql "DELETE FROM coexsync.message WHERE account_id = (SELECT account_id FROM coexsync.account WHERE name = '111')"
for table in payload_raw payload; do
    sql "UPDATE coexsync.$table SET account_id = 0 WHERE account_id = (SELECT account_id FROM coexsync.account WHERE name = '111')"
done
sql "UPDATE coexsync.payload SET kind = 'unusable', dialect = NULL, counts = '{\"rejects\":1}', accounts = 1 WHERE account_id = 0;
    INSERT INTO coexsync.reject SELECT 0, sha256, '', 'unknown_shape', 'not known then' FROM coexsync.payload WHERE account_id = 0;
    DELETE FROM coexsync.payload p WHERE account_id = 0 AND EXISTS (SELECT FROM coexsync.payload q WHERE q.account_id <> 0 AND q.sha256 = p.sha256);
    DELETE FROM coexsync.payload_raw r WHERE account_id = 0 AND NOT EXISTS (SELECT FROM coexsync.payload p
        WHERE p.account_id = 0 AND r.sha256 = coexsync.raw_sha256(p));
    DELETE FROM coexsync.reject j WHERE NOT EXISTS (SELECT FROM coexsync.payload p WHERE p.account_id = j.account_id AND p.sha256 = j.sha256)"
frames_of_nobody() { sql "SELECT count(*) FILTER (WHERE encode(sha256, 'hex') = '$frame'), count(*) > 0 FROM coexsync.payload_raw WHERE account_id = 0"; }

# Somebody else, whose transaction is open, takes the rest of a frame away, or writes a payload that
# lies in it: the tool waits, and knows then what is left.
execute() { # STATEMENT ARGUMENTS
    printf 'PREPARE %s AS %s;\nEXECUTE %s (%s);\n' "$1" "$(cat "$root/sql/$1.sql")" "$1" "$2"
}
beside() { # SQL: within the transaction beside a replay of what is outdated
    local pid
    exec 3> >(PGAPPNAME=holder psql -qX -v ON_ERROR_STOP=1 >"$work/beside" 2>&1; echo closed >>"$work/beside")
    printf 'BEGIN;\n%s\n\\echo open\n' "$1" >&3
    until grep -qsE 'open|closed' "$work/beside"; do sleep 0.05; done
    "$coexsync" replay >"$work/out" 2>&1 &
    pid=$!
    waits $pid
    echo 'COMMIT;' >&3
    exec 3>&-
    wait $pid
    until grep -q closed "$work/beside"; do sleep 0.05; done
    same "$2: nobody fails" '' "$(grep ERROR "$work/beside")"
}
of_nobody="FROM coexsync.payload WHERE account_id = 0 AND $of_frame"
frames=$PGDATABASE
race() { # in a copy of the database
    PGDATABASE=postgres psql -qX -c "DROP DATABASE IF EXISTS race_$frames WITH (FORCE)" \
        -c "CREATE DATABASE race_$frames TEMPLATE $frames" 2>/dev/null
    export PGDATABASE=race_$frames
}
first=$(sql "SELECT encode(sha256, 'hex') $of_nobody ORDER BY sha256 LIMIT 1")
race
sql "UPDATE coexsync.payload SET decoder_version = CASE encode(sha256, 'hex') WHEN '$first' THEN 0 ELSE 99 END WHERE account_id = 0"
others=$(sql "SELECT quote_literal(array_agg(sha256)) $of_nobody AND encode(sha256, 'hex') <> '$first'")
beside "$(execute lock_dropped_raw "0, $others"; execute drop_payload "0, $others")" 'the last two of a frame go at once'
same 'the last two of a frame go at once: it goes, too' '0|t' "$(frames_of_nobody)"
race
sql "CREATE TABLE first AS SELECT * FROM coexsync.payload WHERE account_id = 0 AND encode(sha256, 'hex') = '$first';
    DELETE FROM coexsync.payload p USING first f WHERE p.account_id = f.account_id AND p.sha256 = f.sha256;
    UPDATE first SET decoder_version = 99;
    UPDATE coexsync.payload SET decoder_version = CASE WHEN $of_frame THEN 0 ELSE 99 END WHERE account_id = 0"
beside "CREATE TEMP TABLE stage_payload_raw ON COMMIT DROP AS
        SELECT * FROM coexsync.payload_raw WHERE account_id = 0 AND encode(sha256, 'hex') = '$frame';
    $(execute insert_payload_raw 0)
    INSERT INTO coexsync.payload TABLE first;" 'one comes while the others of its frame go'
same 'one comes while the others of its frame go: it stays' '1|t' "$(frames_of_nobody)"
same 'the others have gone' 1 "$(sql "SELECT count(*) $of_nobody")"
# as before, but the bytes come from somebody else, while it waits to write them
race
sql "CREATE TABLE first AS SELECT * FROM coexsync.payload WHERE account_id = 0 AND encode(sha256, 'hex') = '$first';
    CREATE TABLE bytes AS SELECT * FROM coexsync.payload_raw WHERE account_id = 0 AND encode(sha256, 'hex') = '$frame';
    DELETE FROM coexsync.payload p USING first f WHERE p.account_id = f.account_id AND p.sha256 = f.sha256;
    DELETE FROM coexsync.payload_raw r USING bytes b WHERE r.account_id = b.account_id AND r.sha256 = b.sha256;
    UPDATE first SET decoder_version = 99;
    UPDATE coexsync.payload SET decoder_version = CASE WHEN $of_frame THEN 0 ELSE 99 END WHERE account_id = 0"
exec 4> >(PGAPPNAME=holder psql -qX)
echo 'BEGIN; INSERT INTO coexsync.payload_raw TABLE bytes;' >&4
becomes $! "$is_open"
{
    waits $BASHPID
    echo 'COMMIT;' >&4
} &
beside "CREATE TEMP TABLE stage_payload_raw ON COMMIT DROP AS TABLE bytes;
    $(execute insert_payload_raw 0)
    INSERT INTO coexsync.payload TABLE first;" 'its bytes come from somebody else'
exec 4>&-
same 'its bytes come from somebody else: they stay' '1|t' "$(frames_of_nobody)"
export PGDATABASE=$frames
version=$(sql 'SELECT max(decoder_version) FROM coexsync.payload')
sql "UPDATE coexsync.payload SET decoder_version = 99 WHERE account_id = 0;
    UPDATE coexsync.payload SET decoder_version = 0 WHERE account_id = 0 AND sha256 = (
        SELECT sha256 FROM coexsync.payload WHERE account_id = 0 AND $of_frame ORDER BY sha256 LIMIT 1)"
check 'one is known now' "$coexsync" replay
same 'one is known now: it lies by itself' 'f' "$(sql "SELECT frame IS NOT NULL FROM coexsync.payload JOIN coexsync.account USING (account_id) WHERE name = '111'")"
same 'one is known now: the others have their frame' '1|t' "$(frames_of_nobody)"
check 'one is known now: data without findings' "$coexsync" check --data
sql "UPDATE coexsync.payload SET decoder_version = $version WHERE account_id = 0"
check 'all are known now' "$coexsync" replay
same 'all are known now: their frames have gone' '0|f' "$(frames_of_nobody)"
check 'all are known now: they lie together' test "$(framed)" -ge 400
check 'all are known now: data without findings' "$coexsync" check --data
check 'all are known now: a rebuild' "$coexsync" replay --rebuild
finish
