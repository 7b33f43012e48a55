#!/usr/bin/env bash
# What one payload of 16 MiB can hold takes neither much memory nor many rows; all of it is counted.
. "$(dirname "$0")/common.sh"
cd "$work" || exit 1
shopt -s lastpipe # a case reads its payload, and counts failures
value='{"metadata":{"display_phone_number":"15550000001","phone_number_id":"109"},'
payload() { # FIELD MEMBERS
    printf '{"object":"whatsapp_business_account","entry":[{"id":"209","changes":[{"field":"%s","value":%s%s}}]}]}' "$1" "$value" "$2"
}
# items N FORMAT: a list of N, each with its number in the place of %d
items() { seq -f "${2//%d/%.0f}" -s , 10000000 $((9999999 + $1)); }

# ingest NAME MIB FILE...: with its peak of memory
ingest() {
    local name=$1 limit=$(($2 << 10)) peak
    shift 2
    "$tools/measure" "$coexsync" ingest "$@" >stdout 2>stderr
    code=$?
    peak=$(sed -n 's/.*peak_kib \([0-9]*\).*/\1/p' stderr)
    check "$name: within $((limit >> 10)) MiB ($peak KiB)" [ "${peak:-999999}" -le "$limit" ]
}
rejects() { sql "SELECT concat_ws('|', count(*), sum(items), min(code), max(code)) FROM coexsync.reject"; }
counted() { sql "SELECT concat_ws('|', counts->>'seen', counts->>'rejected', counts->>'rejects') FROM coexsync.payload ORDER BY size_bytes"; }
# facts: what became of it, whatever the batches
facts() { "$coexsync" digest | grep -E '  reject |  payload ' && total; }

# ---- more rejected items than anybody reads -----------------------------------------------------
mkdir flood
{ printf '%s' '{"entry":[{"changes":[{"value":'"$value"'"messages":[{"id":"wamid.A"},'
    head -c 8380000 /dev/zero | sed 's/\x00/0,/g'
    printf '0]}}]}]}'; } >flood/f.json
payload messages '"messages":[{"id":"wamid.B"},{},{}]' >flood/small.json
fresh flood
ingest 'a flood of rejected items' 118 flood
same 'the exit code tells of it' 3 "$code"
same 'a thousand have a row, one says how many more' '1003|8380003|id_missing|not_an_object' "$(rejects)"
same 'how many' 8379001 "$(sql "SELECT items FROM coexsync.reject WHERE code = 'more_rejects' AND pointer = '#more'")"
same 'all are counted' $'3|2|2\n8380002|8380001|8380001' "$(counted)"
sed -n 's/.*rejects \([0-9]*\)$/\1/p' stdout >printed
same 'the run counts them' 8380003 "$(cat printed)"
same 'the report, too' '[{"code":"id_missing","items":2},{"code":"more_rejects","items":8379001},{"code":"not_an_object","items":1000}]' \
    "$("$coexsync" report --json | python3 -c 'import json, sys; print(json.dumps([{k: r[k] for k in ("code", "items")} for r in json.load(sys.stdin)["rejects"]], separators=(",", ":")))')"
same 'a line of the list says how many have none' 1 "$("$coexsync" reject list | grep -c '  item  more_rejects  .*f\.json#more (8379001)$')"
check 'data without findings' "$coexsync" check --data
facts >want
"$coexsync" replay >/dev/null 2>&1
same 'decoded again they are the same' "$(cat want)" "$(facts)"
fresh flood_other
"$coexsync" ingest --jobs 1 --batch-rows 1 flood/small.json flood/f.json >/dev/null 2>&1
same 'the same in any order, in batches of any size' "$(cat want)" "$(facts)"
sql "UPDATE coexsync.reject SET items = items - 1 WHERE code = 'more_rejects'"
exits 'a wrong number is found' 70 '' "$coexsync" check --data
grep -q '8380001 rejects counted, 8380000 there' stdout stderr
same 'and named' 0 $?
rm -r flood

# ---- more rows than any webhook has -------------------------------------------------------------
# dense NAME: the payload on stdin
dense() {
    cat >dense.json
    fresh dense
    ingest "$1" 128 dense.json
    same "$1: refused as a whole" '65 1|1|too_many_rows|too_many_rows 0' \
        "$code $(rejects) $(sql 'SELECT (SELECT count(*) FROM coexsync.message) + (SELECT count(*) FROM coexsync.chunk)')"
}
payload messages "\"messages\":[$(items 600000 '{"id":"%d"}')]" | dense messages
payload messages "\"statuses\":[$(items 420000 '{"id":"%d","status":"sent"}')]" | dense statuses
payload smb_app_state_sync "\"state_sync\":[$(items 300000 '{"action":"add","contact":{"phone_number":"%d"}}')]" | dense contacts
payload messages "\"messages\":[],\"contacts\":[$(items 380000 '{"wa_id":"%d","profile":{"name":"x"}}')]" | dense profiles
payload history "\"history\":[$(items 500000 '{"errors":[{"code":%d}]}')]" | dense chunks
check 'its bytes are kept' [ "$(sql 'SELECT size_bytes FROM coexsync.payload_raw')" = "$(stat -c %s dense.json)" ]
"$coexsync" replay >/dev/null 2>&1
same 'decoded again it is the same' '1|1|too_many_rows|too_many_rows' "$(rejects)"
# of two numbers, so that the payload is nobody's
two() { sed -E 's/^(.*"entry":\[)(.*)\]\}$/\1\2,\2]}/; s/"109"/"108"/' dense.json; }
payload messages "\"messages\":[$(items 300000 '{"id":"%d"}')]" >dense.json
two >two.json
fresh two
exits 'of two numbers' 65 '' "$coexsync" ingest --onboarded-at=2026-01-01T00:00:00Z two.json
same 'neither has become an account' '-|unusable' \
    "$(sql 'SELECT a.name, p.kind FROM coexsync.account AS a LEFT JOIN coexsync.payload AS p USING (account_id)')"
payload account_update "\"event\":\"PARTNER_REMOVED\",\"x\":[$(items 1000000 '{"a":%d}')]" >update.json
fresh update
ingest 'a large account update' 118 update.json
same 'is none' '3 1|1|unknown_shape|unknown_shape' "$code $(rejects)"
payload messages "\"messages\":[$(items 150000 '{"id":"wamid.%d","from":"15550000002","timestamp":"1767225600","type":"text","text":{"body":"x"}}')]" >real.json
fresh real
ingest 'a webhook that fills 16 MiB' 128 --max-payload 16 real.json
same 'goes in' '0 150000' "$code $(sql 'SELECT count(*) FROM coexsync.message')"
finish
