#!/usr/bin/env bash
# Accounts: what --account leaves out comes in later; what names nobody belongs to who is named; samples
# and foreign values do not stand in the way; a run without and one with T, in any order, end alike.
. "$(dirname "$0")/common.sh"
value() { # PHONE_NUMBER_ID WAMID
    local meta=
    [ -z "$1" ] || meta="\"metadata\":{\"display_phone_number\":\"$1\",\"phone_number_id\":\"$1\"},"
    printf '{"messaging_product":"whatsapp",%s"messages":[{"from":"15550000002","id":"wamid.%s","timestamp":"1767225600","type":"text","text":{"body":"x"}}]}' \
        "$meta" "$2"
}
change() { printf '{"field":"messages","value":%s}' "$(value "$@")"; }
payload() { printf '{"object":"whatsapp_business_account","entry":[{"id":"","changes":[%s]}]}\n' "$(IFS=,; echo "$*")"; }
found() { sql "SELECT string_agg(a.name || ':' || m.wamid, ' ' ORDER BY m.wamid) FROM coexsync.message m JOIN coexsync.account a USING (account_id)"; }
payload "$(change 111 A)" >"$work/one.json"
payload "$(change 111 B)" "$(change 333 C)" >"$work/two.json"
payload "$(change '' D)" >"$work/nobody.json"
payload "$(change 123456123 E)" >"$work/sample.json"

fresh accounts
check 'another account is named: nothing of it' "$coexsync" ingest --account 222 "$work/one.json" "$work/two.json"
same 'all is excluded' '' "$(found)"
check 'one of two is named' "$coexsync" ingest --account 333 "$work/two.json"
same 'its half is in' '333:wamid.C' "$(found)"
check 'without a name' "$coexsync" ingest "$work/one.json" "$work/two.json"
same 'the rest is in' '111:wamid.A 111:wamid.B 333:wamid.C' "$(found)"
check 'again' "$coexsync" ingest "$work/one.json" "$work/two.json"
same 'all known' 'payloads 2: 0 new, 2 known, 0 unusable' "$(head -n 1 "$work/check.log")"
check 'data without findings' "$coexsync" check --data

# two copies of it are asked about at once, one of two accounts has it: it is not known for that
fresh accounts
"$coexsync" ingest --account 333 "$work/two.json" >/dev/null
cp "$work/two.json" "$work/copy.json"
check 'half known, given twice' "$coexsync" ingest "$work/two.json" "$work/copy.json"
same 'one of them is new' 'payloads 2: 1 new, 1 known, 0 unusable' "$(head -n 1 "$work/check.log")"
same 'the other half is in' '111:wamid.B 333:wamid.C' "$(found)"

# the writers still name the account that is left out when the reader is done
fresh accounts
"$coexsync" ingest --no-raw "$work/two.json" >/dev/null
check 'known to two, given with its bytes to one' "$coexsync" ingest --account 333 "$work/two.json"
same 'they are kept for that one' 333 \
    "$(sql "SELECT string_agg(name, ' ') FROM coexsync.payload_raw JOIN coexsync.account USING (account_id)")"
same 'and the facts are the same' '111:wamid.B 333:wamid.C' "$(found)"
check 'given to it again' "$coexsync" ingest --account 333 "$work/two.json"
same 'it is known, though the other has no bytes' 'messages seen 0' "$(sed -n 's/ =.*//; 2p' "$work/check.log")"
check 'without bytes to both' "$coexsync" ingest --no-raw "$work/two.json"
same 'it is known, for they are not wanted' 'messages seen 0' "$(sed -n 's/ =.*//; 2p' "$work/check.log")"

fresh accounts
"$coexsync" ingest "$work/one.json" "$work/two.json" >/dev/null
exits 'an account that none of it names' 0 'account 999 got none of the messages' "$coexsync" ingest --account 999 "$work/one.json"
"$coexsync" ingest --account 998 "$work/two.json" --onboarded-at=2026-01-02T00:00:00Z >"$work/log" 2>&1
same 'status shows no account that report does not' 0 "$("$coexsync" status | grep -c 'account 99[89]')"
check 'its own, in silence' sh -c "'$coexsync' ingest --account 111 '$work/one.json' 2>&1 | grep -c 'got none' | grep -qx 0"
exits 'names nobody' 65 'none of 1 payloads is usable' "$coexsync" ingest "$work/nobody.json"
same 'the reason is kept' no_account "$(sql 'SELECT code FROM coexsync.reject')"
check 'named now' "$coexsync" ingest --account 111 "$work/nobody.json"
same 'it is in' 1 "$(sql "SELECT count(*) FROM coexsync.message WHERE wamid = 'wamid.D'")"
check 'again, without a complaint' "$coexsync" ingest --account 111 "$work/nobody.json"


