#!/usr/bin/env bash
# The merge rules, a case a rule: what is given in every order, in one run and in one run each, must
# become what is written here. ONLY='part of a name' tries those rules only.
. "$(dirname "$0")/common.sh"
fresh merge
meta='"metadata":{"display_phone_number":"15550000001","phone_number_id":"109"}'
customer=15550000002

# One payload a call: ITEM is the inside of a message object.
history() { # ITEM [THREAD]
    printf '{"entry":[{"id":"209","changes":[{"field":"history","value":{%s,"history":[{"metadata":{"phase":0,"chunk_order":1,"progress":100},"threads":[{"id":"%s","messages":[{%s}]}]}]}}]}]}\n' \
        "$meta" "${2-$customer}" "$1"
}
media() { # ITEM [ARRAY]
    printf '{"entry":[{"id":"209","changes":[{"field":"history","value":{%s,"%s":[{%s}]}}]}]}\n' "$meta" "${2:-messages}" "$1"
}
echoed() {
    printf '{"entry":[{"id":"209","changes":[{"field":"smb_message_echoes","value":{%s,"message_echoes":[{%s}]}}]}]}\n' "$meta" "$1"
}
live() {
    printf '{"entry":[{"id":"209","changes":[{"field":"messages","value":{%s,"messages":[{%s}]}}]}]}\n' "$meta" "$1"
}
status() { # STATUS TIME
    printf '{"entry":[{"id":"209","changes":[{"field":"messages","value":{%s,"statuses":[{"id":"wamid.X","status":"%s","timestamp":"%s","recipient_id":"%s"}]}}]}]}\n' "$meta" "$1" "$2" "$customer"
}
text() { # FROM TIME BODY
    printf '"from":"%s","id":"wamid.X","timestamp":"%s","type":"text","text":{"body":"%s"}' "$@"
}

# A query speaks of one account, of the rows where $mine. This one shows the message.
mine='account_id = a.account_id'
shown="SELECT concat_ws('|', coalesce(direction::text, '?'), coalesce(thread_id, '?'),
    coalesce(extract(epoch FROM sent_at)::bigint::text, '?'), type, coalesce(body, content->>'caption', '-'),
    coalesce(status::text, '-'), streams, content_stream, conflicts,
    (SELECT count(*) FROM coexsync.message_version v WHERE v.$mine AND v.wamid = m.wamid))
    FROM coexsync.message m WHERE $mine AND wamid = 'wamid.X'"

permutations() { # of 1..N, a line each
    awk -v n="$1" 'function p(k, s, used,   i) {
        if (k > n) { print s; return }
        for (i = 1; i <= n; i++) if (index(used, " " i " ") == 0) p(k + 1, s " " i, used " " i " ")
    } BEGIN { p(1, "", "") }'
}

# give WORD: the payloads of $work/case in every order, one account an order: phone_number_id is
# <rule>-WORD-<order>. To files $work/given.1 … N, the k-th of each order in the k-th.
give() {
    rm -f "$work"/given.*
    permutations "$(wc -l <"$work/case")" | awk -v word="$1" -v rule="$rules" -v to="$work/given." '
        NR == FNR { payload[NR] = $0; next }
        {
            for (k = 1; k <= NF; k++) {
                line = payload[$k]
                name = $0
                gsub(/ /, "", name)
                gsub(/"phone_number_id":"109"/, "\"phone_number_id\":\"" rule "-" word "-" name "\"", line)
                print line >(to k)
            }
        }' "$work/case" -
}

# CASES=DIR: the cases are kept there, and not tried; if some are there already, these are tried and
# nothing is made (tests/mutants tries one after the other; making all takes longer).
save_rule() { # NAME WANT QUERY
    local to=$CASES/$rules
    mkdir -p "$to"
    cp "$work/case" "$to/case"
    printf '%s' "$1" >"$to/name"
    printf '%s' "$2" >"$to/want"
    printf '%s' "$3" >"$to/query"
}

