#!/usr/bin/env bash
# inspect says without a database what an import would make of payloads, and the import then does it.
. "$(dirname "$0")/common.sh"
envelope() { # FIELD PHONE_NUMBER_ID REST OF THE VALUE
    printf '{"object":"whatsapp_business_account","entry":[{"id":"209","changes":[{"field":"%s","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550000001","phone_number_id":"%s"},%s}}]}]}\n' "$1" "$2" "$3"
}
message() { # ID TEXT
    printf '{"from":"15550000002","id":"%s","timestamp":"1767225600","type":"text","text":{"body":"%s"}}' "$1" "$2"
}
mkdir "$work/in"
envelope history 109 '"history":[{"metadata":{"phase":1,"chunk_order":3,"progress":40},"threads":[{"id":"15550000002","messages":['"$(message wamid.A one)"','"$(message wamid.B '\ud800')"',{"from":"1"}]}]}]' >"$work/in/1.json"
envelope messages 109 '"messages":['"$(message wamid.C two)"',{"from":"15550000002","id":"wamid.D","timestamp":"9","type":"text","text":{"body":"x"},"group_id":"G1"},{"from":"15550000002","id":"wamid.F","timestamp":"1767225600","type":"hologram","hologram":{}}],"statuses":[{"id":"wamid.E","status":"read","timestamp":"1767225700","recipient_id":"15550000002"}]' >"$work/in/2.json"
printf '{"cut": ' >"$work/in/3.json"
cd "$work" || exit 1

env -i PATH="$PATH" PGHOST=/nowhere "$coexsync" inspect in >stdout 2>stderr
same 'rejects: 3, and nothing on stderr' '3 0' "$? $(wc -l <stderr)"
cat >want <<'END'
in/1.json: history (meta), account 109: 2 messages, 1 chunk; 1 message rejected; 1 letter repaired
  chunk 3 of phase 1, progress 40 %: 3 messages, 2026-01-01T00:00:00Z to 2026-01-01T00:00:00Z
  rejected: id_missing at /entry/0/changes/0/value/history/0/threads/0/messages/2: a message needs an id of 1 to 1,000 bytes
in/2.json: messages (meta), account 109: 2 messages, 1 event; 1 message excluded; 1 type unknown
END
same 'a line a payload, its chunks and rejects' "$(cat want)" "$(grep -vE '3\.json|json_truncated at|rejected: json' stdout | sed '/^payloads/,$d')"
check 'the broken one, with its place' grep -qE '^in/3.json: unusable \(no dialect\): no rows$' stdout
check 'and why' grep -q '^  rejected: json_truncated: in/3.json: .* at byte 8$' stdout
cat >want <<'END'
payloads 3: 2 usable, 1 unusable, 2 with something to reject
  1 history (meta)
  1 messages (meta)
  1 unusable (no dialect)
messages seen 6; rows: 4 messages, 1 event, 1 chunk
END
same 'sums' "$(cat want)" "$(sed -n '/^payloads/,/^messages seen/p' stdout)"
same 'each code with its remedy' 2 "$(grep -c '^  -> ' stdout)"
"$coexsync" inspect -q in >quiet
envelope history 109 '"history":[{"threads":[{"id":"15550000002","messages":['"$(message wamid.A one)"']}]}]' >"$work/one.json"
same 'one message is one' 1 "$("$coexsync" inspect "$work/one.json" | grep -c '^  chunk .*: 1 message,')"
same 'quiet: the sums only' "$(sed -n '/^payloads/,$p' stdout)" "$(cat quiet)"

"$coexsync" inspect --json in >lines
same 'JSON: a line a payload' 3 "$(wc -l <lines)"
same 'the man page names all members' '' "$(undocumented inspect <lines)"
python() { python3 -c "import json,sys; rows=[json.loads(l) for l in open('lines')]; print($1)"; }
if command -v python3 >/dev/null; then
    same 'JSON: what it is' "['history', 'messages', 'unusable'] ['109', '109', '-']" \
        "$(python "[r['parts'][0]['kind'] for r in rows]") $(python "[r['parts'][0]['account'] for r in rows]")"
    same 'JSON: its hash' "$(tr -d '\n' <in/2.json | sha256sum | cut -c 1-64)" \
        "$(python "rows[1]['sha256']")"
    same 'JSON: rejects' "id_missing" "$(python "rows[0]['parts'][0]['rejects'][0]['code']")"
