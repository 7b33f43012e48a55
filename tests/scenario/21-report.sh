#!/usr/bin/env bash
# What the report takes from the database, and how the environment shapes its form.
. "$(dirname "$0")/common.sh"
T=2026-03-01T09:00:00Z

# message WAMID SECONDS [TYPE]: of a history chunk; T is 1772355600
message() {
    printf '{"from":"15550000002","id":"wamid.%s","timestamp":"%s","type":"%s","text":{"body":"x"}}' \
        "$1" "$2" "${3:-text}"
}
day=86400 t=1772355600
{
    printf '{"metadata":{"phone_number_id":"109"},"history":[{"metadata":{"phase":0,"chunk_order":1,"progress":100},"threads":[{"id":"15550000002","messages":['
    message A $((t - 1)) && printf ,           # the day of the onboarding
    message B $((t + 3600)) && printf ,        # the same day
    message C $((t - 9 * 3600 - 1)) && printf , # the last second of the day before
    message D $((t - 9 * 3600)) && printf ,    # the first second of the day
    message E $((t - 180 * day)) && printf ,   # the oldest day
    message F $((t - 180 * day - 9 * 3600 - 1)) && printf , # older
    message G $((t + day)) && printf ,         # later
    message H 5 && printf ,                    # no time at all
    message P $((t - 5 * day)) media_placeholder && printf ,
    message Q $((t - 20 * day)) media_placeholder && printf ,
    message R $((t - 21 * day)) media_placeholder
    printf ']}]}]}\n'
} >"$work/history.json"
# files for P and, older than 14 days, for Q
printf '{"metadata":{"phone_number_id":"109"},"messages":[{"from":"15550000002","id":"wamid.%s","timestamp":"%s","type":"image","image":{"id":"7%s","mime_type":"image/png"}}]}\n' \
    P $((t - 5 * day)) P Q $((t - 20 * day)) Q >"$work/media.json"
printf '{"metadata":{"phone_number_id":"109"},"state_sync":[{"type":"contact","contact":{"full_name":"Ann Example","phone_number":"15550000002"},"action":"add","metadata":{"timestamp":"%s"}},{"type":"contact","contact":{"phone_number":"15550000003"},"action":"remove","metadata":{"timestamp":"%s"}}]}\n' \
    "$t" "$t" >"$work/contacts.json"

fresh report
check 'no account: said so' sh -c "'$coexsync' report | grep -q '^no account yet'"
exits 'no account: no page' 66 'nothing to make a page of' "$coexsync" report --html "$work/none.html"
check 'ingest' "$coexsync" ingest --onboarded-at="$T" "$work"/{history,media,contacts}.json
json() { "$coexsync" report --json --as-of=2026-03-03T09:00:00Z | grep -oE "$1"; }

same 'days from the first to the last' '"first_day":"2025-09-02","last_day":"2026-03-01"' \
    "$(json '"first_day":"[^"]*","last_day":"[^"]*"')"
days=$(json '"days":\[[0-9,]*\]' | grep -oE '[0-9]+')
same '181 days' 181 "$(wc -l <<<"$days")"
same 'first and last days' '1 0 1 3' "$(sed -n '1p;2p;180p;181p' <<<"$days" | xargs)"
same 'placeholders are messages' '1 1 0 1' "$(sed -n '160p;161p;162p;176p' <<<"$days" | xargs)"
same 'older and later ones' '"older":1,"later":1' "$(json '"older":[0-9]*,"later":[0-9]*')"
same 'media by age and state, with the deadline of what can be fetched' \
    '{"age":"window","state":"announced","files":1,"deadline":"2026-03-08T09:00:00Z"},{"age":"outside","state":"announced","files":1,"deadline":"2026-03-08T09:00:00Z"},{"age":"older","state":"too_old","files":1,"deadline":null}' \
    "$(json '\{"age".*\}\],"next' | sed 's/\],"next//')"
same 'states sum the ages up' '{"state":"announced","files":2},{"state":"too_old","files":1}' \
    "$(json '"states":\[[^]]*' | sed 's/.*\[//')"