try_saved() {
    local from
    is_saved=1
    for from in "$CASES"/*; do
        [[ $(<"$from/name") == *"${ONLY:-}"* ]] || continue
        cp "$from/case" "$work/case"
        rule "$(<"$from/name")" "$(<"$from/want")" "$(<"$from/query")"
    done
    check 'rules were tried' test "$rules" -gt 0
    finish
}

# rule NAME WANT QUERY: the payloads are the lines of $work/case. All at once is one batch; one by
# one is a run for each place in the order. ONLY=TEXT: only the rules whose name holds it.
rules=0
rule() {
    local name=$1 want=$2 query=${3:-$shown} file bad=''
    case $name in *"${ONLY:-}"*) ;; *) return 0 ;; esac
    rules=$((rules + 1))
    if [ -n "${CASES:-}" ] && [ -z "${is_saved:-}" ]; then save_rule "$name" "$want" "$query" && return; fi
    give at_once
    cat "$work"/given.* >"$work/ordered"
    "$coexsync" ingest "$work/ordered" --jobs 1 >"$work/log" 2>&1 || bad="$(tail -n 2 "$work/log") "
    # what is noticed here already need not be tried one by one
    [ -z "${is_saved:-}" ] || bad=$bad$(differs)
    if [ -z "$bad" ]; then
        give one_by_one
        for file in "$work"/given.*; do
            "$coexsync" ingest "$file" >"$work/log" 2>&1 || bad="$bad$(tail -n 2 "$work/log") "
        done
        bad=$bad$(differs)
    fi
    same "$name" "$want" "${bad:-$want}"
}

# The accounts of this rule of which the query says something else.
differs() {
    sql "SELECT format('[%s: %s] ', name, got)
        FROM (SELECT name, ($query) AS got FROM coexsync.account AS a WHERE name ~ '^$rules-') AS x
        WHERE got IS DISTINCT FROM \$\$$want\$\$" 2>&1
}

[ -z "${CASES:-}" ] || [ ! -d "$CASES" ] || try_saved

business=15550000001
{ history "$(text $customer 1767225600 one)"; live "$(text $business 1767225700 one),\"to\":\"15550000009\""; } >"$work/case"
rule 'history beats live for direction, thread and time' \
    "inbound|$customer|1767225600|text|one|-|9|8|0|0"

{ echoed "$(text $business 1767225600 one),\"to\":\"15550000008\""; live "$(text 15550000009 1767225600 one)"; } >"$work/case"
rule 'echo and live disagree: outbound, the greater thread, bits set' \
    'outbound|15550000009|1767225600|text|one|-|12|8|3|0'

{ echoed "$(text $business 1767225600 one),\"to\":\"15550000008\""; live "$(text 15550000009 1767225600 one)"
  history "$(text $customer 1767225500 one)"; } >"$work/case"
rule 'a higher authority takes the conflict away' \
    "inbound|$customer|1767225500|text|one|-|13|8|0|0"

{ history "$(text $customer 1767225700 one)"; history "$(text $customer 1767225600 one)"; } >"$work/case"
rule 'two times of equal authority: the earlier, and a bit' \
    "inbound|$customer|1767225600|text|one|-|1|1|4|0"

{ live "$(text $customer 1767225700 one)"; echoed "$(text $business 1767225600 one),\"to\":\"$customer\""; } >"$work/case"
rule 'live beats echo for the time' "outbound|$customer|1767225700|text|one|-|12|8|1|0"

placeholder="\"from\":\"$customer\",\"id\":\"wamid.X\",\"timestamp\":\"1767225600\",\"type\":\"media_placeholder\",\"history_context\":{\"status\":\"read\"}"
image="\"from\":\"$customer\",\"id\":\"wamid.X\",\"timestamp\":\"1767225601\",\"type\":\"image\",\"image\":{\"id\":\"77\",\"mime_type\":\"image/jpeg\",\"caption\":\"cat\"}"
{ history "$placeholder"; media "$image"; } >"$work/case"
rule 'content beats its placeholder; the placeholder keeps the time' \
    "inbound|$customer|1767225600|image|cat|read|3|2|0|0"
rule 'and the asset is there' '77' "SELECT media_id FROM coexsync.media_asset WHERE $mine"
rule 'and what is said of the file' 'image/jpeg' "SELECT content->>'mime_type' FROM coexsync.message WHERE $mine"

{ history "$(text $customer 1767225600 b)"; history "$(text $customer 1767225600 a)"
  live "$(text $customer 1767225600 a)"; } >"$work/case"
rule 'two contents: both kept, live wins, a bit' "inbound|$customer|1767225600|text|a|-|9|8|8|2"
rule 'each with the best stream that gave it' 'a8 b1' \
    "SELECT string_agg(body || stream, ' ' ORDER BY body) FROM coexsync.message_version WHERE $mine"

{ history "$(text $customer 1767225600 a)"; history "$(text $customer 1767225600 b)"; live "$(text $customer 1767225600 c)"
  media "$(text $customer 1767225600 b)"; } >"$work/case"
rule 'three contents' 'a1 b2 c8' \
    "SELECT string_agg(body || stream, ' ' ORDER BY body) FROM coexsync.message_version WHERE $mine"

unsupported='"from":"15550000002","id":"wamid.X","timestamp":"1767225600","type":"unsupported","errors":[{"code":131051}]'
{ live "$unsupported"; history "$placeholder"; } >"$work/case"
rule 'a placeholder beats unsupported' "inbound|$customer|1767225600|media_placeholder|-|read|9|0|0|0"

{ history "$(text $business 1767225600 one),\"history_context\":{\"from_me\":true,\"status\":\"READ\"}"
  history "$(text $business 1767225600 one),\"history_context\":{\"from_me\":true,\"status\":\"sent\"}"; } >"$work/case"
rule 'the greater status' "outbound|$customer|1767225600|text|one|read|1|1|0|0"

{ history "$(text $customer 1767225600 one),\"context\":{\"id\":\"wamid.A\"}"
  live "$(text $customer 1767225600 one),\"context\":{\"id\":\"wamid.B\"}"
  history "$(text $customer 1767225600 one)"; } >"$work/case"
rule 'reply_to: not null beats null, then the greater' 'wamid.B|wamid.B' \
    "SELECT reply_to || '|' || reply_key FROM coexsync.message WHERE $mine"

{ history "$(text $customer 1767225600 one),\"context\":{\"forwarded\":true}"
  live "$(text $customer 1767225600 one)"; } >"$work/case"
rule 'extra: not null beats null' '{"forwarded": true}' "SELECT extra FROM coexsync.message WHERE $mine"

bsuid='US.1349120865530274'
{ history "\"from_user_id\":\"$bsuid\",\"id\":\"wamid.X\",\"timestamp\":\"1767225600\",\"type\":\"text\",\"text\":{\"body\":\"one\"}" "$bsuid"
  live "$(text $customer 1767225600 one)"; } >"$work/case"
rule 'a phone number beats a BSUID' "$customer|0" "SELECT thread_id || '|' || conflicts FROM coexsync.message WHERE $mine"

{ status sent 1767225600; status read 1767225602; status delivered 1767225601; } >"$work/case"
rule 'statuses are events, also without their message' 'sent delivered read' \
    "SELECT string_agg(status::text, ' ' ORDER BY status) FROM coexsync.message_event WHERE $mine"

reaction() { live "\"from\":\"$customer\",\"id\":\"wamid.R\",\"timestamp\":\"$1\",\"type\":\"reaction\",\"reaction\":{\"message_id\":\"wamid.X\",\"emoji\":\"$2\"}"; }
{ reaction 1767225602 a; reaction 1767225601 b; reaction 1767225601 c; } >"$work/case"
wins=$(printf '%s\n' b c | while read -r emoji; do
    printf '["wamid.X", "reaction", null, "%s", {"emoji": "%s"}, "%s"]' "$customer" "$emoji" "$customer" | sha256sum | cut -c1-64 | sed "s/\$/ $emoji/"
done | sort | tail -n 1 | cut -d' ' -f2)
rule 'one event id twice: the earlier wins whole, then the greater hash' "1767225601 $wins" \
    "SELECT extract(epoch FROM at)::bigint || ' ' || (content->>'emoji') FROM coexsync.message_event WHERE $mine"

asset() { media "\"from\":\"$customer\",\"id\":\"wamid.X\",\"timestamp\":\"1767225601\",\"type\":\"document\",\"document\":{\"id\":\"77\"$1}"; }
{ asset ',"filename":"a.pdf"'; asset ',"filename":"B.pdf","mime_type":"text/plain"'; asset ',"mime_type":"application/pdf"'; } >"$work/case"
rule 'assets: not null beats null, then the greater by bytes' 'a.pdf text/plain' \
    "SELECT filename || ' ' || mime_type FROM coexsync.media_asset WHERE $mine"

named() { printf '{"entry":[{"id":"209","changes":[{"field":"messages","value":{%s,"contacts":[{"profile":{"name":"Ann"},"wa_id":"%s"}],"messages":[{"from":"%s","id":"wamid.N%s","timestamp":"%s","type":"text","text":{"body":"x"}}]}}]}]}\n' "$meta" $customer $customer "$1" "$1"; }
{ named 1767225601; named 1767225603; named 1767225602; } >"$work/case"
rule 'a profile name: seen last' '1767225603' "SELECT extract(epoch FROM last_seen)::bigint FROM coexsync.profile_name WHERE $mine"

{ media "$(text $customer 1767225600 one)"; echoed "$(text $business 1767225700 one),\"to\":\"15550000008\""; } >"$work/case"
rule 'echo beats history media for direction, thread and time' \
    'outbound|15550000008|1767225700|text|one|-|6|4|0|0'
{ media "$(text 15550000009 1767225600 one)"; echoed "$(text $business 1767225700 one),\"to\":\"15550000008\""
  live "$(text $business 1767225800 one),\"to\":\"15550000008\""; } >"$work/case"
rule 'echo and live together beat history media' 'outbound|15550000008|1767225800|text|one|-|14|8|0|0'

{ live "$(text $customer 1767225600 one)"; live "$(text $customer 1767225700 one)"
  history "$(text $customer 1767225800 one)"; } >"$work/case"
rule 'a time of higher authority takes the conflict away' "inbound|$customer|1767225800|text|one|-|9|8|0|0"

who="SELECT concat_ws('|', direction_from, thread_from, time_from) FROM coexsync.message WHERE $mine"
{ history "$(text $customer 1767225600 one)"; live "$(text $business 1767225700 one),\"to\":\"15550000009\""; } >"$work/case"
rule 'who said it: history before live' '1|1|1' "$who"
{ echoed "$(text $business 1767225600 one),\"to\":\"15550000008\""; live "$(text 15550000009 1767225600 one)"; } >"$work/case"
rule 'who said it: echo and live alike, the time by live' '12|12|8' "$who"

outbound() { history "$(text $business 1767225600 one),\"history_context\":{\"from_me\":true$1}" 15550000003; }
{ history "$(text $customer 1767225700 one)"; outbound ''; outbound ',"status":"sent"'; } >"$work/case"
rule 'bits stay when the same is said again' 'outbound|15550000003|1767225600|text|one|sent|1|1|7|0'
{ history "$(text $customer 1767225700 one)"; outbound ''; live "$(text $customer 1767225800 one)"; } >"$work/case"
rule 'bits stay when a lower authority speaks' 'outbound|15550000003|1767225600|text|one|-|9|8|7|0'

# the greater hash of two texts
greater_body() {
    local body
    for body in "$@"; do
        printf '["text", "%s", null]' "$body" | sha256sum | sed "s/ .*/ $body/"
    done | sort | tail -n 1 | cut -d' ' -f2
}
{ history "$(text $customer 1767225600 a)"; history "$(text $customer 1767225600 b)"
  history "$(text $customer 1767225600 c)"; } >"$work/case"
