#!/usr/bin/env bash
# Every fault of the Graph API, at lookup and at download, has the outcome that is stated here, and
# the rest is fetched all the same.
. "$(dirname "$0")/common.sh"
. "$root/tests/tools/fakegraph.sh"
export COEXSYNC_TOKEN=canary-$$-0123456789
graph_start --size 0
fresh media

# beside files that are throttled for ever these may never come, so they have a run of their own: it
# takes as long as one wait
mapfile -t ids < <(printf '%s-x\n' {lookup.code{4,80007,130429},lookup.http429,download.code4,download.http429}.1)
announce "${ids[@]}"
exits 'what is throttled once comes' 0 '' media --retry-seconds 300 --timeout 60 --parallel 32
same 'all of it' "$(printf '%s downloaded\n' "${ids[@]}" | LC_ALL=C sort)" \
    "$(sql "SELECT media_id, outcome FROM coexsync.media_file" | tr '|' ' ' | LC_ALL=C sort)"

fresh media
# outcome and reason, then the faults that have them, for ever; `once` is a fault that is over after
# one time
cat >"$work/table" <<'END'
failed      server_failed       lookup.code1 lookup.code2 lookup.code131000 lookup.code131016 lookup.code133004
failed      too_many_calls      lookup.code4 lookup.code80007 lookup.code130429 lookup.code131048 lookup.code131056
failed      too_many_calls      lookup.http429
failed      server_failed       lookup.http500 lookup.http502 lookup.http404
failed      bad_answer          lookup.html lookup.garbage lookup.nourl lookup.cutopen
failed      no_answer           lookup.silent lookup.stalled lookup.cut lookup.endless
id_expired  id_gone             lookup.code33 lookup.code100
refused     file_not_at_api     lookup.code131052 download.code131052
refused     call_refused        lookup.code777777 lookup.http400 lookup.page400 download.page400 download.http400
refused     redirect_loop       lookup.loop download.loop
refused     host_not_allowed    lookup.elsewhere lookup.otherhost lookup.private lookup.local download.elsewhere
refused     not_https           lookup.plain lookup.plainly download.plainly
refused     bad_url             lookup.fileurl lookup.userinfo
too_large   over_limit          lookup.huge
downloaded  -                   lookup.chunked lookup.slow lookup.redirect lookup.nosize
unverified  -                   lookup.nohash
failed      server_failed       download.code1 download.code2 download.http500
failed      too_many_calls      download.code4 download.code130429 download.http429
failed      url_dead            download.http403 download.http404 download.http410 download.expired.9
failed      no_answer           download.silent download.stalled download.cut
id_expired  id_gone             download.code33 download.code100
refused     web_page            download.html
mismatch    hash_differs        download.hash download.short download.long download.cutopen
mismatch    hash_differs        download.part download.http204
mismatch    lookup_hash_differs download.hash.9-nohash download.short.9-nohash download.part-nohash
mismatch    size_differs        download.endless
downloaded  -                   download.chunked download.slow download.redirect download.expired.1 download.expired.2
downloaded  -                   lookup.code1.1 lookup.http500.1 lookup.html.1 lookup.garbage.1 lookup.nourl.1 lookup.silent.1
downloaded  -                   lookup.stalled.1 lookup.cut.1 lookup.cutopen.1 lookup.endless.1
downloaded  -                   download.code2.1 download.http500.1 download.http403.1
downloaded  -                   download.http404.1 download.html.1 download.silent.1 download.stalled.1 download.cut.1
downloaded  -                   download.cutopen.1 download.endless.1 download.hash.1 download.short.1 download.long.1
downloaded  -                   rest-1 rest-2 rest-3 rest-4 rest-5 rest-6-nohash
END
while read -r outcome reason words; do
    for word in $words; do
        case $word in *-*) ;; *) word=$word-x ;; esac
        echo "$word $outcome $reason"
    done
