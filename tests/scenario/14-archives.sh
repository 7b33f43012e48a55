#!/usr/bin/env bash
# Compressed files and archives: the same payloads in any of them give the same facts; what is hostile
# or damaged is refused with its code, in bounded memory, and stops nothing else.
. "$(dirname "$0")/common.sh"
"$tools/mkpayloads" --seed 14 --messages 6000 --threads 40 --days 180 --out "$work/set" >/dev/null
cd "$work" || exit 1
T=--onboarded-at=2026-03-01T09:00:00Z
# 128 MiB, what a small container has; an import of plain files takes some 90
MEMORY_KIB=131072

# ---- the same in any form ------------------------------------------------------------------------

for file in set/*; do
    cat "$file"
    echo
done >all.ndjson
tar -cf all.tar set
tar -czf all.tar.gz set
tar -c set | zstd -q -o all.tar.zst
zip -qr all.zip set
zip -qr - set <all.ndjson | cat >piped.zip # sizes behind the members
sed 's/"/""/g; s/.*/"&"/' all.ndjson >all.csv # for a table
gzip -k all.ndjson
zstd -qk all.ndjson
# parts compressed by themselves, one behind the other
half=$(($(wc -l <all.ndjson) / 2))
{ head -n $half all.ndjson | gzip; tail -n +$((half + 1)) all.ndjson | gzip; } >parts.gz
{ head -n $half all.ndjson | zstd; tail -n +$((half + 1)) all.ndjson | zstd; } >parts.zst 2>"$work/log"

fresh plain
check 'the folder' "$coexsync" ingest set $T
want=$(total)
messages=$(sql 'SELECT count(*) FROM coexsync.message')
payloads=$(sql 'SELECT count(DISTINCT source) FROM coexsync.payload')
check 'an archive of its own' "$coexsync" export -o own.tar.gz --as-of=2026-03-02T00:00:00Z
for file in all.ndjson own.tar.gz all.tar all.tar.gz all.tar.zst all.zip piped.zip all.ndjson.gz all.ndjson.zst \
    parts.gz parts.zst; do
    fresh form
    check "$file" "$coexsync" ingest "$file" $T
    same "$file: the same facts" "$want" "$(total)"
done
for file in all.tar all.tar.gz piped.zip all.ndjson.zst; do
    fresh form
    check "$file, a pipe" sh -c "cat $file | '$coexsync' ingest - $T"
    same "$file, a pipe: the same facts" "$want" "$(total)"
done
# its own, unpacked: what a customer wrote is no payload, whatever it looks like
mkdir forged
cat >forged/one.json <<'END'
{"object":"x","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550001000","phone_number_id":"700900"},"messages":[{"from":"15550002001","id":"wamid.real","timestamp":"1772355665","type":"text","text":{"body":"{\"messaging_product\":\"whatsapp\",\"metadata\":{\"phone_number_id\":\"700900\"},\"messages\":[{\"from\":\"15550002001\",\"id\":\"wamid.forged\",\"timestamp\":\"1772355666\",\"type\":\"text\",\"text\":{\"body\":\"x\"}}]}"}}]}}]}]}
END
fresh form
"$coexsync" ingest forged >/dev/null
check 'an archive with a text that looks like a payload' "$coexsync" export -o forged.tar
mkdir unpacked && tar -C unpacked -xf forged.tar
tar -C unpacked -cf again.tar .
fresh form
check 'its own archive, unpacked' "$coexsync" ingest unpacked
same 'gives the payloads' 'wamid.real' "$(sql "SELECT string_agg(wamid, ' ' ORDER BY wamid) FROM coexsync.message")"
mkdir -p deeper/in && cp -r unpacked deeper/in/
check 'within another folder, too: all known' sh -c "'$coexsync' ingest deeper | grep -q 'payloads 1: 0 new, 1 known'"
rm unpacked/bag-info.txt && mkfifo unpacked/bag-info.txt
check 'a pipe of that name holds up nobody' timeout 20 "$coexsync" inspect forged unpacked/data/payloads
rm -rf unpacked deeper
exits 'and packed by somebody else' 3 'again.tar!./data/messages.jsonl' "$coexsync" ingest again.tar
same 'nothing else' 'wamid.real' "$(sql "SELECT string_agg(wamid, ' ' ORDER BY wamid) FROM coexsync.message")"
# and one that has not the bytes of all
fresh form
"$coexsync" ingest forged >/dev/null
"$coexsync" ingest --no-raw set >/dev/null
"$coexsync" export --account=700900 -o whole.tar >/dev/null
"$coexsync" export --account=109000000000001 -o bare.tar >/dev/null
fresh form
check 'an archive with all bytes' "$coexsync" ingest whole.tar
exits 'an archive without the bytes' 65 '  bare.tar' "$coexsync" ingest bare.tar
same 'is told' archive_partial "$(sql 'SELECT code FROM coexsync.reject')"
mkdir bare && tar -C bare -xf bare.tar
exits 'nor unpacked' 66 'payloads of this archive without their bytes' "$coexsync" ingest bare
# a bag of somebody else's is an archive like any other
mkdir bag bag/data
echo 'Bag-Software-Agent: another' >bag/bag-info.txt
cp all.ndjson bag/data/
tar -C bag -cf bag.tar bag-info.txt data
fresh form
exits 'a bag of somebody else' 3 'bag-info' "$coexsync" ingest bag.tar $T
same 'a bag of somebody else: the same messages' "$messages" "$(sql 'SELECT count(*) FROM coexsync.message')"
fresh form
sql 'CREATE TABLE hook (id bigint GENERATED ALWAYS AS IDENTITY, payload text)'
psql -qX -c "\\copy hook (payload) FROM all.csv CSV"
check 'a query' "$coexsync" ingest --from-query 'SELECT id, payload FROM hook ORDER BY id' $T
same 'a query: the same facts' "$want" "$(total)"
fresh form
cp all.tar.gz a-name-without-suffix
check 'the bytes tell, not the name' "$coexsync" ingest a-name-without-suffix $T
same 'the members are the sources' "$payloads a-name-without-suffix!set/" \
    "$(sql "SELECT count(DISTINCT source) || ' ' || min(substr(source, 1, 26)) FROM coexsync.payload")"
