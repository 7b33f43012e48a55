#!/usr/bin/env bash
# What each delivery proves (design 7): `try NAME EXIT WANT GIVEN...`. Each case is a business
# number of its own, connected on 1 March 2026, 09:00, and judged a week later unless it says
# otherwise. WANT: verdict and reasons, of several activations in their order with + between them.
# `more` goes on with the number of the case before. EXIT is that of the (last) ingest. GIVEN:
#   2:1:100       a payload with a chunk: phase, chunk_order, progress, - for what is not said, and
#                 one message as old as the phase allows; behind it
#     /empty      ... none, /old ... of 400 days before, /other ... another, /noid ... one without id
#     /reply      ... one that answers a message which is not there
#     /file@D     ... one that stands for a file, D days old
#     /week@DAYS  ... twenty on each day of six weeks but those (1 is the first, a Monday)
#     /error      ... an error in the place of all, /failed ... one without code, /both ... beside
#   declined      the refusal, in its envelope; declined/bare: without; error: another error code
#   media@D       the announcement of the file that is D days old, media@D/out: of an outbound one
#   outcome:WORD  what came of its download
#   contacts, contacts/bad, echo, live, edit, status: one payload of that; cut: one that ends in its
#   middle; nobody: one that is no JSON and names no number
#   on:TIME       what follows is another ingest, with that --onboarded-at; on:- without
#   asked:TIME    history was requested then      judged:TIME  the moment of the judgement
. "$(dirname "$0")/common.sh"
fresh verdicts
T=2026-03-01T09:00:00Z
cases=0

# ago DAYS[.5]: seconds since 1970, that long before T
ago() { awk -v t="$(date -d $T +%s)" -v d="$1" 'BEGIN {printf "%d", t - d * 86400}'; }

# message ID TIME REST: of a customer
message() { printf '{"from":"15550000002","id":"%s","timestamp":"%s",%s}' "$1" "$2" "$3"; }
text() { message "wamid.$number.$1" "$2" '"type":"text","text":{"body":"x"}'; }

# change FIELD MEMBERS: a payload
change() {
    printf '{"object":"whatsapp_business_account","entry":[{"id":"209","changes":[{"field":"%s","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"1555%s","phone_number_id":"%s"},%s}}]}]}\n' \
        "$1" "$number" "$number" "$2"
}

# members PHASE ORDER PROGRESS: metadata of a chunk, without what is -
members() {
    local name list=
    for name in phase chunk_order progress; do
        [ "$1" = - ] || list="$list,\"$name\":$1"
        shift
    done
    printf '%s' "${list#,}"
}

# messages WHAT PHASE ID: those of a chunk, with commas between them
messages() {
    local day nth at=30
    case $2 in 0) at=0.5 ;; 2) at=120 ;; esac
    case $1 in
    empty) ;;
    old) text "$3" "$(ago 400)" ;;
    noid) printf '{"from":"15550000002","timestamp":"%s","type":"text","text":{"body":"x"}}' "$(ago $at)" ;;
    reply) message "wamid.$number.$3" "$(ago $at)" '"type":"text","text":{"body":"x"},"context":{"id":"wamid.gone"}' ;;
    file@*) message "wamid.$number.file${1#*@}" "$(ago "${1#*@}")" '"type":"media_placeholder"' ;;
    week@*)
        for day in $(seq 42); do
            case ,${1#*@}, in *,"$day",*) continue ;; esac
            for nth in $(seq 20); do
                text "$3.$day.$nth" $((1767528000 + day * 86400 + nth)) # noon of 4 January
                printf ,
            done
        done | sed 's/,$//' ;;
    *) text "$3" "$(ago $at)" ;;
    esac
}