done <"$work/table" | LC_ALL=C sort >"$work/want"
mapfile -t ids < <(cut -d' ' -f1 "$work/want")
announce "${ids[@]}"
media --retry-seconds 6 --timeout 3 --parallel 32 >"$work/stdout" 2>"$work/stderr"
same 'some failed for now' 75 $?
sql "SELECT concat_ws(' ', media_id, outcome, coalesce(reason, '-')) FROM coexsync.media_file" | LC_ALL=C sort >"$work/got"
check 'every fault has its outcome and reason' diff "$work/want" "$work/got"
same 'what failed for now is still announced' 0 "$(sql "SELECT count(*) FROM coexsync.media m JOIN coexsync.media_file f USING (account_id, wamid, media_id) WHERE (f.outcome = 'failed') <> (m.state = 'announced')")"
same 'files are what their names say' '' "$(wrong_files)"
same 'rows have their files' '' "$(missing_files)"
same 'sizes are those of the files' 0 "$(sql 'SELECT path, size_bytes FROM coexsync.media_file WHERE path IS NOT NULL' |
    while IFS='|' read -r path size; do [ "$(stat -c %s "$work/media/$path")" = "$size" ] || echo x; done | wc -l)"
same 'only the rightful host was asked, and always with the token' "127.0.0.1:$graph_port right" \
    "$(sed -E 's/.*host=(.*) token=(.*)/\1 \2/' "$graph_log" | sort -u)"
same 'those that cannot be had are named, twenty of them' 20 \
    "$(grep -cE 'file [^ ]*: (refused|mismatch|id_expired|too_large): ' "$work/stderr")"
check 'and the others counted' grep -qE 'and [0-9]+ more that cannot be had' "$work/stderr"

# what is here is not asked for again; what failed is, and only that
: >"$graph_log"
media --retry-seconds 0 --timeout 1 --parallel 32 >"$work/stdout" 2>>"$work/stderr"
same 'again: still 75' 75 $?
same 'nothing that has an outcome is asked for' '' "$(grep -v ' failed ' "$work/want" |
    cut -d' ' -f1 | while read -r id; do grep -F "/$id " "$graph_log"; done)"
check 'a state by name' media --state mismatch --retry-seconds 0 --list
same 'list of a state' 10 "$(media --state mismatch --list | wc -l)"
exits 'a state that there is not' 64 'there is no state missing' "$coexsync" media --list --state missing
while read -r state; do
    check "a state that there is: $state" "$coexsync" media --list --state "$state"
done < <(sed -n 's/^hint: //p' "$work/stderr" | grep -oE '[a-z_]+' | grep -vx or)
same 'list as JSON' mismatch "$(media --state mismatch --list --json | head -n 1 | grep -o '"state" : "[a-z]*"' | cut -d'"' -f4)"

# codes that stop everything; when they are over, the same command goes on
for code in 0 190 368 131031; do
    fresh stop
    announce "lookup.code$code.1-$code" "stop-$code-1" "stop-$code-2"
    exits "code $code stops" 77 "the Graph API says $code:" media
    exits "and when it is over all is fetched" 0 '' media
    same "code $code: all there" 3 "$(sql "SELECT count(*) FROM coexsync.media WHERE state = 'downloaded'")"
done
# a permission that is missing may be missing for one file: the rest is fetched
for fault in code3 code10 code200 code299 code131005 http403; do
    fresh denied
    announce "lookup.$fault-a" b c d
    exits "$fault: somebody has to do something" 77 'a permission is missing for 1 files' media --parallel 1
    check "$fault: it is named" grep -q "file lookup.$fault-a: failed: .*\(permission\|capability\|access\)" "$work/stderr"
    same "$fault: the rest is fetched" "b c d" "$(sql "SELECT string_agg(media_id, ' ' ORDER BY media_id) FROM coexsync.media WHERE state = 'downloaded'")"
    same "$fault: nothing is written off" 1 "$(sql "SELECT count(*) FROM coexsync.media WHERE state = 'announced'")"
done
announce lookup.http500-e
exits 'of two reasons the one that may pass counts' 75 '1 files could not be fetched for now' media --retry-seconds 0

# so many of them at the head of the list that the run ends: the next one begins with what was not tried
fresh denied_many
mapfile -t ids < <(seq -f 'lookup.http403-%02.0f' 70)
announce "${ids[@]}" b c d
sql "UPDATE coexsync.media_asset SET received_at = now() - interval '1 day' WHERE media_id LIKE 'lookup%'"
exits 'many denied at the head' 77 '64 files in a row could not be fetched' media --parallel 1
exits 'the next run gets to the others' 77 '64 files in a row could not be fetched' media --parallel 1
same 'and fetches them' 'b c d' "$(sql "SELECT string_agg(media_id, ' ' ORDER BY media_id) FROM coexsync.media WHERE state = 'downloaded'")"
: >"$graph_log"
sql "UPDATE coexsync.media_file SET last_try = last_try - interval '1 hour' WHERE media_id = 'lookup.http403-33'"
media --parallel 1 >/dev/null 2>&1
same 'of those tried before, the one that waits longest comes first' lookup.http403-33 "$(grep -oE 'lookup.http403-[0-9]+' "$graph_log" | head -n 1)"

