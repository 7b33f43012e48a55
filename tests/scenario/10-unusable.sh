#!/usr/bin/env bash
# Payloads that are unusable as a whole count against the account that their bytes name, else
# against that of --account; what names nobody is a reservation of every verdict.
. "$(dirname "$0")/common.sh"
chunk() { # PHONE_NUMBER_ID CHUNK_ORDER PROGRESS; as old as phase 2 is
    printf '{"object":"whatsapp_business_account","entry":[{"id":"209","changes":[{"field":"history","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550000001","phone_number_id":"%s"},"history":[{"metadata":{"phase":2,"chunk_order":%s,"progress":%s},"threads":[{"id":"15550000002","messages":[{"from":"15550000002","id":"wamid.C%s","timestamp":"1756684800","type":"text","text":{"body":"x"}}]}]}]}}]}]}\n' \
        "$1" "$2" "$3" "$2"
}
verdict() { sql "SELECT verdict || ' ' || array_to_string(reasons, ',') FROM coexsync.verdict WHERE phone_number_id = '$1'"; }
owners() { sql "SELECT string_agg(a.name || ':' || p.kind, ' ' ORDER BY p.source, a.name) FROM coexsync.payload p JOIN coexsync.account a USING (account_id)"; }
T=--onboarded-at=2026-01-02T00:00:00Z
chunk 109 1 100 >"$work/whole.json"
chunk 109 2 100 | head -c 300 >"$work/cut.json"

fresh unusable
exits 'a cut chunk beside the last one' 3 'cut\.json' "$coexsync" ingest "$work/whole.json" "$work/cut.json" $T
same 'belongs to the number in its bytes' '109:unusable 109:history' "$(owners)"
same 'the verdict counts it' 'complete_with_loss rejects' "$(verdict 109)"
check 'the report says so' sh -c "'$coexsync' report | grep -q 'could not be used: 1'"
check 'and not that nothing is lost' sh -c "! '$coexsync' report | grep -qE 'is lost|nothing of it'"
check 'data without findings' "$coexsync" check --data
"$coexsync" export -o "$work/a.tar" --as-of=2026-01-03T00:00:00Z >/dev/null
same 'the archive has its reject' 1 "$(tar -xOf "$work/a.tar" data/rejects.jsonl | grep -c json_truncated)"
tar=$(sha256sum <"$work/a.tar")
fresh unusable
mkdir "$work/elsewhere"
{ cat "$work/whole.json" && cat "$work/cut.json"; } >"$work/elsewhere/both.ndjson"
"$coexsync" ingest "$work/elsewhere" $T >/dev/null 2>&1
"$coexsync" export -o "$work/b.tar" --as-of=2026-01-03T00:00:00Z >/dev/null
same 'from another place the same archive' "$tar" "$(sha256sum <"$work/b.tar")"
exits 'again: known, and still 3' 3 'cut\.json' "$coexsync" ingest "$work/whole.json" "$work/cut.json"
exits 'nothing usable, known' 65 'none of 1 payloads is usable' "$coexsync" ingest "$work/cut.json"
same 'the count says so, too' 'payloads 1: 0 new, 1 known, 1 unusable' "$(grep '^payloads' "$work/stdout")"
exits 'the same for the account that is named' 65 'none of 1' "$coexsync" ingest --account 109 "$work/cut.json"
check 'a foreign one that is known is not unusable' "$coexsync" ingest --account 222 "$work/cut.json"
check 'likewise the second time' "$coexsync" ingest --account 222 "$work/cut.json"

# whose: white space, escapes, several that agree, several that do not, none
fresh unusable
printf '{"a":1,"phone_number_id" : \n "109", oops' >"$work/1.json"
printf '{"body":"{\\"phone_number_id\\":\\"109\\",\\"x\\":1}", oops' >"$work/2.json"
printf '{"phone_number_id":"109","b":{"phone_number_id":"109"}, oops' >"$work/3.json"
printf '{"phone_number_id":"109","b":{"phone_number_id":"110"}, oops' >"$work/4.json"
printf '{"phone_number_id":"109x","phone_number_id":109,"phone_number_id":"", oops' >"$work/5.json"
printf '{"phone_number_id":"123456789012345678901234567890123", oops' >"$work/6.json"
printf 'phone_number_id":"109", and "phone_number_id":"109' >"$work/7.json"
printf '{"wrapped":{"phone_number_id":"109","what":"nobody knows"}}' >"$work/8.json"
printf '{"phone_number_id":"109' >"$work/9.json"
exits 'none is usable' 65 'none of 9 payloads' "$coexsync" ingest "$work"/[1-9].json
same 'whose they are' "$(echo {109,109,109,-,-,-,-,109,-}:unusable)" "$(owners)"
exits 'none is usable, known' 65 'none of 9 payloads' "$coexsync" ingest "$work"/[1-9].json $T
same 'what names nobody has no onboarding' '109' "$(sql "SELECT string_agg(name, ' ') FROM coexsync.activation JOIN coexsync.account USING (account_id)")"
check 'an account of such payloads alone is shown, with their number' \
    sh -c "'$coexsync' report | tr -s ' ' | grep -q 'with rejects 4'"
