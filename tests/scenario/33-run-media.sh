#!/usr/bin/env bash
# run with a token: the files of a whole delivery, as `make run` shows it; what cannot be fetched
# keeps neither report nor archive back.
. "$(dirname "$0")/common.sh"
. "$root/tests/tools/fakegraph.sh"
fixture=$root/fixtures/activation
when=(--onboarded-at=2026-03-01T09:00:00Z --as-of=2026-03-02T09:00:00Z)

fresh run_media
exits 'a token, and no folder: before anything is imported' 64 'media-dir' "$coexsync" run "$fixture" "${when[@]}"
same 'nothing was imported' 0 "$(sql 'SELECT count(*) FROM coexsync.payload')"
env -u COEXSYNC_TOKEN "$coexsync" ingest "$fixture" "${when[@]}" >/dev/null
report=$("$coexsync" report --as-of=2026-03-02T09:00:00Z)
announced=$(sql "SELECT count(*) FROM coexsync.media_as_of('2026-03-02T09:00:00Z') WHERE state = 'announced'")
check "there are files to fetch ($announced)" test "$announced" -gt 200
# T was 24 hours before; ids of live messages expire later
first=$(sql "SELECT count(*) FROM coexsync.media_as_of('2026-03-02T09:00:00Z') WHERE state = 'announced' AND deadline_at < '2026-03-08T10:00:00Z'")
same 'the forecast' "  $first files expire in 6 d 0 h" "$(grep 'files expire' <<<"$report")"
check 'the next step' grep -qE 'coexsync media( -d [^ ]+)? --account=109000000000001 --token-file=FILE' <<<"$report"

check 'run, as make run gives it' "$tools/fakegraph" -- "$coexsync" run "$fixture" "${when[@]}" \
    --graph-url='{graph}' --media-dir="$work/media" --rate=0 -o "$work/a.tar"
same 'all are here' "$announced" "$(sql "SELECT count(*) FROM coexsync.media WHERE state = 'downloaded'")"
same 'each is what its name says' '' "$(wrong_files)"
same 'rows have their files' '' "$(missing_files)"
check 'the archive is intact' "$coexsync" verify "$work/a.tar"
check 'data without findings' env -u COEXSYNC_TOKEN "$coexsync" check --data
same 'the report says so' "$announced" "$("$coexsync" report --as-of=2026-03-02T09:00:00Z | awk '$2 == "downloaded" {n += $3} END {print n}')"
same 'the man page names all members of status' '' "$("$coexsync" status --json | undocumented status)"
same 'and of the files' '' "$("$coexsync" media --list --json | undocumented media)"

# the API is away: the report, the archive, and its exit code
fresh run_away
"$coexsync" run "$fixture" "${when[@]}" --graph-url=http://127.0.0.1:1 --retry-seconds=1 --media-dir="$work/away" \
    -o "$work/b.tar" >"$work/stdout" 2>"$work/stderr"
same 'the API is away' 69 $?
check 'the report is there' grep -q '^verdict: ' "$work/stdout"
check 'the archive, too' "$coexsync" verify "$work/b.tar"
same 'nothing is lost' "$announced" "$(sql "SELECT count(*) FROM coexsync.media_as_of('2026-03-02T09:00:00Z') WHERE state = 'announced'")"

# what a private server inherits: not the token
"$tools/fakegraph" -- "$coexsync" run "$fixture" "${when[@]}" --embedded="$work/own" --graph-url='{graph}' \
    --media-dir="$work/own-media" --rate=100 >/dev/null 2>&1 &
pid=$!
until server=$(head -n 1 "$work/own/data/postmaster.pid" 2>/dev/null) && [ -n "$server" ]; do
    kill -0 $pid 2>/dev/null || break
    sleep 0.05
done
check 'there is a server' test -r "/proc/$server/environ"
same 'it has no token' 0 "$(tr '\0' '\n' <"/proc/$server/environ" | grep -c "$COEXSYNC_TOKEN")"
wait $pid
same 'its run ends well' 0 $?
finish