# what goes wrong with many in a row goes wrong with all: the rest is not tried, in a time that somebody waits
fresh storm
mapfile -t ids < <(seq -f 's%.0f' 300)
announce "${ids[@]}"
for row in 'code10 77 6[4-9] files in a row could not be fetched: the permission' \
    'http429 75 6[4-9] files in a row could not be fetched: the API has too many calls' \
    'http500 75 6[4-9] files in a row could not be fetched: the server failed'; do
    read -r fault code words <<<"$row"
    echo "all $fault" >"$graph_control"
    start=$(date +%s)
    exits "all $fault" "$code" "$words" media --parallel 4 --retry-seconds 2
    check "all $fault: is over soon" test $(($(date +%s) - start)) -le 60 # each by itself: 225
done
: >"$graph_control"
exits 'the storm is over' 0 '' media
same 'all of them are here' 300 "$(sql "SELECT count(*) FROM coexsync.media WHERE state = 'downloaded'")"

# the same of what would be lost for good: nothing is written off in a bad hour
fresh doubt
mapfile -t ids < <(seq -f 'd%.0f' 200)
announce "${ids[@]}"
for fault in code33 code100 http400 page400; do
    echo "all $fault" >"$graph_control"
    exits "all $fault" 75 '200 files could not be fetched for now' media --parallel 16
    same "all $fault: nothing is written off" 0 "$(sql "SELECT count(*) FROM coexsync.media WHERE state <> 'announced'")"
done
: >"$graph_control"
exits 'the bad hour is over' 0 '' media
same 'all of them are here' 200 "$(sql "SELECT count(*) FROM coexsync.media WHERE state = 'downloaded'")"
# of few files there is no telling; another hour tells
fresh doubt
announce lookup.code100-a download.hash-b
exits 'the only ones' 75 '2 files could not be fetched for now' media
exits 'at once again' 75 '2 files could not be fetched for now' media
sql "UPDATE coexsync.media_file SET doubt_since = doubt_since - interval '2 hours'"
echo 'all http500' >"$graph_control"
exits 'an hour of another illness' 75 '2 files could not be fetched for now' media --retry-seconds 0
: >"$graph_control"
exits 'says nothing of this one' 75 '2 files could not be fetched for now' media
sql "UPDATE coexsync.media_file SET doubt_since = doubt_since - interval '2 hours'"
exits 'another hour that says the same' 3 'expired' media
same 'they are lost' 'lookup.code100-a id_expired download.hash-b mismatch' "$(outcomes | sort -r | tr '\n' ' ' | sed 's/ $//')"
media >"$work/stdout" 2>&1
same 'and a run with nothing to do says so' 3 $?
announce lookup.code100-c download.html-w d e
rm -rf "${work:?}/media"
exits 'one beside a file that comes is lost at once' 3 'lookup.code100-c: id_expired' media
check 'with its reason' grep -q 'file download.html-w: refused: a web page' "$work/stderr"
# why, for those who ask later; a host that is not allowed is named as --media-host takes it
fresh reasons
announce lookup.otherhost-a lookup.http403-b lookup.local-c d
media --parallel 1 -v >"$work/stdout" 2>"$work/stderr"
for host in 'otherhost-a: refused: .* elsewhere.example' "local-c: refused: .* localhost:$graph_port"; do
    check "the log names ${host##* }" grep -qE "file lookup.$host\$" "$work/stderr"
done
same 'the list says why, of what failed for now, too' \
    'announced:no_permission downloaded:- refused:host_not_allowed refused:host_not_allowed' \
    "$(media --list | awk '{print $1 ":" $NF}' | LC_ALL=C sort | xargs)"
same 'and whose each is' 1 "$(media --list --json | grep -o '"account" *: *"[^"]*"' | sort -u | wc -l)"
same 'as JSON' 'no_permission null host_not_allowed host_not_allowed' "$(media --list --json |
    sed -E 's/.*"state" : "([a-z]*)".*"reason" : "?([a-z_]*).*/\1 \2/' | LC_ALL=C sort | cut -d' ' -f2 | xargs)"