check 'with a moment of onboarding' "$coexsync" activation list
"$coexsync" ingest "$work/whole.json" $T >/dev/null 2>&1
same 'those of nobody are a reservation' 'complete_with_loss rejects,unusable_payloads' "$(verdict 109)"

# --account NAME: what names no number is its; what names another is excluded
fresh unusable
exits 'a foreign one beside what names none' 65 'none of' "$coexsync" ingest --account 109 "$work/5.json"
printf '{"phone_number_id":"222", oops' >"$work/foreign.json"
check 'a foreign one alone' "$coexsync" ingest --account 109 "$work/foreign.json"
same 'whose they are now' '109:unusable 109:excluded' "$(owners)"
exits 'without a name it is the number'"'"'s' 65 'none of' "$coexsync" ingest "$work/foreign.json"
same 'and no longer excluded alone' '109:unusable 109:excluded 222:unusable' "$(owners)"

# dropped of one account, and of all; where it is only excluded it is no unusable one
fresh dropped
"$coexsync" ingest "$work/foreign.json" >/dev/null 2>&1
"$coexsync" ingest --account 109 "$work/foreign.json" >/dev/null 2>&1
for account in 109 222; do "$coexsync" ingest --account $account "$work/5.json" $T >/dev/null 2>&1; done
foreign=$(sha256sum <"$work/foreign.json" | cut -d ' ' -f 1)
nobody=$(sha256sum <"$work/5.json" | cut -d ' ' -f 1)
same 'in both accounts' '109:unusable 222:unusable 109:excluded 222:unusable' "$(owners)"
same 'the list of one' 222,222 "$("$coexsync" reject list --account 222 | awk '{print $1}' | paste -sd,)"
exits 'not of all accounts' 64 'is usable' "$coexsync" reject drop "$foreign"
same 'then of none' '109:unusable 222:unusable 109:excluded 222:unusable' "$(owners)"
check 'of the one that is named' "$coexsync" reject drop --account 222 "$foreign"
same 'the other has it still' '109:unusable 222:unusable 109:excluded' "$(owners)"
check 'of all' "$coexsync" reject drop "$nobody"
same 'nobody has it' '109:excluded' "$(owners)"

# the same verdict in both orders
fresh unusable
"$coexsync" ingest "$work/whole.json" $T >/dev/null
same 'nothing lost, before' 'complete ' "$(verdict 109)"
"$coexsync" export -o "$work/before.tar" --as-of=2026-01-03T00:00:00Z --previous=none >/dev/null
check 'the report says so' sh -c "'$coexsync' report | grep -q 'no item or file of them is lost'"
exits 'of nobody' 65 'none of' "$coexsync" ingest "$work/5.json"
check 'the reservation is there' sh -c "'$coexsync' report | tr -s ' \n' '  ' | grep -q 'cannot be used and name no number: 1;'"
check 'with what to do' sh -c "'$coexsync' report | tr -s ' \n' '  ' | grep -q -- '--account'"
check 'the word is the same, but nobody says that nothing is lost' \
    sh -c "'$coexsync' report | grep -q 'verdict: complete,' && ! '$coexsync' report | grep -q 'is lost'"
"$coexsync" export -o "$work/after.tar" --as-of=2026-01-03T00:00:00Z --previous=none >/dev/null
check 'the archive of the account is the same, byte for byte' cmp "$work/before.tar" "$work/after.tar"
exits 'given to the account' 65 'none of' "$coexsync" ingest --account 109 "$work/5.json"
same 'its, and nobody'"'"'s no longer' 'complete_with_loss rejects' "$(verdict 109)"
check 'no reservation' sh -c "! '$coexsync' report | grep -q unusable_payloads"
check 'data without findings' "$coexsync" check --data

# one too large names its number in its beginning
fresh unusable
{ chunk 109 1 50 | head -c 400; head -c 2000000 /dev/zero | tr '\0' ' '; } >"$work/large.json"
exits 'too large' 65 'none of' "$coexsync" ingest --max-payload 1 "$work/large.json"
same 'whose it is' '109:unusable too_large' "$(owners) $(sql 'SELECT code FROM coexsync.reject')"

