#!/usr/bin/env bash
# Files from 360dialog and YCloud, and a disk that is full.
. "$(dirname "$0")/common.sh"
. "$root/tests/tools/fakegraph.sh"
graph_start --size 20000
base=http://127.0.0.1:$graph_port
downloaded() { sql "SELECT count(*) FROM coexsync.media WHERE state IN ('downloaded', 'unverified')"; }

# 360dialog: no version in the path, no phone_number_id; what its urls name is asked for at its host
fresh dialog
announce a b c lookup.otherhost-d
: >"$graph_log"
exits '360dialog, an answer without its own host' 3 'mismatch|refused' "$coexsync" media --provider 360dialog --graph-url "$base" --media-dir "$work/media"
same 'its files' 3 "$(downloaded)"
same 'no other host was asked' "127.0.0.1:$graph_port" "$(sed -E 's/.*host=([^ ]*).*/\1/' "$graph_log" | sort -u)"
same 'nothing about the number' 0 "$(grep -c 109000000000001 "$graph_log")"

# 20 errors an hour would lock us out: it stops before, and the errors of the last hour count
fresh budget
mapfile -t ids < <(seq -f 'lookup.http400-%.0f' 40)
announce "${ids[@]}" ok-1
: >"$graph_log"
exits 'many errors' 75 'the provider locks us out' "$coexsync" media --provider 360dialog --graph-url "$base" --media-dir "$work/media" --rate 0
same 'it stops before the twentieth' 19 "$(wc -l <"$graph_log")"
check 'and says when to go on' grep -qE 'hint: .*go on in (59|60|61) minutes' "$work/stderr"
: >"$graph_log"
exits 'at once again' 75 'the provider locks us out' "$coexsync" media --provider 360dialog --graph-url "$base" --media-dir "$work/media" --rate 0
same 'nothing is asked' 0 "$(wc -l <"$graph_log")"
sql "UPDATE coexsync.media_file SET last_try = now() - interval '61 minutes'"
exits 'an hour later' 75 'locks us out' "$coexsync" media --provider 360dialog --graph-url "$base" --media-dir "$work/media" --rate 0
same 'it has gone on' 19 "$(wc -l <"$graph_log")"

# YCloud: the link that was announced, without a lookup
fresh ycloud
announce y1 y2 y3-nohash download.http404-y4 download.endless-y5-nohash y6 download.part-y7-nohash download.http204-y8-nohash
sql "UPDATE coexsync.media_asset SET url = '$base/link/' || media_id WHERE media_id <> 'y6'"
sql "UPDATE coexsync.payload SET dialect = 'ycloud'"
# a part comes in the shape of Meta
sql "INSERT INTO coexsync.payload SELECT account_id, '\x01', accounts, run_id, source, size_bytes, kind, 'meta', received_at, signature, signature_header, decoder_version, has_history, counts FROM coexsync.payload"
: >"$graph_log"
exits 'as the payloads say' 3 'y6: refused: no URL' "$coexsync" media --graph-url "$base" --media-dir "$work/media" --max-media-size 1
same 'its outcomes' 'download.endless-y5-nohash too_large download.http204-y8-nohash mismatch download.http404-y4 id_expired download.part-y7-nohash mismatch y1 downloaded y2 downloaded y3-nohash unverified y6 refused ' "$(outcomes | tr '\n' ' ')"
same 'and their reasons' 'download.endless-y5-nohash over_limit download.http204-y8-nohash empty download.http404-y4 url_dead download.part-y7-nohash partial y6 no_url' \
    "$(sql "SELECT media_id || ' ' || reason FROM coexsync.media_file WHERE reason IS NOT NULL ORDER BY media_id COLLATE \"C\"" | xargs)"
same 'links only' '/link/' "$(awk '{print $2}' "$graph_log" | cut -c1-6 | sort -u)"
: >"$graph_log"
"$coexsync" media --graph-url "$base" --media-dir "$work/media" --max-media-size 1 >"$work/stdout" 2>&1
same 'with the same limit a large one is not tried again' 3 $?
same 'nothing is asked' '' "$(cat "$graph_log")"
exits 'with a greater one it is' 3 'y5-nohash: too_large' "$coexsync" media --graph-url "$base" --media-dir "$work/media" --max-media-size 2
exits 'a provider that is none' 64 'there is no nobody' "$coexsync" media --provider nobody

# the disk is full: what was stored is right, and with more room the same command goes on. `none`: else
# mount asks for the uid= that it finds, which an ordinary user's namespace does not have
cat >"$work/full.sh" <<END
mkdir -p "$work/disk" && mount -t tmpfs -o size=200k,mode=700 none "$work/disk" || exit 99
"$coexsync" media --graph-url "$graph" --media-dir "$work/disk" --rate 0 >"$work/full.out" 2>"$work/full.err"
echo \$? >"$work/full.code"
find "$work/disk" -type f | while read -r path; do
    [ "\$(sha256sum <"\$path" | cut -d' ' -f1)" = "\$(echo "\${path#"$work/disk/"}" | tr -d /)" ] || echo "\$path"
done >"$work/full.wrong"
find "$work/disk" -type f | wc -l >"$work/full.count"
mount -o remount,size=10m none "$work/disk"
"$coexsync" media --graph-url "$graph" --media-dir "$work/disk" --rate 0 >"$work/more.out" 2>&1
echo \$? >"$work/more.code"
find "$work/disk" | grep -c 'arriving' >"$work/more.left"
END
fresh disk
mapfile -t ids < <(seq -f 'd%.0f' 30)
"$tools/fakegraph" --size 20000 announce "${ids[@]}" >"$work/disk.json"
env -u COEXSYNC_TOKEN "$coexsync" ingest "$work/disk.json" --onboarded-at="$now" >/dev/null
if [ "$(id -u)" -eq 0 ]; then space=(unshare -m); else space=(unshare -Urm); fi
"${space[@]}" sh "$work/full.sh" >"$work/space.log" 2>&1
if [ -s "$work/more.code" ]; then
    same 'a full disk' 74 "$(cat "$work/full.code")"
    check 'is said' grep -q 'No space left' "$work/full.err"
    same 'what was stored is right' '' "$(cat "$work/full.wrong")"
    check "some files were stored ($(cat "$work/full.count"))" test "$(cat "$work/full.count")" -ge 1
    same 'with more room it goes on' 0 "$(cat "$work/more.code")"
    same 'all files' 30 "$(downloaded)"
    same 'nothing is left behind' 0 "$(cat "$work/more.left")"
else
    echo 'skip a full disk: no small one can be made here'
fi
finish
