#!/usr/bin/env bash
# What no webhook should hold and some file does: each has a stated outcome, what is good in the same
# document or file goes in, and nothing takes much memory.
. "$(dirname "$0")/common.sh"
cd "$work" || exit 1
shopt -s lastpipe # a case reads its file, and counts failures
before='{"object":"whatsapp_business_account","entry":[{"id":"209","changes":[{"field":"messages","value":{"metadata":{"display_phone_number":"15550000001","phone_number_id":"109"},"messages":['
after=']}}]}]}'
text() { # ID TIMESTAMP BODY(as JSON)
    printf '{"from":"15550000002","id":"%s","timestamp":"%s","type":"text","text":{"body":%s}}' "$1" "$2" "$3"
}
good=$(text wamid.GOOD 1767225600 '"good"')
doc() { printf '%s%s,%s%s' "$before" "$good" "$1" "$after"; }
repeat() { head -c "$2" /dev/zero | tr '\0' "$1"; }

# case_is NAME EXIT MESSAGES REJECTS REPAIRS: of the file on stdin: the exit code, rows of message,
# codes of its rejects, letters and times that were repaired or dropped
case_is() {
    local name=$1 want="$2|$3|$4|$5" code
    rm -rf in && mkdir in && cat >in/f.json
    sql 'TRUNCATE coexsync.message, coexsync.reject, coexsync.payload, coexsync.payload_raw, coexsync.message_event, coexsync.media_asset'
    "$tools/measure" "$coexsync" ingest in >stdout 2>stderr
    code=$?
    same "$name" "$want" "$code|$(sql "SELECT count(*) FROM coexsync.message")|$(sql "SELECT coalesce(string_agg(DISTINCT code, ' ' ORDER BY code), '-') FROM coexsync.reject")|$(sql "SELECT coalesce(sum((counts->>'text_repaired')::int), 0) + coalesce(sum((counts->>'time_unusable')::int), 0) FROM coexsync.payload")"
}
body() { sql "SELECT body FROM coexsync.message WHERE wamid = 'wamid.X'"; }
# one message with two thousand contents, in one payload: all are kept, and it is no work for the square
# of them (that took minutes)
contents() { # FROM STEP TO
    seq "$@" | sed 's/.*/{"from":"15550000002","id":"wamid.X","timestamp":"1767225600","type":"text","text":{"body":"&"}}/' | paste -sd,
}
for order in '1 1 2000' '2000 -1 1'; do
    fresh contents
    # shellcheck disable=SC2086
    echo "$before$(contents $order)$after" >"$work/contents.json"
    check "two thousand contents, $order" timeout 20 "$coexsync" ingest "$work/contents.json"
    same 'each is counted once' '1 inserted + 0 enriched + 0 duplicate + 1999 conflicting' \
        "$(sed -n 's/^messages seen 2000 = \(.* conflicting\).*/\1/p' "$work/check.log")"
    same 'all are kept' 2000 "$(sql 'SELECT count(*) FROM coexsync.message_version')"
    "$coexsync" digest | grep -E ' message(_version)?$' >>"$work/totals"
done
same 'in any order' 2 "$(sort -u "$work/totals" | wc -l)"

fresh hostile