# a payload that names no phone_number_id belongs to who is named, whatever it was before
printf '{"metadata":{"display_phone_number":"15550000007"},"messages":[{"from":"15550000002","id":"wamid.F","timestamp":"1767225600"}]}' >"$work/business.json"
check 'without a name it is the business number'"'"'s' "$coexsync" ingest "$work/business.json"
check 'with one it is that account'"'"'s' "$coexsync" ingest --account 444 "$work/business.json"
same 'both have it' '+15550000007 444' "$(sql "SELECT string_agg(a.name, ' ' ORDER BY a.name COLLATE \"C\") FROM coexsync.message m JOIN coexsync.account a USING (account_id) WHERE m.wamid = 'wamid.F'")"
for name in 444 555; do
    "$coexsync" ingest --account $name "$work/business.json" >"$work/log" 2>&1
done
check 'and is known to it then' "$coexsync" ingest --account 555 "$work/business.json"
same 'known' 'payloads 1: 0 new, 1 known, 0 unusable' "$(head -n 1 "$work/check.log")"

# the transaction that brings an account in is cancelled: its number is not what the next try gets
fresh accounts
hold 'LOCK TABLE coexsync.activation'
"$coexsync" ingest "$work/one.json" --onboarded-at=2026-01-02T00:00:00Z >"$work/out" 2>&1 &
pid=$!
waits $pid
same 'it is cancelled' t "$(sql "SELECT pg_cancel_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'coexsync' AND wait_event = 'relation'")"
release
wait "$pid"
same 'cancelled and tried again' 0 $?
same 'the message is in, and read' 'A 1' \
    "$(sql "SELECT right(min(m.wamid), 1) || ' ' || count(*) FROM coexsync.messages AS m JOIN coexsync.account USING (account_id)")"
check 'again' "$coexsync" ingest "$work/one.json" --onboarded-at=2026-01-02T00:00:00Z
same 'all known' 'payloads 1: 0 new, 1 known, 0 unusable' "$(head -n 1 "$work/check.log")"
check 'data without findings' "$coexsync" check --data
sql 'UPDATE coexsync.message SET account_id = 4711; DELETE FROM coexsync.activation_payload;
    UPDATE coexsync.activation SET account_id = 4711'
exits 'rows of nobody are found' 70 '[0-9] findings' "$coexsync" check --data
same 'by their account' 'activation of account 4711: no such account
messages of account 4711: no such account' "$(grep 'no such account' "$work/stdout" | sort)"

fresh accounts
check 'a sample of the dashboard beside a payload: one archive all the same' \
    "$coexsync" run "$work/one.json" "$work/sample.json" --onboarded-at=2026-01-02T00:00:00Z -o "$work/a.tar"
same 'the sample is excluded' '111:wamid.A' "$(found)"

