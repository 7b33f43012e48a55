#!/usr/bin/env bash
# diff says what ingest would do, and writes nothing.
. "$(dirname "$0")/common.sh"
fixture=$root/fixtures/activation
t=2026-03-01T09:00:00Z

# What a database holds: the digest, the ledger, accounts, runs.
holds() {
    "$coexsync" digest
    sql "SELECT 'account ' || count(*) FROM coexsync.account UNION ALL
        SELECT 'activation ' || count(*) FROM coexsync.activation UNION ALL
        SELECT 'run ' || count(*) FROM coexsync.run WHERE command IN ('diff', 'ingest')"
}
counts() { grep -E '^(payloads|messages|events) ' "$1"; }

fresh diff
before=$(holds)
"$coexsync" diff "$fixture" --onboarded-at=$t --batch-rows 200 >"$work/diff" 2>"$work/err"
same 'exits 0' 0 $?
same 'an empty database stays empty' "$before" "$(holds)"
same 'no temp table is left' 0 "$(sql "SELECT count(*) FROM pg_class WHERE relpersistence = 't'")"
"$coexsync" ingest "$fixture" --onboarded-at=$t --batch-rows 200 >"$work/ingest"
same 'the counts are those of the ingest' "$(counts "$work/ingest")" "$(counts "$work/diff")"
check 'files too old are named as lost' grep -qx '  files too_old: [0-9]*' "$work/diff"
same 'as many as there are then' \
    "$(sql "SELECT count(*) FROM coexsync.media_as_of('$t') WHERE state = 'too_old'")" \
    "$(sed -nE 's/^  files too_old: //p' "$work/diff")"

# on top of what is there: a name, a conflict, a rejected item, and a new message
contact=$(sql "SELECT identity FROM coexsync.contacts WHERE name_source = 'address_book' ORDER BY identity LIMIT 1")
name=$(sql "SELECT display_name FROM coexsync.contacts WHERE identity = '$contact'")
wamid=$(sql "SELECT wamid FROM coexsync.message WHERE type = 'text' AND streams = 1 AND conflicts = 0 ORDER BY wamid LIMIT 1")
thread=$(sql "SELECT thread_id FROM coexsync.message WHERE wamid = '$wamid'")
meta='"metadata":{"display_phone_number":"15550000001","phone_number_id":"109000000000001"}'
{
    printf '{"entry":[{"id":"209000000000001","changes":[{"field":"smb_app_state_sync","value":{%s,"state_sync":[{"type":"contact","contact":{"full_name":"Quite Another","phone_number":"%s"},"action":"add","metadata":{"timestamp":"1893456000"}}]}}]}]}\n' "$meta" "$contact"
    printf '{"entry":[{"id":"209000000000001","changes":[{"field":"messages","value":{%s,"messages":[{"from":"%s","id":"%s","timestamp":"1893456000","type":"text","text":{"body":"not what was said"}}]}}]}]}\n' "$meta" "$thread" "$wamid"
    printf '{"entry":[{"id":"209000000000002","changes":[{"field":"messages","value":{%s,"messages":[{"from":"%s","id":"wamid.NEW","timestamp":"1893456000","type":"text","text":{"body":"new"}},{"from":"%s","timestamp":"1893456000","type":"text","text":{"body":"without id"}}]}}]}]}\n' "$meta" "$thread" "$thread"
} >"$work/more.ndjson"
before=$(holds)
# the last is of another WABA: the account is written again, what it was stays that of the beginning
"$coexsync" ingest --dry-run --batch-rows 1 "$work/more.ndjson" >"$work/diff" 2>"$work/err"
same 'ingest --dry-run exits 3 for the rejected item' 3 $?
same 'nothing changes' "$before" "$(holds)"
same 'what it would do' "would rename 1 contacts
  $contact: $name -> Quite Another
would put 1 messages in conflict
  $wamid: content
would lose
  items rejected as id_missing: 1" "$(sed -n '/^would/,$p' "$work/diff")"
