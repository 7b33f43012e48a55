#!/usr/bin/env bash
# What a report costs: make bench-report MESSAGES=1000000 RUNS=3. The whole of `coexsync report`,
# its parts on the server, and the view verdict, each against a COPY of the table message.
. "$(dirname "$0")/../scenario/common.sh"
. "$root/tests/bench/lib.sh"
messages=${MESSAGES:-1000000} runs=${RUNS:-3}
T=2026-03-01T09:00:00Z as_of=2026-03-02T09:00:00Z

# timed NAME COMMAND...: ms, into $work/NAME
timed() {
    local start
    start=$(date +%s%N)
    "${@:2}" >/dev/null || exit 1
    echo $((($(date +%s%N) - start) / 1000000)) >>"$work/$1"
}

# ask SQL: as the report does it
ask() { PGOPTIONS='-c jit=off' psql -qXAt -v ON_ERROR_STOP=1 -c "$1"; }

# line LABEL NAME
line() {
    printf '%-34s %8s ms  %s x the COPY\n' "$1" "$(median <"$work/$2")" \
        "$(ratio "$(median <"$work/$2")" "$(median <"$work/copy")")"
}

fresh report
"$tools/mkpayloads" --messages "$messages" --threads 2000 --days 180 --out "$work/payloads" >/dev/null
"$coexsync" ingest "$work/payloads" --onboarded-at=$T --no-raw >/dev/null || exit 1
sql 'VACUUM ANALYZE'
account=$(sql "SELECT max(account_id) FROM coexsync.account")
for _ in $(seq "$runs"); do
    timed copy ask 'COPY coexsync.message TO STDOUT'
    timed report "$coexsync" report --as-of=$as_of
    timed verdict ask "SELECT * FROM coexsync.verdict_as_of('$as_of') WHERE account_id = $account"
    timed media ask "SELECT state, count(*) FROM coexsync.media_as_of('$as_of') WHERE account_id = $account GROUP BY state"
    timed dangling ask "SELECT * FROM coexsync.dangling_in($account)"
done
printf 'messages %s, runs %s, medians\nCOPY of the table message           %8s ms\n' "$messages" "$runs" \
    "$(median <"$work/copy")"
line 'coexsync report, all of it' report
line 'view verdict' verdict
line 'of it: states of files' media
line 'of it: what dangles' dangling