# a report and an archive say it of what is lost; what failed for now may come yet
same 'the report says why' '{"state":"refused","reason":"host_not_allowed","files":2}' \
    "$("$coexsync" report --json | grep -oE '"losses":\[[^]]*' | sed 's/.*\[//')"
check 'in words' grep -qF 'refused: host_not_allowed: 2, its URL leads to a host that is not allowed' <("$coexsync" report | tr -s ' \n' ' ')
check 'the verdict, too' grep -qF 'cannot be had: 2 (refused: host_not_allowed 2).' <("$coexsync" report | tr -s ' \n' ' ')
check 'an archive' "$coexsync" export -o "$work/reasons.tar"
same 'says it' '"reason":"host_not_allowed" "reason":"host_not_allowed" "reason":null "reason":null' \
    "$(tar -xOf "$work/reasons.tar" data/media.jsonl | grep -oE '"reason":[^,]*' | LC_ALL=C sort | xargs -d '\n')"
check 'it is intact' "$coexsync" verify "$work/reasons.tar"
same 'a URL is in no log' '' "$(grep -E 'https?:|/file' "$work/stderr")"

# one that stops all does not stop the others twice
fresh poison
announce download.code368-a b c d
sql "UPDATE coexsync.media_asset SET received_at = now() - interval '1 day' WHERE media_id LIKE 'download%'"
exits 'one at the head stops all' 77 'says 368' media --parallel 1
same 'and the row says why' no_access "$(sql 'SELECT reason FROM coexsync.media_file')"
exits 'and comes last then' 77 'says 368' media --parallel 1
same 'the others are fetched' 'b c d' "$(sql "SELECT string_agg(media_id, ' ' ORDER BY media_id) FROM coexsync.media WHERE state = 'downloaded'")"
# a file that was here, is damaged, and cannot be had again
fresh damaged
announce x1 x2
check 'both are here' media
path=$(sql "SELECT path FROM coexsync.media_file WHERE media_id = 'x1'")
echo damaged >"$work/media/$path"
echo 'all code100' >"$graph_control"
exits 'it cannot be fetched again' 75 '1 files could not be fetched' media --state downloaded
same 'and the row does not say that it is here' 'announced downloaded' \
    "$(sql "SELECT string_agg(state, ' ' ORDER BY media_id) FROM coexsync.media")"
same 'it fails for now' 1 "$(sql "SELECT count(*) FROM coexsync.media_file WHERE outcome = 'failed'")"
: >"$graph_control"
check 'later it comes' media
# one that lies here is not forgotten for that
announce lookup.nohash-k
check 'with nothing to compare it with' media
echo 'all code100' >"$graph_control"
exits 'it cannot be compared either' 75 '1 files could not be fetched' media --state unverified
same 'the row stays' unverified "$(sql "SELECT outcome FROM coexsync.media_file WHERE media_id = 'lookup.nohash-k'")"
: >"$graph_control"
mkdir "$work/elsewhere"
exits 'in another folder' 0 '3 files that were fetched are not in .*elsewhere' \
    "$coexsync" media --graph-url "$graph" --media-dir "$work/elsewhere"
check 'there they can be had, too' "$coexsync" media --graph-url "$graph" --media-dir "$work/elsewhere" --state downloaded
same 'both of them' 2 "$(find "$work/elsewhere" -type f | wc -l)"
# something in the place of a file
announce x3
hash=$(sql "SELECT encode(sha256, 'hex') FROM coexsync.media_asset WHERE media_id = 'x3'")
mkdir -p "$work/media/$(echo "$hash" | cut -c1-2)/$(echo "$hash" | cut -c3-)"
exits 'a folder in the place of a file is named' 74 "cannot write the file .*$(echo "$hash" | cut -c3-)" media
# a wrong token for one account is the right one for another
fresh two
announce t1
sed -E 's/109000000000001/109000000000002/g; s/15550000001/15550000009/g; s/wamid\./wamid.O/g' "$work/announced-$announced.json" >"$work/other.json"
env -u COEXSYNC_TOKEN "$coexsync" ingest "$work/other.json" --onboarded-at="$now" >/dev/null
same 'two accounts with a file each' 2 "$(sql "SELECT count(*) FROM coexsync.media WHERE state = 'announced'")"
echo "$COEXSYNC_TOKEN" >"$work/others" && chmod 644 "$work/others"
with_file() { env -u COEXSYNC_TOKEN "$coexsync" media --graph-url "$graph" --media-dir "$work/$1" --rate 0 "${@:2}"; }
check 'a token out of a pipe is that of both' with_file piped --token-file <(echo "$COEXSYNC_TOKEN")
same 'both are fetched' 2 "$(sql "SELECT count(*) FROM coexsync.media WHERE state = 'downloaded'")"
with_file again --token-file "$work/others" --state downloaded >/dev/null 2>"$work/stderr"
same 'one that others may read is told of once' 1 "$(grep -c 'may be read by others' "$work/stderr")"
rm "$work/others"
sql 'DELETE FROM coexsync.media_file'
echo 'fields code100' >"$graph_control"
: >"$graph_log"
exits 'the number of one is not seen' 77 'account 109000000000001: ' media
same 'the other is asked for all the same' '109000000000001 109000000000002' \
    "$(grep -oE '10900000000000[12] ' "$graph_log" | sort -u | tr -d '\n' | sed 's/ $//')"