# whole, and too large only for that run
fresh unusable
wide="SELECT '{' || repeat(' ', 2000000) || substr('$(cat "$work/whole.json")', 2) AS body"
sql "$wide" | head -c -1 >"$work/wide.json"
exits 'too large for one run' 65 'none of' "$coexsync" ingest --max-payload 1 "$work/wide.json"
check 'with a greater limit it goes in' "$coexsync" ingest "$work/wide.json"
kept() { sql 'SELECT (SELECT count(*) FROM coexsync.chunk), (SELECT count(*) FROM coexsync.payload_raw), (SELECT count(*) FROM coexsync.reject)'; }
same 'nothing of the refusal is left' '109:history 1|1|0' "$(owners) $(kept)"
check 'a copy that is too large, with a time: exits 0' "$coexsync" ingest --max-payload 1 \
    --from-query "$wide, timestamptz '2026-01-01T00:00:00Z' AS received_at"
same 'takes nothing away' '109:history 1|1|0' "$(owners) $(kept)"

# an item that is broken beside a good one, in a payload of one account
fresh unusable
sed 's/"entry":\[/"entry":[17,/' "$work/whole.json" >"$work/beside.json"
exits 'a broken entry beside a good one' 3 'beside' "$coexsync" ingest "$work/beside.json"
same 'counts against its account' '109:history not_an_object' "$(owners) $(sql 'SELECT code FROM coexsync.reject')"
# what of a payload is nobody's, where the rest is somebody's
"$coexsync" ingest "$root/fixtures/decode-mixed/payload.json" >/dev/null 2>&1
same 'the list calls whole only what reject drop takes' '' "$("$coexsync" reject list | awk '$3 == "whole" {print $2}' |
    sort -u | while read -r hash; do "$coexsync" reject drop "$hash" 2>&1; done)"
check 'its items are listed' sh -c "'$coexsync' reject list | grep -q '^-  .*  item  no_account  '"

# ---- a file that was cut, and came whole later ---------------------------------------------------
fresh cut
"$tools/mkpayloads" --messages 200 --threads 3 --chunks-only --out "$work/whole" >/dev/null
file=$(find "$work/whole" -type f | sort | head -n 1)
mkdir "$work/cut"
head -c $(($(stat -c %s "$file") - 50)) "$file" >"$work/cut/part.json"
echo '{ nobody' >"$work/cut/nobody.json"
exits 'cut files' 65 'part.json' "$coexsync" ingest "$work/cut"
check 'the whole ones' "$coexsync" ingest "$work/whole"
reasons='SELECT array_to_string(reasons, $$,$$) FROM coexsync.verdict'
check 'the cut one counts, and that of nobody' sh -c "echo ,'$(sql "$reasons")', | grep -q ,rejects,.*,unusable_payloads,"
check 'it is listed' sh -c "'$coexsync' reject list | grep -q '  whole  json_truncated  .*part.json'"
"$coexsync" reject list | awk '{print $2}' >"$work/hashes"
same 'both are' 2 "$(wc -l <"$work/hashes")"
usable=$(sql "SELECT encode(sha256, 'hex') FROM coexsync.payload WHERE kind = 'history' LIMIT 1")
exits 'what is usable stays' 64 'is usable' "$coexsync" reject drop "$usable"
exits 'no hash' 64 'no SHA-256' "$coexsync" reject drop part.json
check 'where they are' grep -q 'hint: as coexsync reject list shows them' "$work/stderr"
exits 'no such payload' 66 'no payload' "$coexsync" reject drop "$(printf '0%.0s' $(seq 64))"
exits 'nothing to do with it' 64 'list.*drop' "$coexsync" reject
# not while an import into the account, or a rebuild of it, goes on
hold "SELECT pg_advisory_xact_lock_shared(x'636f6578'::int, account_id) FROM coexsync.account"
"$coexsync" reject drop "$(head -n 1 "$work/hashes")" &
drop=$!
check 'dropping waits for who holds the account' waits $drop
release
wait $drop
same 'and then does it' 0 $?
sed -i 1d "$work/hashes"
check 'forgotten' sh -c "'$coexsync' reject drop $(tr '\n' ' ' <"$work/hashes")"
same 'no rejects are left' '' "$("$coexsync" reject list)"
same 'nor any word of them' 0 "$(sql "$reasons" | grep -cE 'rejects|unusable')"
check 'data without findings' "$coexsync" check --data
exits 'given again it is rejected again' 65 'part.json' "$coexsync" ingest "$work/cut"

# ---- equal ones are each named, in the first run as in others ------------------------------------
fresh equal
mkdir "$work/equal"
for name in a b c; do : >"$work/equal/$name.json"; done
for run in first second; do
    "$coexsync" ingest "$work/equal" >"$work/stdout" 2>"$work/stderr"
    same "$run: three are unusable" 1 "$(grep -c ' 3 unusable' "$work/stdout")"
    same "$run: three are named" 3 "$(grep -c 'equal/[abc].json' "$work/stderr")"
done
finish
