#!/usr/bin/env bash
# --media-max-age and --media-id-life: the same facts, judged by other windows, in every command.
. "$(dirname "$0")/common.sh"
T=2026-03-01T09:00:00Z t=1772355600 hour=3600
# 8 days after T, and a second more
at=2026-03-09T09:00:00Z later=2026-03-09T09:00:01Z
# by the usual windows two files never came and one has expired; by these nothing is lost: an id that
# lives for 8 days lives on in the last second of them
windows=(--media-max-age=239h --media-id-life=8d)

# item WAMID SECONDS: a placeholder of the history
item() { printf '{"from":"15550000002","id":"wamid.%s","timestamp":"%s","type":"media_placeholder"}' "$1" "$2"; }
{
    printf '{"metadata":{"phone_number_id":"109"},"history":[{"metadata":{"phase":2,"chunk_order":1,"progress":100},"threads":[{"id":"15550000002","messages":['
    item FILE $((t - 5 * 24 * hour)) && printf ,
    item TEN $((t - 240 * hour)) && printf ,
    item OVER $((t - 240 * hour - 1)) && printf ,
    item OLD $((t - 20 * 24 * hour))
    printf ']}]}]}\n'
} >"$work/history.json"
printf '{"metadata":{"phone_number_id":"109"},"messages":[{"from":"15550000002","id":"wamid.FILE","timestamp":"%s","type":"image","image":{"id":"7","mime_type":"image/png"}}]}\n' \
    $((t - 5 * 24 * hour)) >"$work/file.json"

# ---- before there is anything: what an import would lose
fresh windows
lost() { "$coexsync" diff "$work"/{history,file}.json --onboarded-at=$T "$@" | sed -n 's/^  files //p' | sort | xargs; }
same 'diff' 'id_expired: 1 never_announced: 2 too_old: 1' "$(lost --as-of=$at)"
same 'diff by other windows' 'too_old: 3' "$(lost --as-of=$at "${windows[@]}")"
same 'diff, a second later' 'id_expired: 1 too_old: 3' "$(lost --as-of=$later "${windows[@]}")"
check 'ingest takes them, too' "$coexsync" ingest "$work"/{history,file}.json --onboarded-at=$T "${windows[@]}"

# ---- lists
list() { "$coexsync" media --list "$@" | awk '{print substr($5, 7) "=" $1}' | sort | xargs; }
same 'files' 'FILE=id_expired OLD=too_old OVER=never_announced TEN=never_announced' "$(list --as-of=$at)"
same 'files by other windows' 'FILE=announced OLD=too_old OVER=too_old TEN=too_old' "$(list --as-of=$at "${windows[@]}")"
same 'exactly as old is not too old' 'FILE=id_expired OLD=too_old OVER=too_old TEN=never_announced' \
    "$(list --as-of=$at --media-max-age 10)"
same 'in hours as in days' "$(list --as-of=$at --media-max-age 10)" "$(list --as-of=$at --media-max-age=240h)"
same 'a longer look-back' 'FILE=id_expired OLD=never_announced OVER=never_announced TEN=never_announced' \
    "$(list --as-of=$at --media-max-age=20d)"