else
    echo 'skip inspect JSON: no python3'
fi

# the same bytes under two names: an import takes them once, so do the sums
mkdir "$work/twice"
cp in/2.json twice/1.json
cp in/2.json twice/2.json
"$coexsync" inspect twice >stdout
same 'given twice: named' 'twice/2.json: given before, an import takes it once' "$(grep '^twice/2' stdout)"
same 'given twice: counted once' "$("$coexsync" inspect -q in/2.json | sed '1d')" "$("$coexsync" inspect -q twice | sed '1d')"
same 'given twice: the payloads add up' 'payloads 2: 1 usable, 0 unusable, 1 given before, 0 with something to reject' \
    "$("$coexsync" inspect -q twice | head -n 1)"
same 'given twice, JSON' 'false true ' "$("$coexsync" inspect --json twice | grep -oE '"given_before":[a-z]+' | cut -d: -f2 | tr '\n' ' ')"
cp in/3.json twice/1.json
cp in/3.json twice/2.json
exits 'given twice, and of no use' 65 'none of 2 payloads is usable' "$coexsync" inspect twice

# a copy that was refused is none: an import takes the one that is signed, whichever comes first
signed() { # SECRET: a capture, signed with it
    printf '{"headers":{"x-hub-signature-256":"sha256=%s"},"body":"%s"}\n' \
        "$(openssl dgst -sha256 -hmac "$1" -r body | cut -d' ' -f1)" "$(sed 's/"/\\"/g' body)"
}
tr -d '\n' <in/2.json >body
(umask 077 && echo 'made-up secret' >secret)
inspected() { # SECRET...: of captures that are signed so
    for word in "$@"; do signed "$word"; done | "$coexsync" inspect -q --app-secret-file secret --require-signature - |
        sed -n '/^payloads/p; /^messages/p'
}
rows=$("$coexsync" inspect -q in/2.json | grep '^messages')
same 'refused, then signed' "payloads 2: 1 usable, 1 unusable, 1 with something to reject
$rows" "$(inspected another 'made-up secret')"
same 'signed, then refused' "payloads 2: 1 usable, 0 unusable, 1 given before, 0 with something to reject
$rows" "$(inspected 'made-up secret' another)"
same 'refused twice, signed twice' "payloads 4: 1 usable, 1 unusable, 2 given before, 1 with something to reject
$rows" "$(inspected another another 'made-up secret' 'made-up secret')"

exits 'nothing usable: 65' 65 'none of 1 payloads is usable' "$coexsync" inspect in/3.json
check 'with the words what is read' grep -qx 'hint: are these webhook payloads? coexsync help sources says what is read' stderr
check 'good ones: 0' "$coexsync" inspect in/2.json
exits 'no path: 66' 66 'nowhere' "$coexsync" inspect nowhere
exits 'no source: 64' 64 'no source given' "$coexsync" inspect
"$coexsync" inspect --account 222 in/2.json >stdout
same 'another account: only counted' '0 in/2.json: excluded (meta), account 222: no rows; 3 messages excluded' \
    "$? $(head -n 1 stdout)"
printf '{"object":"x","entry":[{"id":"209","changes":[{"field":"history","value":{"metadata":{"phone_number_id":"1\\u001b[2J"}}}]}]}' >in/4.json
"$coexsync" inspect in >stdout
check 'nothing that a terminal obeys' sh -c "! grep -q '$(printf '\033')' stdout"

# what inspect says is what ingest does
fresh inspect
"$coexsync" ingest in/1.json in/2.json >/dev/null 2>&1
same 'messages, events, chunks, rejects of the import' '4|1|1|1' \
    "$(sql 'SELECT (SELECT count(*) FROM coexsync.message), (SELECT count(*) FROM coexsync.message_event), (SELECT count(*) FROM coexsync.chunk), (SELECT count(*) FROM coexsync.reject)')"
finish