# Somebody else writes a payload, without --account, while it is on its way with it: what the other left
# out of it, a second payload says, too, and that one is to give it, and once, where that is to be tried
# again
written() { # FILE...: they are in the database, but for their ledger rows, which table other has
    fresh accounts
    "$coexsync" ingest "$@" >/dev/null 2>&1
    sql "CREATE TABLE other AS SELECT p.* FROM coexsync.payload p JOIN coexsync.account USING (account_id) WHERE name = '111';
        DELETE FROM coexsync.payload p USING other o WHERE p.account_id = o.account_id"
}
is_third="datname = current_database() AND application_name = 'third'"
for_third="FROM pg_stat_activity AS s WHERE EXISTS (SELECT FROM pg_stat_activity AS t WHERE $is_third AND t.pid = ANY (pg_blocking_pids(s.pid)))"
meanwhile() { # FIRST SECOND FILE...: what the other does before the first attempt ends, and before the second
    local other pid
    mkfifo "$work/other"
    PGAPPNAME=holder psql -qX <"$work/other" >/dev/null & # the other
    other=$!
    exec 3>"$work/other"
    rm "$work/other"
    echo "BEGIN; $1;" >&3
    becomes $other "$is_open"
    "$coexsync" ingest "${@:3}" --account 111 --jobs 1 >"$work/out" 2>&1 &
    pid=$!
    waits $pid
    # a third waits for the end of this attempt, and the next one for it
    PGAPPNAME=third psql -qXAtc 'BEGIN; LOCK TABLE coexsync.message IN SHARE MODE; SELECT pg_sleep(900)' >/dev/null 2>&1 &
    becomes $! "SELECT count(*) = 1 FROM pg_stat_activity WHERE $is_third AND wait_event_type = 'Lock'"
    echo 'COMMIT;' >&3
    exec 3>&-
    becomes $pid "SELECT count(*) = 1 $for_third"
    sql "$2"
    sql "SELECT pg_cancel_backend(pid) $for_third" >/dev/null
    sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE $is_third" >/dev/null
    ends 'written by somebody else meanwhile: it comes to its end' 60 $pid
}
payload "$(change 111 B)" "$(change '' D)" >"$work/half.json"
written "$work/half.json"
meanwhile 'INSERT INTO coexsync.payload TABLE other' '' "$work/half.json" "$work/nobody.json"
same 'it is known' 'payloads 2: 1 new, 1 known, 0 unusable' "$(head -n 1 "$work/out")"
same 'what only the second gives is in, and counted as inserted' \
    'messages seen 1 = 1 inserted + 0 enriched + 0 duplicate + 0 conflicting + 0 rejected + 0 excluded' "$(sed -n 2p "$work/out")"
same 'once' '111:wamid.B 111:wamid.D' "$(found)"
check 'data without findings' "$coexsync" check --data

# several of them; the one that was to give it is then written, too, and one is no longer there
payload "$(change 111 B0)" "$(change '' E)" >"$work/half0.json"
payload "$(change 111 B1)" "$(change '' D)" >"$work/half1.json"
payload "$(change 111 B2)" "$(change '' D)" >"$work/half2.json"
payload "$(change 111 B3)" "$(change '' D)" "$(change '' E)" >"$work/half3.json"
written "$work"/half[0-3].json
sql "DELETE FROM coexsync.message WHERE wamid = 'wamid.B0'"
meanwhile "INSERT INTO coexsync.payload SELECT * FROM other WHERE source NOT LIKE '%half3.json'" \
    "INSERT INTO coexsync.payload SELECT * FROM other WHERE source LIKE '%half3.json';
    DELETE FROM coexsync.payload USING coexsync.account a WHERE payload.account_id = a.account_id AND name = '111' AND source LIKE '%half0.json'" \
    "$work"/half[0-3].json "$work/nobody.json"
same 'several: three are known' 'payloads 5: 2 new, 3 known, 0 unusable' "$(head -n 1 "$work/out")"
same 'several: what the others give is counted' \
    'messages seen 3 = 3 inserted + 0 enriched + 0 duplicate + 0 conflicting + 0 rejected + 0 excluded' "$(sed -n 2p "$work/out")"
same 'several: all is in, once' '111:wamid.B0 111:wamid.B1 111:wamid.B2 111:wamid.B3 111:wamid.D 111:wamid.E' "$(found)"
check 'several: data without findings' "$coexsync" check --data

# T given before, after, or beside
fixture=$root/fixtures/activation
T=--onboarded-at=2026-03-01T09:00:00Z
fresh accounts
"$coexsync" ingest "$fixture" $T >/dev/null
with=$("$coexsync" digest | grep -v ' payload -$')
fresh accounts
"$coexsync" ingest "$fixture" >/dev/null
"$coexsync" ingest "$fixture" $T >/dev/null
same 'T given afterwards' "$with" "$("$coexsync" digest | grep -v ' payload -$')"
failed=
for round in 1 2 3 4 5; do
    fresh accounts
    "$coexsync" ingest "$fixture" --batch-rows 100 >/dev/null 2>&1 &
    "$coexsync" ingest "$fixture" --batch-rows 100 $T >/dev/null 2>&1 || failed="$failed $round(exit)"
    wait
    [ "$("$coexsync" digest | grep -v ' payload -$')" = "$with" ] || failed="$failed $round"