rule 'contents of one stream: the greater hash, all kept' \
    "inbound|$customer|1767225600|text|$(greater_body a b c)|-|1|1|8|3"
{ live "$(text $customer 1767225600 c)"; media "$(text $customer 1767225600 d)"
  history "$(text $customer 1767225600 b)"; media "$(text $customer 1767225600 b)"; } >"$work/case"
rule 'a known content by a better stream' 'b2 c8 d2' \
    "SELECT string_agg(body || stream, ' ' ORDER BY body) FROM coexsync.message_version WHERE $mine"
{ history "$(text $customer 1767225600 a)"; history "$(text $customer 1767225600 b)"; history "$placeholder"; } >"$work/case"
rule 'a placeholder is no version' 'a1 b1' \
    "SELECT string_agg(coalesce(body, '-') || stream, ' ' ORDER BY body) FROM coexsync.message_version WHERE $mine"

typed() { live "\"from\":\"$customer\",\"id\":\"wamid.X\",\"timestamp\":\"1767225600\",\"type\":\"$1\",\"errors\":[{\"code\":131051}]"; }
{ typed unknown; typed errors; } >"$work/case"
rule 'errors beat unknown' "inbound|$customer|1767225600|errors|-|-|8|0|0|0"
{ typed errors; typed unsupported; } >"$work/case"
rule 'unsupported beats errors' "inbound|$customer|1767225600|unsupported|-|-|8|0|0|0"