# payload WORD ID: on stdout
payload() {
    local part what list
    case $1 in
    *:*:*)
        IFS=:/ read -ra part <<<"$1"
        what=$(messages "${part[3]:-one}" "${part[0]}" "$2")
        what="{\"id\":\"15550000002\",\"messages\":[$what]}"
        what="\"threads\":[$what]"
        case ${part[3]:-} in
        empty) what='"threads":[]' ;;
        error) what='"errors":[{"code":131000,"title":"x"}]' ;;
        failed) what='"errors":[{"title":"x"}]' ;;
        both) what="$what,\"errors\":[{\"code\":131000}]" ;;
        esac
        change history "\"history\":[{\"metadata\":{$(members "${part[@]:0:3}")},$what}]" ;;
    declined) change history '"history":[{"errors":[{"code":2593109,"title":"x"}]}]' ;;
    declined/bare) payload declined "$2" | sed -E 's/^.*"value":(\{.*\})\}\]\}\]\}$/\1/' ;;
    error) change history '"history":[{"errors":[{"code":131000,"title":"x"}]}]' ;;
    media@*)
        what=${1#*@} list=messages
        [ "${what#*/}" != out ] || list=message_echoes
        what=${what%/*}
        change history "\"$list\":[$(message "wamid.$number.file$what" "$(ago "$what")" \
            '"type":"image","image":{"id":"9","mime_type":"image/png"}')]" ;;
    contacts) change smb_app_state_sync '"state_sync":[{"type":"contact","contact":{"full_name":"Bronwi","phone_number":"15550000002"},"action":"add","metadata":{"timestamp":"1767225600"}}]' ;;
    contacts/bad) change smb_app_state_sync '"state_sync":[{"type":"contact","contact":{"full_name":"Bronwi"},"action":"add","metadata":{"timestamp":"1767225600"}}]' ;;
    echo) change smb_message_echoes "\"message_echoes\":[$(text "$2" "$(ago 1)")]" ;;
    live) change messages "\"messages\":[$(text "$2" "$(ago 1)")]" ;;
    edit) change messages "\"messages\":[$(message "wamid.$number.$2" "$(ago 0)" '"type":"edit","edit":{"original_message_id":"wamid.gone","message":{"type":"text","text":{"body":"y"}}}')]" ;;
    status) change messages "\"statuses\":[{\"id\":\"wamid.gone\",\"status\":\"read\",\"timestamp\":\"$(ago 0)\",\"recipient_id\":\"15550000002\"}]" ;;
    cut) payload 2:1:100 "$2" | head -c 300 ;;
    nobody) echo '{ nobody knows' ;;
    esac
}

# ingest what has been gathered
give() {
    [ -z "$(ls "$work/case")" ] && return
    "$coexsync" ingest "$work/case" ${onboarded:+--onboarded-at=$onboarded} "${flags[@]}" >"$work/log" 2>&1
    code=$?
    rm -f "$work/case"/*
}

verdicts() {
    sql "SELECT coalesce(string_agg(concat_ws(' ', v.verdict, nullif(array_to_string(v.reasons, ','), '')),
            ' + ' ORDER BY v.onboarded_at), 'nothing')
        FROM coexsync.verdict_as_of('$1') AS v WHERE v.phone_number_id = '$number'"
}

# go_on NAME EXIT WANT GIVEN...
go_on() {
    local name=$1 want="exit $2: $3" code=- judged=2026-03-08T09:00:00Z onboarded=$T flags=() word given=0
    shift 3
    rm -rf "$work/case" && mkdir "$work/case"
    for word in "$@"; do
        given=$((given + 1))
        case $word in
        on:*) give; onboarded=${word#on:}; onboarded=${onboarded#-} ;;
        judged:*) judged=${word#judged:} ;;
        --*) flags=("$word") ;;
        asked:*) give; sql "UPDATE coexsync.activation AS t SET history_requested_at = '${word#asked:}'
            FROM coexsync.account AS a WHERE a.account_id = t.account_id AND a.name = '$number'" ;;
        outcome:*) give; sql "INSERT INTO coexsync.media_file (account_id, wamid, media_id, outcome)
            SELECT account_id, wamid, media_id, '${word#outcome:}' FROM coexsync.media_asset
            JOIN coexsync.account AS a USING (account_id) WHERE a.name = '$number'" ;;
        *) payload "$word" "$cases.$given" >"$work/case/$(printf %02d $given).json" ;;
        esac
    done
    give
    same "$name" "$want" "exit $code: $(verdicts "$judged")"
}
try() { number=$((number + 1)) && cases=$((cases + 1)) && go_on "$@"; }
more() { cases=$((cases + 1)) && go_on "$@"; }
number=109000

# ---- all there ----------------------------------------------------------------------------------
try 'one phase'                          0 'complete' 2:1:50 2:2:100
try 'one phase, from 0'                  0 'complete' 2:0:50 2:1:100
try 'across phases, from 1'              0 'complete numbering_assumed' 0:1:10 1:2:60 2:3:100
try 'across phases, from 0'              0 'complete numbering_assumed' 0:0:10 1:1:60 2:2:100
try 'in each phase, from 1'              0 'complete phase_end_assumed' 0:1:10 0:2:20 1:1:60 2:1:80 2:2:100
try 'in each phase, from 0'              0 'complete phase_end_assumed' 0:0:10 0:1:20 1:0:60 2:0:100
try 'a phase without data, across'       0 'complete numbering_assumed' 0:1:10 2:2:100
try 'a phase without data, in each'      0 'complete phase_end_assumed' 0:1:10 2:1:100
try 'a chunk without messages'           0 'complete' 2:1:50 2:2:100/empty
try 'nothing to share'                   0 'complete' 2:1:100/empty
try '100, then a lower one that is late' 0 'complete' 2:2:100 2:1:60
try '100 in phase 0'                     0 'complete older_phases_unseen' 0:1:100
try 'one number in two payloads'         0 'complete' 2:1:100 2:1:100/other
try 'nobody said when'                   0 'complete' on:- 2:1:100

try 'more holes than are listed'         0 'incomplete holes' 2:1:50 2:20002:100
check 'and the report says that the list is cut' \
    sh -c "[ \$('$coexsync' report --account=$number | grep -c '2-10001, \.\.\.') -eq 2 ]"

# ---- a hole in each place -----------------------------------------------------------------------
try 'the first of one phase'             0 'incomplete holes' 2:2:50 2:3:100
try 'one in the middle'                  0 'incomplete holes' 2:1:50 2:3:100
try 'the last of one phase'              0 'incomplete progress_below_100' 2:1:50 2:2:80
try 'across: the first of all'           0 'incomplete holes,numbering_assumed' 0:2:10 1:3:60 2:4:100
try 'across: in the middle of a phase'   0 'incomplete holes,numbering_assumed' 0:1:10 1:2:20 1:4:60 2:5:100
try 'across: between two phases'         0 'incomplete holes,numbering_assumed' 0:1:10 1:3:60 2:4:100
try 'across: the last of all'            0 'incomplete progress_below_100,numbering_assumed' 0:1:10 1:2:60 2:3:80
try 'in each: the first of a phase'      0 'incomplete holes,phase_end_assumed' 0:1:10 0:2:20 1:2:60 2:1:100
try 'in each: in the middle of a phase'  0 'incomplete holes,phase_end_assumed' 0:1:10 0:3:20 1:1:60 2:1:100
try 'in each: the last of phase 0 is not seen' 0 'complete phase_end_assumed' 0:1:10 1:1:60 2:1:100
try 'in each: the last of all'           0 'incomplete progress_below_100,phase_end_assumed' 0:1:10 1:1:60 2:1:90
try 'in each: 0 is missing in one'       0 'incomplete holes,phase_end_assumed' 0:0:10 0:1:20 1:1:60 2:0:100
try '100 in an earlier phase'            0 'incomplete progress_below_100,numbering_assumed' 0:1:100 1:2:50
try 'before the late chunk'              0 'incomplete holes' 2:1:50 2:3:100
more 'the late chunk'                    0 'complete' 2:2:80

# ---- declined, and nothing ----------------------------------------------------------------------
try 'declined'                           0 'declined declined' declined
try 'declined, a bare value'             0 'declined declined' declined/bare
try 'declined, with contacts'            0 'declined declined' declined contacts
try 'declined after all of it'           0 'incomplete declined_after_data' 2:1:100 declined
try 'declined after a part'              0 'incomplete declined_after_data,progress_below_100' 2:1:40 declined
try 'contacts alone'                     0 'no_data no_data' contacts
try 'echoes alone'                       0 'no_data no_data' echo
try 'live messages alone'                0 'no_data no_data' live
try 'asked for, and silence'             0 'no_data no_data,request_unanswered' contacts asked:2026-03-01T09:05:00Z
try 'not asked yet'                      0 'no_data no_data' contacts asked:2026-03-01T09:05:00Z judged:2026-03-01T09:01:00Z
try 'asked for, and it came'             0 'complete' 2:1:100 asked:2026-03-01T09:05:00Z
try 'an error in the place of all'       0 'no_data no_data,chunk_errors' error
try 'an error beside data'               0 'complete chunk_errors' 2:1:100 error
try 'errors that name no code'           0 'no_data no_data,chunk_errors' 2:1:100/failed
try 'in the place of the last chunk'     0 'incomplete chunk_errors' 2:1:100 2:2:100/failed
try 'in the place of a phase'            0 'incomplete chunk_errors,older_phases_unseen' 1:1:100 2:2:100/error
more 'and the chunk comes after all'     0 'complete chunk_errors,numbering_assumed' 2:2:100
try 'in the place of a whole phase'      0 'incomplete chunk_errors,older_phases_unseen' 1:1:100 2:-:-/error
more 'and the phase comes after all'     0 'complete chunk_errors,numbering_assumed' 2:2:100
try 'by a number without its phase'      0 'complete chunk_errors,older_phases_unseen' 1:1:100 -:1:-/error
try 'by one that never came'             0 'incomplete chunk_errors,older_phases_unseen' 1:1:100 -:2:-/error
try 'beside the messages of a chunk'     0 'incomplete chunk_errors' 2:1:100/both
more 'and the chunk comes without'       0 'complete chunk_errors' 2:1:100
try 'no history, no activation'          0 'nothing' on:- contacts

# ---- what cannot be proven ----------------------------------------------------------------------
try 'events of one message'              0 'unprovable no_chunk_numbers' 2:-:100 2:-:100
try 'events of one message, below 100'   0 'incomplete progress_below_100,no_chunk_numbers' 2:-:60 2:-:90
try 'events that say nothing'            0 'unprovable no_chunk_numbers,progress_not_said' -:-:-
try 'numbered below 0'                   0 'unprovable no_chunk_numbers' 2:-1:100
try 'numbered, and no progress'          0 'unprovable progress_not_said' 2:1:- 2:2:-
try 'more than 100 percent'              0 'unprovable progress_not_said' 2:1:101
try 'less than none'                     0 'unprovable progress_not_said' 2:1:-1
try 'numbered in one phase alone'        0 'unprovable no_chunk_numbers' 0:1:20 2:-:100

# ---- rejects ------------------------------------------------------------------------------------
try 'a message without id'               3 'complete_with_loss rejects' 2:1:100 2:2:100/noid
try 'a payload that was cut'             3 'complete_with_loss rejects' 2:1:100 cut
try 'a contact without number'           3 'complete_with_loss rejects' 2:1:100 contacts/bad
try 'rejects and a hole'                 3 'incomplete holes,rejects' 2:2:100 contacts/bad
try 'rejects beside what is unprovable'  3 'unprovable no_chunk_numbers,rejects' 2:-:100 contacts/bad

# ---- files --------------------------------------------------------------------------------------
try 'too old to be sent'                 0 'complete older_phases_unseen' 1:1:100/file@15
try 'still to be announced'              0 'complete media_awaited,older_phases_unseen' 1:1:100/file@3 judged:2026-03-02T08:59:00Z
more 'announced by nobody in 24 hours'   0 'complete_with_loss media_lost,older_phases_unseen' on:- contacts judged:2026-03-02T09:00:00Z
try 'a file, and a hole'                 0 'incomplete holes,media_awaited,older_phases_unseen' 1:2:100/file@3
try 'announced'                          0 'complete' 2:1:100 media@3 judged:2026-03-08T09:00:00Z
try 'its id has expired'                 0 'complete_with_loss media_lost' 2:1:100 media@3 judged:2026-03-08T09:00:01Z
try 'announced, outbound'                0 'complete' 2:1:100 media@3/out
try 'downloaded'                         0 'complete' 2:1:100 media@3 outcome:downloaded judged:2026-04-01T00:00:00Z
try 'nothing to compare with'            0 'complete' 2:1:100 media@3 outcome:unverified judged:2026-04-01T00:00:00Z
for outcome in mismatch too_large refused id_expired; do
    try "$outcome"                       0 'complete_with_loss media_lost' 2:1:100 media@3 outcome:$outcome
done

# ---- several activations ------------------------------------------------------------------------
second=2026-04-01T09:00:00Z
try 'the second begins again at 1'       0 'complete + incomplete progress_below_100' 2:1:100 on:$second 2:1:50/other judged:2026-04-08T09:00:00Z
try 'the second without data'            0 'complete + no_data no_data' 2:1:100 on:$second contacts judged:2026-04-08T09:00:00Z
try 'declined the second time'           0 'complete + declined declined' 2:1:100 on:$second declined judged:2026-04-08T09:00:00Z
try 'given before anybody said when'     0 'complete attributed_by_time + no_data no_data' on:- 2:1:100 on:$T contacts on:$second live judged:2026-04-08T09:00:00Z

# ---- notes --------------------------------------------------------------------------------------
try 'older than its phase'               0 'complete dates_outside_phase' 2:1:100/old
try 'connected later than judged'        0 'complete onboarded_in_future' 2:1:100 judged:2026-03-01T08:59:59Z
more 'and a second later'                0 'complete' on:- contacts judged:2026-03-01T09:00:00Z
try 'a guess is no time in the future'   0 'complete' on:- 2:1:100 judged:2020-01-01T00:00:00Z
try 'the time given is a month early'    0 'complete older_phases_unseen,history_after_onboarding,dates_outside_phase' on:2026-02-01T09:00:00Z 0:1:100
try 'a reply to what is not there'       0 'complete dangling_replies' 2:1:100/reply
try 'an edit of what is not there'       0 'complete dangling_events' 2:1:100 edit
try 'a status of what is not there'      0 'complete dangling_statuses' 2:1:100 status
try 'a silent Tuesday'                   0 'complete older_phases_unseen,silent_days' 1:1:100/week@16
try 'a silent fortnight'                 0 'complete older_phases_unseen,silent_days' 1:1:100/week@15,16,17,18,19,20,21,22,23,24,25,26,27,28
try 'closed on Sundays'                  0 'complete older_phases_unseen' 1:1:100/week@7,14,21,28,35,42
try 'without raw bytes'                  0 'complete payloads_without_raw' 2:1:100 --no-raw

# ---- accounts -----------------------------------------------------------------------------------
kept=$number
number=123456122
try 'samples of the dashboard alone'     0 'no_data no_data' 2:1:100
number=$kept
try 'one number'                         0 'complete' 2:1:100
first=$number
try 'another, with a hole'               0 'incomplete holes' 2:2:100
number=$first
more 'the one is as it was'              0 'complete' on:- contacts
number=$((number + 1))
# from here on nobody's payload is a reservation of all
try 'nothing but a payload of nobody'    65 'nothing' nobody
try 'beside a payload of nobody'         3 'complete unusable_payloads' 2:1:100 nobody
number=$first
more 'of another number, too'            0 'complete unusable_payloads' on:- contacts

# ---- the ledger adds up -------------------------------------------------------------------------
check 'data without findings' "$coexsync" check --data
sql "UPDATE coexsync.payload SET counts = jsonb_set(counts, '{duplicate}', '7')
    WHERE account_id = (SELECT account_id FROM coexsync.account WHERE name = '$first')"
exits 'an outcome too many is found' 70 'findings' "$coexsync" check --data
check 'and its payload named' grep -qE '^payload [0-9a-f]{64} of account [0-9]+: seen is not the sum' "$work/stdout"
finish