# text that is repaired and counted
doc "$(text wamid.X 1767225600 '"a\u0000b"')" | case_is 'NUL' 0 2 - 1
same 'becomes U+FFFD' $'a\xEF\xBF\xBDb' "$(body)"
doc "$(text wamid.X 1767225600 '"\ud83dx\ude00"')" | case_is 'lone surrogates' 0 2 - 2
doc "$(text wamid.X 1767225600 $'"a\xC3(\xFF"')" | case_is 'invalid UTF-8' 0 2 - 2
# text that stays
doc "$(text wamid.X 1767225600 '"\u202Eabc\u0007\u001b[2J"')" | case_is 'bidi and control characters' 0 2 - 0
same 'stay as they are' $'\xE2\x80\xAEabc\a\033[2J' "$(body)"
{ printf '\xEF\xBB\xBF'; doc "$(text wamid.X 1767225600 '"x"')"; printf '\r\n\n'; } | case_is 'byte order mark, newlines' 0 2 - 0
doc "$(text wamid.X 1767225600 "\"$(repeat a 131000)\"")" | case_is 'a text of 131 kB' 0 2 - 0
{ printf '%s%s,' "$before" "$good"; printf '{"from":"15550000002","id":"wamid.X","timestamp":"1767225600","type":"text","text":{"body":"'
    repeat a 3000000; printf '"}}%s' "$after"; } | case_is 'a text of 3 MB' 0 2 - 0
same 'is there whole' 3000000 "$(sql "SELECT length(body) FROM coexsync.message WHERE wamid = 'wamid.X'")"
doc '{"from":"15550000002","id":"wamid.X","timestamp":"1767225600","type":"location","location":{"latitude":1e999,"longitude":-1E+9999}}' |
    case_is 'numbers without end' 0 2 - 2
same 'are kept as texts' '{"latitude": "1e999", "longitude": "-1E+9999"}' "$(sql "SELECT content FROM coexsync.message WHERE wamid = 'wamid.X'")"
doc '{"from":"15550000002","id":"wamid.Y","id":"wamid.X","timestamp":"1767225600","type":"text","text":{"body":"a"},"text":{"body":"b"}}' |
    case_is 'duplicate keys' 0 2 - 0
same 'the last one counts' b "$(body)"

# times
for time in -62135596800 0 1697059200000000 99999999999999999999 nonsense ''; do
    doc "$(text wamid.X "$time" '"x"')" | case_is "time '$time'" 0 2 - "$([ -z "$time" ] && echo 0 || echo 1)"
    same 'is none' '' "$(sql "SELECT sent_at FROM coexsync.message WHERE wamid = 'wamid.X'")"
done
doc "$(text wamid.X 1767225600000 '"x"')" | case_is 'milliseconds' 0 2 - 0
same 'are told by their size' '2026-01-01 00:00:00+00' "$(sql "SELECT sent_at FROM coexsync.message WHERE wamid = 'wamid.X'")"

# items that cannot be used
doc "$(text "$(repeat w 10000)" 1767225600 '"x"')" | case_is 'a wamid of 10,000 bytes' 3 1 id_too_long 0
doc '[[1,2],null]' | case_is 'an array for a message' 3 1 not_an_object 0
# documents that cannot be used: the next line goes in
line() { printf '\n'; doc "$(text wamid.X 1767225600 '"x"')"; }
{ doc '{},'; line; } | case_is 'a trailing comma' 3 2 json_syntax 0
{ doc '{}' | head -c 200; line; } | case_is 'a cut document' 3 2 json_syntax 0
{ doc "$(text wamid.Z 1767225600 '"z"')"; printf ' junk'; line; } | case_is 'trailing junk' 3 3 json_syntax 0
{ printf '{"a":'; repeat '[' 100000; line; } | case_is '100,000 nested arrays' 3 2 json_too_deep 0
{ doc "{'id':1}"; line; } | case_is 'single quotes' 3 2 json_syntax 0
{ doc '{"id":NaN}'; line; } | case_is 'NaN' 3 2 json_syntax 0
{ printf '{"a":"'; repeat x 100000000; printf '"}'; line; } | case_is 'a document of 100 MB' 3 2 too_large 0
peak_kib=$(sed -n 's/.*peak_kib \([0-9]*\).*/\1/p' stderr)
check "within 128 MiB ($peak_kib KiB)" [ "${peak_kib:-999999}" -le 131072 ]
{ printf '\xFF\xFE{\0}\0'; } | case_is 'UTF-16' 65 0 not_json 0
printf '<html>503</html>' | case_is 'a page of HTML' 65 0 not_json 0
printf '' | case_is 'nothing' 65 0 empty 0
check 'data without findings' "$coexsync" check --data
finish