{ live "$(text $customer 1767225600 one),\"context\":{\"forwarded\":true}"
  live "$(text $customer 1767225600 one),\"context\":{\"frequently_forwarded\":true}"; } >"$work/case"
rule 'extra: the greater text' '{"frequently_forwarded": true}' "SELECT extra FROM coexsync.message WHERE $mine"

{ reaction 1767225602 a; reaction 0 b; reaction 0 c; } >"$work/case"
rule 'an event with a time beats one without' '1767225602 a' \
    "SELECT extract(epoch FROM at)::bigint || ' ' || (content->>'emoji') FROM coexsync.message_event WHERE $mine"

{ named 0; named 1767225603; } | sed 's/wamid.N[0-9]*/wamid.N1/' >"$work/case"
rule 'a profile name: a time beats none' '1767225603' \
    "SELECT extract(epoch FROM last_seen)::bigint FROM coexsync.profile_name WHERE $mine"

sticker() { media "\"from\":\"$customer\",\"id\":\"wamid.X\",\"timestamp\":\"1767225601\",\"type\":\"sticker\",\"sticker\":{\"id\":\"77\",$1}"; }
hash_of() { printf '%s' "$1" | sha256sum | cut -c1-64; }
low=$(printf '%s\n' "$(hash_of 1)" "$(hash_of 2)" | sort | head -n 1)
high=$(printf '%s\n' "$(hash_of 1)" "$(hash_of 2)" | sort | tail -n 1)
{ sticker "\"animated\":false,\"voice\":true,\"url\":\"https://b.example/\",\"sha256\":\"$low\""
  sticker "\"animated\":true,\"voice\":false,\"url\":\"https://a.example/\",\"sha256\":\"$high\""
  sticker "\"animated\":false,\"voice\":false,\"url\":\"https://a.example/\",\"sha256\":\"$low\""; } >"$work/case"
rule 'assets: flags, address and hash' "true true https://b.example/ $high" \
    "SELECT concat_ws(' ', animated::text, voice::text, url, encode(sha256, 'hex')) FROM coexsync.media_asset WHERE $mine"

{ live "$(text $customer 1767225600 one)"
  live "$(text $customer 1767225600 one)" | sed 's/15550000001/15550000004/; s/"id":"209"/"id":"208"/'; } >"$work/case"
rule 'an account: the greater number and WABA' '15550000004 209' \
    "SELECT business_phone || ' ' || waba_id FROM coexsync.account AS x WHERE x.$mine"

check 'rules were tried' test "$rules" -gt 0
[ -n "${ONLY:-}" ] || check 'data without findings' "$coexsync" check --data
finish