same 'the next deadline' '"next_deadline":"2026-03-08T09:00:00Z"' "$(json '"next_deadline":"[^"]*"')"
same 'what people are named by' \
    '{"source":"address_book","people":1},{"source":"number","people":1}' \
    "$(json '"names":\[[^]]*' | sed 's/.*\[//')"

# a second onboarding has days of its own
check 'the same under another onboarding' "$coexsync" ingest --onboarded-at=2026-03-02T09:00:00Z "$work/history.json"
same "each has its days" "2025-09-02 2025-09-03" "$(json "\"first_day\":\"[^\"]*" | cut -d\" -f4 | xargs)"

# redacted: one pseudonym in all forms and calls, another in another database; the header says so
fresh other
check 'another database' "$coexsync" ingest "$work/history.json"
elsewhere=$("$coexsync" report --json --redact | grep -oE '"account":"[^"]*"')
export PGDATABASE=report${CLUSTER_SUFFIX:-}
pseudonym=$("$coexsync" report --json --redact | grep -oE '"account":"[^"]*"' | cut -d'"' -f4)
check 'a pseudonym' grep -qE '^number-[0-9a-f]{12}$' <<<"$pseudonym"
check 'another one elsewhere' test "$elsewhere" != "\"account\":\"$pseudonym\""
check 'a redacted page' "$coexsync" report --redact --html "$work/redacted.html"
same 'the same on the page' 2 "$(grep -c "$pseudonym" "$work/redacted.html")"
same 'and on the terminal' 2 "$("$coexsync" report --redact | grep -c "$pseudonym")"
check 'the header says what it is' sh -c "'$coexsync' report --redact | grep -q 'Redacted:'"
same 'the number is nowhere' 0 "$({ "$coexsync" report --redact; "$coexsync" report --redact --json; cat "$work/redacted.html"; } | grep -cE '\b109\b')"
sql 'DELETE FROM coexsync.pseudonym_key'
exits 'without the key there is no redacted report' 78 'pseudonym_key' "$coexsync" report --redact
check 'a report there is' "$coexsync" report

# what can be written in part only leaves the page of before
page=$(sha256sum <"$work/redacted.html")
exits 'no room for a page' 74 'cannot write' bash -c "trap '' XFSZ; ulimit -f 4; exec '$coexsync' report --html '$work/redacted.html'"
same 'the one of before is whole' "$page" "$(sha256sum <"$work/redacted.html")"
same 'and nothing lies beside it' 0 "$(find "$work" -name '.*.tmp' | wc -l)"
user=() # root could make a file beside it
[ "$(id -u)" -ne 0 ] || user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
check 'a page into a pipe' "${user[@]}" sh -c "'$coexsync' report --html /dev/stdout | grep -q '</html>'"
ln -s real.html "$work/link.html"
check 'a page behind a link' "$coexsync" report --html "$work/link.html"
check 'is where the link leads' test -s "$work/real.html"
same 'and the link is one' real.html "$(readlink "$work/link.html")"

# the form; the terminal of who runs the tests may be a dumb one
export TERM=xterm
controls() { LC_ALL=C grep -c $'\033'; }
ascii() { LC_ALL=C grep -c '[^ -~]'; }
same 'UTF-8 draws blocks' 1 "$("$coexsync" report | grep -c '·█' | sed 's/[1-9][0-9]*/1/')"
same 'the locale C has ASCII' 0 "$(LC_ALL=C "$coexsync" report | ascii)"
same 'so has a dumb terminal' 0 "$(TERM=dumb "$coexsync" report | ascii)"
same 'a pipe has no colours' 0 "$("$coexsync" report | controls)"
check 'colours where they are asked for' sh -c "'$coexsync' report --color=always | head -n 1 | grep -q '^.\[1;'"
exits 'colours of another kind' 64 'auto, always or never' "$coexsync" report --color=blue
if command -v script >/dev/null; then
    on_terminal() { # COMMAND: its output on a terminal of 40 columns
        script -qec "stty cols 40; $1" /dev/null </dev/null | tr -d '\r'
    }
    check 'colours on a terminal' sh -c "[ \"$(on_terminal "'$coexsync' report" | controls)\" -gt 0 ]"
    same 'none under NO_COLOR' 0 "$(NO_COLOR=1 on_terminal "'$coexsync' report" | controls)"
    same 'none with --color=never' 0 "$(on_terminal "'$coexsync' report --color=never" | controls)"
    same 'no line is wider than 40' 0 "$(NO_COLOR=1 on_terminal "'$coexsync' report" | grep -cE '^.{41}')"
else
    echo 'skip colours on a terminal: there is no script(1)'
fi
finish
