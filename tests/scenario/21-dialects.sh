#!/usr/bin/env bash
# Providers' dialects on a server: what each becomes in the ledger, that history without chunk numbers
# proves nothing, that a file is one however often its link changes, and the account's own events.
. "$(dirname "$0")/common.sh"

# event ID PROGRESS MESSAGE: an event of YCloud's history
event() {
    printf '{"id":"%s","type":"whatsapp.smb.history","apiVersion":"v2","phase":2,"progress":%s%s}\n' "$@"
}
inbound() {
    printf ',"whatsappInboundMessage":{"id":"y%s","wamid":"wamid.Y%s","wabaId":"9001","from":"+15550002001","to":"+15550001000","sendTime":"2026-03-01T09:00:0%sZ",%s}' \
        "$1" "$1" "$1" "$2"
}
# when its file can still be had
moment="'2026-03-02 09:00:00Z'"
file='"type":"image","image":{"mime_type":"image/png","link":"https://example.org/f?sig='

fresh ycloud
event e1 60 "$(inbound 1 '"type":"text","text":{"body":"hi"}')" >"$work/1.json"
event e2 90 "$(inbound 2 "$file"'a"}')" >"$work/2.json"
event e3 90 "$(inbound 2 "$file"'b"}')" >"$work/3.json"
event e4 100 '' >"$work/4.json"
check 'events of YCloud' "$coexsync" ingest "$work/1.json" "$work/2.json" "$work/3.json"
same 'below 100 percent: incomplete' 'incomplete|{progress_below_100,no_chunk_numbers}' \
    "$(sql "SELECT verdict, reasons FROM coexsync.verdict_as_of($moment)")"
exits 'progress names no number' 65 'items that cannot be used' "$coexsync" ingest "$work/4.json"
same 'its source is all there is to name' '' "$(grep ' more$' "$work/stderr")"
check 'but it belongs to --account' "$coexsync" ingest "$work/4.json" --account=+15550001000
same 'at 100 percent: unprovable' 'unprovable|{no_chunk_numbers}' \
    "$(sql "SELECT verdict, reasons FROM coexsync.verdict_as_of($moment)")"
same 'one file, with one of its links' '1' "$(sql 'SELECT count(*) FROM coexsync.media_asset')"
same 'one dialect' 'ycloud' \
    "$(sql 'SELECT string_agg(DISTINCT dialect, chr(44)) FROM coexsync.payload WHERE dialect IS NOT NULL')"

# every fixture of decode at once: what cannot be used is in reject, the rest is sound
fresh fixtures
mkdir "$work/all"
for folder in "$root"/fixtures/decode-*/; do
    cp "$folder/payload.json" "$work/all/$(basename "$folder").json"
done
exits 'all fixtures' 3 'items that cannot be used' "$coexsync" ingest "$work/all"
check 'where the reasons can be read' grep -q 'coexsync inspect says of the same sources where' "$work/stderr"
check 'unknown types are counted' grep -qE '^unknown types [1-9]' "$work/stdout"
check 'statuses of groups are counted' grep -qE '^statuses of groups 3 ' "$work/stdout"
# each of them is there, or its sum would prove nothing
same 'the run counts what its payloads count' '' "$(sql "SELECT string_agg(key, ' ')
    FROM coexsync.run, jsonb_each_text(run.counts) AS r (key, value)
    WHERE key <> ALL ('{payloads,known,unusable,bytes_read,bytes_total}') AND value::bigint IS DISTINCT FROM
        nullif((SELECT sum((p.counts ->> r.key)::bigint) FROM coexsync.payload AS p), 0)")"
same 'and says so' "$(sql "SELECT format('events %s, contacts %s, chunks %s, rejects %s', sum((counts ->> 'events')::int),
    sum((counts ->> 'contacts')::int), sum((counts ->> 'chunks')::int), sum((counts ->> 'rejects')::int))
    FROM coexsync.payload")" "$(grep ^events "$work/stdout")"
bytes=$(cat "$work"/all/* | wc -c)
same 'payloads and bytes' "$(find "$work/all" -type f | wc -l) 0 $(sql "SELECT count(*) FROM (SELECT FROM coexsync.payload
    GROUP BY sha256 HAVING bool_and(kind = 'unusable')) AS unusable") $bytes $bytes" "$(sql "SELECT concat_ws(' ', counts ->> 'payloads',
    counts ->> 'known', counts ->> 'unusable', counts ->> 'bytes_read', counts ->> 'bytes_total') FROM coexsync.run")"
with=$(sql "SELECT count(DISTINCT sha256) FROM coexsync.payload WHERE (counts ->> 'rejects')::int > 0")
more=$(sed -n 's/.* and \([0-9]*\) more$/\1/p' "$work/stderr")
same 'those with rejects are counted, and named or counted' "$with $with" \
    "$(sed -n 's/.*cannot be used: \([0-9]*\);.*/\1/p' "$work/stderr") $(($(grep -c '/all/.*json$' "$work/stderr") + more))"
check 'data without findings' "$coexsync" check --data
same 'a dialect is what its fixture is called' '' "$(sql "SELECT source, dialect FROM coexsync.payload
    WHERE kind <> 'unusable' AND source ~ 'decode-(360dialog|ycloud|aws|8x8)'
        AND source !~ ('/decode-' || dialect || '(-|[.])')")"
same 'five dialects beside two of Meta' '360dialog,8x8,aws,bare,gupshup,meta,ycloud' \
    "$(sql 'SELECT string_agg(DISTINCT dialect, chr(44) ORDER BY dialect) FROM coexsync.payload')"

# what is said of the WABA alone is shown with the number
"$coexsync" report --json --account=700100 >"$work/report.json"
same 'events of the account' 'ACCOUNT_OFFBOARDED|null' "$(sql "SELECT e ->> 'event', e -> 'reason'
    FROM json_array_elements(\$r\$$(cat "$work/report.json")\$r\$::json -> 'account_events') AS e
    WHERE e ->> 'event' = 'ACCOUNT_OFFBOARDED' LIMIT 1")"
events() { grep -o '"account_events":[^]]*]'; }
same 'also at a moment before them: --as-of filters nothing' "$(events <"$work/report.json")" \
    "$("$coexsync" report --json --account=700100 --as-of=2020-01-01T00:00:00Z | events)"
check 'in words, too' sh -c "'$coexsync' report --account=700100 | grep -q ACCOUNT_RECONNECTED"
finish