same 'an id is over a second after its life' 'FILE=id_expired' "$(list --as-of=$later "${windows[@]}" --state id_expired)"
same 'the list says until when' 2026-03-09T09:00:00Z "$("$coexsync" media --list --as-of=$at "${windows[@]}" --state announced | awk '{print $2}')"
step() { "$coexsync" status --json "$@" | sed -nE 's/.*"announced_files" : ([0-9]+), "next_deadline_at" : ([^,]*), "next" : ("[a-z_]*").*/\1 \2 \3/p'; }
same 'status' '0 null "report"' "$(step --as-of=$at)"
same 'status by another life' "1 \"$at\" \"fetch_media\"" "$(step --as-of=$at --media-id-life=8)"
same 'status, a second later' '0 null "report"' "$(step --as-of=$later --media-id-life=8)"
# what is to be fetched; nothing listens there
fetch() { COEXSYNC_TOKEN=none "$coexsync" media --state announced --media-dir="$work/files" --graph-url=http://127.0.0.1:1 --retry-seconds=0 "$@" 2>/dev/null | grep -oE '^files [0-9]+'; }
same 'nothing to fetch' 'files 0' "$(fetch --as-of=$at)"
same 'a file to fetch' 'files 1' "$(fetch --as-of=$at "${windows[@]}")"
same 'nothing, a second later' 'files 0' "$(fetch --as-of=$later "${windows[@]}")"

# ---- the report
verdict() { "$coexsync" report --json "$@" | grep -oE '"verdict":"[a-z_]*"|"(max_age|id_life)_hours":[0-9]+' | sed 's/.*://' | xargs; }
same 'verdict' 'complete_with_loss 336 168' "$(verdict --as-of=$at)"
same 'verdict by other windows' 'complete 239 192' "$(verdict --as-of=$at "${windows[@]}")"
same 'verdict, a second later' 'complete_with_loss 239 192' "$(verdict --as-of=$later "${windows[@]}")"
"$coexsync" report --as-of=$at >"$work/usual"
"$coexsync" report --as-of=$at "${windows[@]}" >"$work/other"
check 'the usual words' grep -qx '  window: sent within 14 days before the onboarding, or since' "$work/usual"
check 'the words say what was used' grep -qx '  window: sent within 239 hours before the onboarding, or since' "$work/other"
same 'no windows where they are the usual ones' 0 "$(grep -cE 'max.age|id.life' "$work/usual")"
same 'windows in the header' '  media max age   239 hours
  media id life   8 days' "$(grep -E '^  media (max|id)' "$work/other")"
same 'the next command judges likewise' \
    'coexsync media --account=109 --media-max-age=239h --media-id-life=192h --token-file=FILE --media-dir=DIR' \
    "$(sed -n '/^Next/,$p' "$work/other" | xargs | grep -oE 'coexsync .*=DIR')"
check 'a page' "$coexsync" report --as-of=$at "${windows[@]}" --html "$work/page.html"
same 'the page says so' '239 hours 8 days' "$(tr -d '\n' <"$work/page.html" | grep -oE '<dt><bdi>media (max age|id life)</bdi></dt><dd><bdi>[^<]*' | sed 's/.*>//' | xargs)"
check 'and in words' grep -q 'sent within 239 hours before' "$work/page.html"
# an account without any onboarding: no look-back, but a life that counts from when it was received
fresh nameless
printf '{"received_at":"%s","body":%s}\n' $T "$(sed 's/"109"/"110"/; s/\\/\\\\/g; s/"/\\"/g; s/.*/"&"/' "$work/file.json")" >"$work/capture.ndjson"
check 'ingest without a moment' "$coexsync" ingest "$work/capture.ndjson"
states() { "$coexsync" report --json "$@" | grep -oE '"states":\[[^]]*' | sed 's/.*\[//'; }
same 'without an activation' '{"state":"id_expired","files":1}' "$(states --as-of=$at)"
same 'without an activation, by another life' '{"state":"announced","files":1}' "$(states --as-of=$at --media-id-life=192h)"

# ---- archives
export PGDATABASE=windows${CLUSTER_SUFFIX:-}
# archive NAME OPTION...
archive() { "$coexsync" export -o "$work/$1.tar" "${@:2}" >/dev/null; }
info() { tar -xOf "$work/$1.tar" bag-info.txt | grep -E 'Max-Age|Id-Life'; }
member() { tar -xOf "$work/$1.tar" "data/$2"; }
first=2026-03-03T00:00:00Z
archive first --as-of=$first
archive usual --as-of=$at
archive said --as-of=$at --media-id-life=7d --media-max-age=336h
archive other --as-of=$at "${windows[@]}"
check 'the usual ones, given or not: the same bytes' cmp "$work/usual.tar" "$work/said.tar"
check 'other windows, other bytes' sh -c "! cmp -s '$work/usual.tar' '$work/other.tar'"
same 'an archive by the usual ones names none' '' "$(info usual)"
same 'an archive by others names them, as they are given' 'Coexsync-Media-Max-Age: 239h
Coexsync-Media-Id-Life: 192h' "$(info other)"
same 'verdict of an archive' complete_with_loss "$(member usual coverage.json | grep -oE '"verdict": "[^"]*' | sed 's/.*"//')"
same 'verdict of the other' complete "$(member other coverage.json | grep -oE '"verdict": "[^"]*' | sed 's/.*"//')"
same 'files of an archive' 'id_expired never_announced never_announced too_old' "$(member usual media.jsonl | grep -oE '"state":"[^"]*' | sed 's/.*"//' | sort | xargs)"
same 'files of the other' 'announced too_old too_old too_old' "$(member other media.jsonl | grep -oE '"state":"[^"]*' | sed 's/.*"//' | sort | xargs)"
check 'its page says so' grep -q 'sent within 239 hours before' <(member other report.html)
same 'an archive by the usual ones does not speak of them' 0 "$(member usual report.html | grep -cE 'media (max age|id life)')"
check 'it is intact' "$coexsync" verify "$work/other.tar"
# the chain: another predecessor of the usual one at the same moment changes nothing for the other
archive again --as-of=$at --previous=none
archive other-again --as-of=$at --media-id-life=192h --media-max-age=239h
check 'the same facts, moment and windows: the same bytes' cmp "$work/other.tar" "$work/other-again.tar"
same 'the table says by which' '{}
{}
{}
{"media_id_life_hours": 192, "media_max_age_hours": 239}' "$(sql 'SELECT filters FROM coexsync.export ORDER BY filters, archive_sha256')"

# ---- run
fresh run
"$coexsync" run "$work"/{history,file}.json --onboarded-at=$T --as-of=$at "${windows[@]}" -o "$work/run.tar" >"$work/run" 2>"$work/err"
same 'run' 0 $?
check 'run reports by them' grep -q '^verdict: complete, ' "$work/run"
same 'run exports by them' "$(info other)" "$(info run)"

# ---- what is no window: before the database is asked
for option in media-max-age media-id-life; do
    for value in 0 0d 0h -1 +7 366 8761h 1209600 99999999999999999999 1.5 '7 d' 7days 7D 1w h d x P7D; do
        exits "--$option=$value" 64 "--$option takes days from 1 to 365, or hours" \
            env PGHOST=/nowhere "$coexsync" report "--$option=$value"
    done
    check 'with a hint' grep -qx 'hint: like 14 or 14d, or 336h' "$work/stderr"
    exits "--$option without a value" 64 "--$option: the value is empty" env PGHOST=/nowhere "$coexsync" report "--$option="
    for command in digest "verify $work/other.tar" 'migrate up' replay check "inspect $work/file.json"; do
        # shellcheck disable=SC2086
        exits "--$option with $command" 64 "$option does not go with ${command%% *}" env PGHOST=/nowhere "$coexsync" $command "--$option=7"
    done
done
finish