: >"$graph_control"

fresh stop
announce download.http401.1-a b c
exits 'a download without a right token' 77 'a permission is missing for 1 files' media
same 'stops none but its own' 2 "$(sql "SELECT count(*) FROM coexsync.media WHERE state = 'downloaded'")"
announce lookup.page401.1-d
exits 'whatever comes with the status' 77 'HTTP status 401' media
echo 'all code190' >"$graph_control"
exits 'a token that is over' 77 '190: the token has expired' media
: >"$graph_control"
echo 'fields code100' >"$graph_control"
exits 'a token of another number loses no file' 77 'is the token the one of this number' media
same 'nothing was written off' 0 "$(sql "SELECT count(*) FROM coexsync.media WHERE state = 'id_expired'")"
: >"$graph_control"
exits 'then all is fetched' 0 '' media
COEXSYNC_TOKEN=canary-other check 'a wrong token, nothing to fetch: not even asked' media
announce d
COEXSYNC_TOKEN=canary-other-0123456789 exits 'a wrong token' 77 '190' media
exits 'no token' 64 'COEXSYNC_TOKEN' env -u COEXSYNC_TOKEN "$coexsync" media --media-dir "$work/media"
exits 'no folder' 64 'media-dir' "$coexsync" media
mkdir -m 777 "$work/open"
exits 'a folder that others may write to' 77 'chmod o-w' "$coexsync" media --media-dir "$work/open" --graph-url "$graph"
exits 'a folder that cannot be' 73 'cannot create' "$coexsync" media --media-dir "$work/no/where" --graph-url "$graph"

fresh wait
announce lookup.longwait.1-a b
exits 'two hours to wait are not waited' 75 'wants none for 7200 seconds' media --retry-seconds 2 --parallel 1
check 'and later it goes on' media
announce nobody-1

# nothing listens; TLS of nobody; a private address behind an allowed name
exits 'nobody there' 69 'no answer of the Graph API' "$coexsync" media --media-dir "$work/media" --graph-url http://127.0.0.1:1 --retry-seconds 1
announce lookup.local-private
exits 'an allowed name with a private address' 3 'lookup.local-private: refused: its URL leads to a private address' \
    media --media-host "localhost:$graph_port"
same 'and the row says so' private_address "$(sql "SELECT reason FROM coexsync.media_file WHERE media_id = 'lookup.local-private'")"
announce lookup.plain-allowed
exits 'nor does the token go out without TLS' 3 'lookup.plain-allowed: refused: its URL is not https' \
    media --media-host "localhost:$graph_port"
same 'it was not asked' 0 "$(grep -c host=localhost "$graph_log")"

# a file beyond the limit whose size nobody said; the clock; a rate
fresh limits
announce lookup.nosize-a b c d e f g h i j
rm -rf "${work:?}/media"
exits 'the deadline is over' 75 'deadline' media --deadline "$now"
exits 'the deadline is ahead' 0 '' media --deadline 2100-01-01T00:00:00Z
fresh limits
announce q1 q2 q3 q4 q5 q6 q7 q8 q9 q10
: >"$graph_log"
start=$(date +%s%N)
exits 'with a rate' 0 '' media --rate 10 --parallel 16
check 'of ten requests a second' test $((($(date +%s%N) - start) / 1000000)) -ge 1800
same '20 requests, and one about the number' 21 "$(wc -l <"$graph_log")"