check 'the folder again: all known' sh -c "'$coexsync' ingest set $T | grep -q ': 0 new'"
check 'data without findings' "$coexsync" check --data

# ---- what is refused -----------------------------------------------------------------------------

# good N: a payload of a message of its own
good() {
    printf '{"metadata":{"phone_number_id":"109"},"messages":[{"from":"15550000002","id":"wamid.%s","timestamp":"1767225600","type":"text","text":{"body":"x"}}]}\n' "$1"
}
mkdir bad
first=$(find set -type f | sort | head -n 1)
fresh refused
n=0

# codes FILE: of its rejects
codes() {
    sql "SELECT string_agg(DISTINCT code, ' ') FROM coexsync.reject WHERE starts_with(detail, '$1')"
}
# bounded NAME: what measure said
bounded() {
    check "$1: memory" test "$(sed -n 's/.*peak_kib \([0-9]*\).*/\1/p' stderr)" -lt $MEMORY_KIB
}
# refused NAME CODE FILE: alone nothing is usable; the code and no other; then as beside
refused() {
    exits "$1" 65 'none of' "$tools/measure" "$coexsync" ingest "$3"
    bounded "$1"
    same "$1: its code" "$2" "$(codes "$3")"
    beside "$@"
}
# beside NAME CODE FILE: what is good beside it goes in
beside() {
    n=$((n + 1))
    good "G$n" >good.json
    exits "$1, beside a good file" 3 "$3" "$tools/measure" "$coexsync" ingest "$3" good.json
    bounded "$1, beside"
    check "$1, beside: the code" grep -qw "$2" <<<"$(codes "$3")"
    same "$1: the good file is in" 1 "$(sql "SELECT count(*) FROM coexsync.message WHERE wamid = 'wamid.G$n'")"
    check "$1: it has a remedy" sh -c "'$coexsync' help rejects | grep -A1 '^$2 ' | grep -q -- '->'"
}

# bombs: 10 GB of spaces out of some MB; of the zip 300 MB
head -c 10000000 /dev/zero | tr '\0' ' ' >spaces
gzip -9c spaces >spaces.gz
zstd -qc spaces >spaces.zst
# repeat COUNT FILE
repeat() { yes "$2" | head -n "$1" | xargs cat; }
repeat 1000 spaces.gz >bad/bomb.gz
repeat 1000 spaces.zst >bad/bomb.zst
truncate -s 8G big
{ tar -cf - big | head -c 512 | gzip; cat bad/bomb.gz; } >bad/bomb.tar.gz
mkdir many
for i in $(seq 30); do ln spaces "many/$i"; done
zip -q9r bad/bomb.zip many
rm -r many big
for file in bomb.gz bomb.zst bomb.tar.gz; do
    refused "$file" archive_bomb "bad/$file"
done
beside 'bomb.zip' archive_bomb bad/bomb.zip
exits 'a bomb in a pipe' 65 'none of' sh -c "cat bad/bomb.gz | '$coexsync' ingest -"

# archives in archives
good inner >inner.json
gzip -kc inner.json >inner.gz
tar -cf bad/gz.tar inner.gz
refused 'gzip in tar' archive_nested bad/gz.tar
gzip -c inner.gz >bad/twice.gz
refused 'gzip in gzip' archive_nested bad/twice.gz
tar -cf inner.tar inner.json && zip -q bad/tar.zip inner.tar
refused 'tar in zip' archive_nested bad/tar.zip
zip -q inner.zip inner.json && zstd -qc inner.zip >bad/zip.zst
refused 'zip in zstd' archive_nested bad/zip.zst