"$coexsync" ingest "$work/more.ndjson" >"$work/ingest" 2>/dev/null
same 'the counts are those of the ingest, again' "$(counts "$work/ingest")" "$(counts "$work/diff")"
said=$("$coexsync" report --json | grep -oE "\{\"wamid\":\"$wamid\"[^]]*\]\}")
hash_of() { sql "SELECT encode(sha256(convert_to('[\"text\", ' || to_json(body) || ', null]', 'UTF8')), 'hex')
    FROM coexsync.message_version WHERE wamid = '$wamid' AND stream = $1"; }
same 'the report lists it with the stream of each content' \
    "{\"wamid\":\"$wamid\",\"fields\":\"content\",\"contents\":[{\"sha256\":\"$(hash_of 8)\",\"stream\":\"live\"},{\"sha256\":\"$(hash_of 1)\",\"stream\":\"history\"}]}" "$said"
"$coexsync" diff "$work/more.ndjson" >"$work/diff" 2>"$work/err"
check 'all known: nothing to lose' grep -qx 'would lose nothing' "$work/diff"

exits 'run does not take it' 64 'goes with ingest' "$coexsync" run --dry-run "$fixture"

# a row that the server refuses is found between savepoints, and the rest goes on
huge=$(head -c 140000 /dev/zero | tr '\0' 7)
for n in 1 "$huge" 2; do
    printf '{%s,"messages":[{"from":"%s","id":"wamid.N%s","timestamp":"1767225601","type":"order","order":{"n":%s}}]}\n' "$meta" "$thread" "${n:0:2}" "$n"
done >"$work/refused.ndjson"
before=$(holds)
"$coexsync" diff "$work/refused.ndjson" >"$work/diff" 2>"$work/err"
same 'a refused row: exits 3' 3 $?
check 'two inserted, one rejected' grep -q '= 2 inserted .* 1 rejected' "$work/diff"
check 'and named' grep -qx '  items rejected as server_refused: 1' "$work/diff"
same 'a refused row: nothing changes' "$before" "$(holds)"

# many batches, one transaction: a table made for each would keep its locks to the end
catalog() { sql "SELECT n_tup_ins FROM pg_stat_sys_tables WHERE relname = 'pg_class'"; }
many() {
    for n in {1..40}; do
        printf '{%s,"messages":[{"from":"%s","id":"wamid.MANY%s","timestamp":"1767225601","type":"text","text":{"body":"%s"}}]}\n' "$meta" "$thread" "$n" "$1"
    done
}
many said >"$work/many.ndjson"
"$coexsync" ingest "$work/many.ndjson" >/dev/null
many otherwise >"$work/more.ndjson"
before=$(catalog)
"$coexsync" diff "$work/more.ndjson" --batch-rows 1 >"$work/diff" 2>"$work/err"
same 'many batches: exits 0' 0 $?
check 'all in conflict' grep -q ' 40 conflicting ' "$work/diff"
check 'tables are made once' test $(($(catalog) - before)) -lt 100

# what people call themselves cannot write lines of its own
for name in 'a%s\u001b[31m' 'b%n\nwould lose nothing\u0007'; do
    printf '{%s,"state_sync":[{"type":"contact","contact":{"full_name":"%s","phone_number":"15550000077"},"action":"add","metadata":{"timestamp":"1767225601"}}]}\n' "$meta" "$name" >"$work/name.json"
    "$coexsync" diff "$work/name.json" >"$work/diff" 2>"$work/err"
    "$coexsync" ingest "$work/name.json" >/dev/null
done
check 'names are printable' grep -qx '  15550000077: .*%.* -> .*%.*' "$work/diff"
same 'of each line one' 1 "$(grep -c '^would lose' "$work/diff")"
same 'without control characters' 0 "$(tr -d '\n' <"$work/diff" | LC_ALL=C grep -c '[[:cntrl:]]')"

# nothing usable: what an import says of it
printf '{"cut":' >"$work/cut.json"
exits 'nothing usable: 65' 65 'none of 1 payloads is usable' "$coexsync" diff "$work/cut.json"
check 'with its counts' grep -qx 'payloads 1: 1 new, 0 known, 1 unusable' "$work/stdout"
check 'and what would be lost' grep -q '^would lose.*json_truncated\|json_truncated' "$work/stdout"

# stopped: TERM while it waits for its input
mkfifo "$work/pipe"
before=$(holds)
"$coexsync" diff - <"$work/pipe" >"$work/diff" 2>"$work/err" &
pid=$!
exec 9>"$work/pipe"
cat "$work/more.ndjson" >&9
becomes $pid "${is_open/holder/coexsync}"
sleep 0.5
kill -TERM $pid
exec 9>&-
wait $pid
same 'TERM: exit 143' 143 $?
same 'TERM: nothing is said to be saved' 'coexsync: stopped; a dry run writes nothing' "$(cat "$work/err")"
same 'TERM: nothing changes' "$before" "$(holds)"
finish