# the earliest deadline first, ids that should have expired last
fresh sequence
announce o1 o2 o3 o4 o5
sql "UPDATE coexsync.media_asset SET received_at = now() - CASE media_id WHEN 'o1' THEN interval '9 days'
    WHEN 'o2' THEN interval '1 day' WHEN 'o3' THEN interval '5 days' WHEN 'o4' THEN interval '8 days'
    ELSE interval '6 days' END"
: >"$graph_log"
check 'all of them are tried' media --parallel 1
same 'in this order' 'o5 o3 o2 o1 o4 ' "$(grep -oE '/o[0-9] ' "$graph_log" | tr -d '/\n')"

# an id that came as a path
fresh hostile
announce ok-1
sql "INSERT INTO coexsync.media_asset (account_id, wamid, media_id) SELECT 1, 'wamid.h' || n, i FROM (VALUES (1, '../me'), (2, '..'), (3, '1?x=y'), (4, E'a\nHost: b'), (5, repeat('1', 129))) v(n, i)"
: >"$graph_log"
exits 'ids that are none' 3 'refused: its id cannot be asked for' media
same 'one id was asked for' 3 "$(wc -l <"$graph_log")"
check 'data without findings' "$coexsync" check --data --graph-url "$graph"

# INT: what is whole is kept, nothing is left behind
fresh signal
: >"$graph_log"
announce s1 s2 s3 download.slow-s4 download.stalled-s5
"$coexsync" media --graph-url "$graph" --media-dir "$work/media" >"$work/stdout" 2>"$work/stderr" &
pid=$!
becomes $pid "SELECT count(*) = 3 FROM coexsync.media WHERE state = 'downloaded' AND media_id LIKE 's%'"
until [ "$(grep -cE '/download.s[a-z]*-s[45] ' "$graph_log")" -ge 2 ] || ! kill -0 $pid; do sleep 0.05; done
cat "/proc/$pid/environ" "/proc/$pid/cmdline" >"$work/proc"
kill -INT $pid
wait $pid
same 'stopped' 130 $?
check 'says how to go on' grep -q 'the same command goes on' "$work/stderr"
same 'what was whole is here' 3 "$(sql "SELECT count(*) FROM coexsync.media WHERE state = 'downloaded' AND media_id LIKE 's%'")"
same 'nothing is left behind' '' "$(find "$work/media" -name '.arriving*')"
check 'status shows it' sh -c "'$coexsync' status | grep -q 'media .*exit 130'"

# INT while a name server does not answer: one in a network of its own
cat >"$work/names.pl" <<'END'
$s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 53, Proto => 'udp') or exit 1;
sub note { open(F, '>', $ARGV[$_[0]]); print F 1; close F; }
note(0);
$s->recv($question, 512);
note(1);
sleep 600;
END
cat >"$work/names.sh" <<END
ip link set lo up && echo 'nameserver 127.0.0.1' >"$work/resolv" && mount --bind "$work/resolv" /etc/resolv.conf || exit 1
perl -MIO::Socket::INET "$work/names.pl" "$work/names.there" "$work/names.asked" &
server=\$!
for n in 1 2 3 4 5 6 7 8 9 10; do [ -s "$work/names.there" ] || sleep 1; done
"$coexsync" media --graph-url https://graph.nowhere.example --media-dir "$work/media" >"$work/stdout" 2>"$work/stderr" &
pid=\$!
for n in 1 2 3 4 5 6 7 8 9 10; do [ -s "$work/names.asked" ] || sleep 1; done
kill -INT \$pid
date +%s%N >"$work/names.from"
wait \$pid
echo \$? >"$work/names.code"
date +%s%N >"$work/names.until"
kill \$server
END
unshare -mn sh "$work/names.sh" >"$work/names.log" 2>&1
if [ -s "$work/names.asked" ]; then
    same 'a name server that does not answer' 130 "$(cat "$work/names.code")"
    check 'keeps nobody waiting' test $(($(cat "$work/names.until") - $(cat "$work/names.from"))) -le 5000000000
else
    echo 'skip a name server that does not answer: none can be made here'
fi

# the token is in nothing that was written
"$coexsync" export -o "$work/archive.tar" --account 109000000000001 >/dev/null
for database in media stop denied denied_many storm wait limits sequence hostile signal; do every_row "$database"; done >"$work/dump.sql"
check 'there is a dump' grep -qE '^media_file.*unverified' "$work/dump.sql"
same 'the token is nowhere' '' "$(grep -rlF canary- "$work" --exclude=coexsync --exclude=check.log)"
finish