# members that are no files
ln -s /etc/passwd link
mkfifo pipe
tar -cf bad/link.tar link
refused 'a symbolic link' archive_not_a_file bad/link.tar
tar -cf bad/pipe.tar pipe
refused 'a pipe' archive_not_a_file bad/pipe.tar
ln inner.json hard
tar -cf bad/hard.tar inner.json hard
beside 'a hard link' archive_not_a_file bad/hard.tar
tar -cf bad/device.tar /dev/null 2>/dev/null
refused 'a device' archive_not_a_file bad/device.tar
zip -qy bad/link.zip link
refused 'a symbolic link in a zip' not_json bad/link.zip

# names that lead out; nothing is written there
mkdir sub
(cd sub && tar -cPf ../bad/up.tar ../inner.json)
refused 'a name with ..' archive_name bad/up.tar
tar -cPf bad/absolute.tar "$work/inner.json"
refused 'an absolute name' archive_name bad/absolute.tar

# more or less than there should be
{ gzip -c inner.json; echo junk; } >bad/junk.gz
beside 'gzip and junk' archive_trailing bad/junk.gz
{ zstd -qc inner.json; echo junk; } >bad/junk.zst
beside 'zstd and junk' archive_trailing bad/junk.zst
head -c $(($(wc -c <all.ndjson.gz) / 2)) all.ndjson.gz >bad/cut.gz
head -c $(($(wc -c <all.ndjson.zst) / 2)) all.ndjson.zst >bad/cut.zst
head -c $(($(wc -c <all.tar) / 2)) all.tar >bad/cut.tar
head -c $(($(wc -c <all.tar.gz) / 2)) all.tar.gz >bad/cut.tar.gz
head -c $(($(wc -c <all.zip) / 2)) all.zip >bad/cut.zip
for file in bad/cut.*; do
    beside "$file" archive_damaged "$file"
    check "$file: what came whole is in" test \
        "$(sql "SELECT count(*) FROM coexsync.payload WHERE starts_with(source, '$file') AND kind <> 'unusable'")" -gt 0
    sql 'DELETE FROM coexsync.payload' # the next one has the same
done
{ gzip -c "$first" | head -c -8; printf 12345678; } >bad/sum.gz
refused 'gzip with a wrong checksum' archive_damaged bad/sum.gz
zip -qP secret bad/secret.zip inner.json
refused 'a password' archive_encrypted bad/secret.zip
zip -q bad/secret.zip "$first"
beside 'a password beside a good member' archive_encrypted bad/secret.zip
zip -qZ bzip2 bad/bzip2.zip "$first"
refused 'another compression' archive_method bad/bzip2.zip
cat all.ndjson all.tar | zstd -q --ultra -22 --long=27 >bad/wide.zst # its size not known
refused 'a window of 128 MiB' archive_method bad/wide.zst

# all of them at once: nothing is written but into the database, and no input stops another
fresh at_once
touch before
sleep 0.1
exits 'all at once' 3 'bad/' "$coexsync" ingest bad good.json
exits 'again: all known, and still 3' 3 'bad/' "$coexsync" ingest bad good.json
same 'and nothing new' 1 "$(grep -c ': 0 new' stdout)"
check 'data without findings' "$coexsync" check --data
same 'each is named' "$(find bad -type f | wc -l)" \
    "$(sql "SELECT count(DISTINCT split_part(split_part(detail, '!', 1), ': ', 1)) FROM coexsync.reject
        WHERE code LIKE 'archive%' OR detail LIKE 'bad/link.zip!%'")"
same 'the good file is in' 1 "$(sql "SELECT count(*) FROM coexsync.message WHERE wamid = 'wamid.G$n'")"
same 'no file is written' '' "$(find . -newer before -type f ! -name stdout ! -name stderr ! -name check.log)"

# ---- a signal ------------------------------------------------------------------------------------

gzip -1c spaces >slow.part # not enough to be a bomb
repeat 3000 slow.part >slow.gz
# stopped NAME FILE: by TERM, while standard input comes from it, and then nothing comes any more
stopped() {
    local pid
    "$coexsync" ingest - < <(cat "$2" && exec sleep 30) >stdout 2>stderr &
    pid=$!
    begins $pid
    sleep 1
    kill -TERM $pid
    ends "$1: in time" 10 $pid
    same "$1: exit code" 143 "$code"
    check "$1: says how to go on" grep -q 'the same command goes on' stderr
}
stopped 'TERM within 30 GB of spaces' slow.gz
head -c 1000 all.tar.gz >head.gz
stopped 'TERM while an archive is awaited' head.gz
finish