done
same 'T given by one of two side by side' '' "$failed"

# T afterwards, of payloads without history: the activation is there all the same
printf '{"metadata":{"display_phone_number":"15550000001","phone_number_id":"109"},"state_sync":[{"type":"contact","contact":{"full_name":"Bronwi","phone_number":"15550000002"},"action":"add","metadata":{"timestamp":"1767225600"}}]}' >"$work/contacts.json"
activations='SELECT count(*) FROM coexsync.activation'
fresh accounts
"$coexsync" ingest "$work/contacts.json" >/dev/null
"$coexsync" ingest "$work/contacts.json" $T --account=108 >/dev/null 2>&1
same 'T given afterwards is of the account that it is given for' 0 \
    "$(sql "$activations WHERE account_id = (SELECT account_id FROM coexsync.account WHERE name = '109')")"
"$coexsync" ingest "$work/contacts.json" $T >/dev/null
same 'T given afterwards of contacts alone' 1 \
    "$(sql "$activations WHERE account_id = (SELECT account_id FROM coexsync.account WHERE name = '109')")"

# T afterwards, of payloads of several accounts in turn, and of one that is of two
history() { printf '{"field":"history","value":{"metadata":{"display_phone_number":"%s","phone_number_id":"%s"},"history":[{"metadata":{"phase":0,"chunk_order":%s,"progress":100},"threads":[]}]}}' "$1" "$1" "$2"; }
for order in 1 2 3 4; do
    payload "$(history 109 $order)" && payload "$(history 110 $order)"
done >"$work/histories.ndjson"
payload "$(history 109 5)" "$(history 110 6)" >>"$work/histories.ndjson"
links="SELECT string_agg(a.name || ':' || n, ' ' ORDER BY a.name) FROM (SELECT account_id, count(*) AS n
    FROM coexsync.activation_payload GROUP BY account_id) AS l JOIN coexsync.account AS a USING (account_id)"
fresh accounts
"$coexsync" ingest "$work/histories.ndjson" >/dev/null
"$coexsync" ingest "$work/histories.ndjson" $T >/dev/null
same 'T given afterwards to several' '109:5 110:5' "$(sql "$links")"
fresh accounts
"$coexsync" ingest "$work/histories.ndjson" >/dev/null
"$coexsync" ingest "$work/histories.ndjson" $T --account=110 >/dev/null
same 'T given afterwards to one of several' '110:5' "$(sql "$links")"

# of several accounts that are there, the archive is of the one that was given, also when it is given
# again; of several that are given none can be it
fresh accounts
sed s/109/110/g "$work/contacts.json" >"$work/others.json"
"$coexsync" ingest "$work/contacts.json" "$work/others.json" >/dev/null
exits 'an archive of several accounts' 64 'the payloads are in.*is of 2 accounts' \
    "$coexsync" run "$work/contacts.json" "$work/others.json" -o "$work/several.tar"
exits 'a page of several accounts' 64 'a page is of one' "$coexsync" report --html "$work/several.html"
check 'where their names are' grep -q 'hint: .*coexsync status lists them' "$work/stderr"
check 'an archive of several accounts: there is none' test ! -e "$work/several.tar"
for time in once twice; do
    check "an archive of one of several accounts, $time" "$coexsync" run "$fixture" -o "$work/one.tar"
    same "it is of that one, $time" 109000000000001 \
        "$(tar -xOf "$work/one.tar" --wildcards '*data/account.json' | grep -oE '"phone_number_id":"[0-9]+"' | grep -oE '[0-9]+')"
done

# what --account leaves out is in the ledger of that account, and not in its archive
fresh accounts
"$coexsync" ingest "$work/contacts.json" --account=222 >/dev/null 2>&1
printf '{"metadata":{"display_phone_number":"15550000009","phone_number_id":"222"},"messages":[{"from":"15550000002","id":"wamid.Q","timestamp":"1767225600","type":"text","text":{"body":"q"}}]}' >"$work/own.json"
"$coexsync" ingest "$work/own.json" --account=222 >/dev/null
"$coexsync" export --account=222 -o "$work/222.tar" >/dev/null
same 'an archive holds no payload of somebody else' "data/payloads/$(sha256sum <"$work/own.json" | cut -c1-64).json" \
    "$(tar -tf "$work/222.tar" | grep ^data/payloads/)"
finish
