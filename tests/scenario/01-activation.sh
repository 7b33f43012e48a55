#!/usr/bin/env bash
# The fixture from payloads to a verified archive, twice: what a newcomer sees with `make run`.
. "$(dirname "$0")/common.sh"
fixture=$root/fixtures/activation
flags=(--onboarded-at=2026-03-01T09:00:00Z --as-of=2026-03-02T09:00:00Z)
cluster_database activation

check 'run exits 0' "$coexsync" run "$fixture" --migrate "${flags[@]}" -o "$work/first.tar.gz"
cp "$work/check.log" "$work/first.log"
check 'the report shows a verdict' grep -qiE 'complete|incomplete' "$work/first.log"
check 'the report shows the three phases' grep -qE '^ *2 ' "$work/first.log"
check 'the accounting line is there' grep -qE 'messages seen [0-9]+ = [0-9]+ inserted \+' "$work/first.log"
first=$(total)
check 'data without findings' "$coexsync" check --data
same 'every payload is in the ledger, one given twice once' \
    "$(find "$fixture" -type f -exec sha256sum {} + | cut -c1-64 | sort -u | wc -l)" \
    "$(sql 'SELECT count(*) FROM coexsync.payload')"

check 'a second run exits 0' "$coexsync" run "$fixture" "${flags[@]}" -o "$work/second.tar.gz"
cp "$work/check.log" "$work/second.log"
check 'nothing is inserted again' grep -q 'messages seen 0 = 0 inserted' "$work/second.log"
check 'every payload is known' grep -qE 'payloads ([0-9]+): 0 new, \1 known' "$work/second.log"
same 'the same digest' "$first" "$(total)"
check 'the same archive bytes' cmp "$work/first.tar.gz" "$work/second.tar.gz"

mkdir "$work/unpacked"
tar -xzf "$work/first.tar.gz" -C "$work/unpacked"
check 'sha256sum -c verifies the archive' \
    sh -c "cd '$work/unpacked' && sha256sum --strict --quiet -c manifest-sha256.txt"
check 'the tag manifest, too' \
    sh -c "cd '$work/unpacked' && sha256sum --strict --quiet -c tagmanifest-sha256.txt"
check 'verify finds it intact, without a database' env -u PGHOST "$coexsync" verify "$work/first.tar.gz"
same 'a line in messages.jsonl for each message shown' \
    "$(sql 'SELECT count(*) FROM coexsync.messages')" "$(wc -l <"$work/unpacked/data/messages.jsonl")"
# what README says of the members of its objects
keys() { psql -qXAt -v line="$(head -n 1 "$work/unpacked/data/$1")" <<<"SELECT string_agg(k, ' ' ORDER BY k COLLATE \"C\") FROM json_object_keys(:'line') AS k"; }
for file in $(cd "$work/unpacked/data" && find . -maxdepth 1 -name '*.json*' -size +0 -printf '%f\n'); do
    same "README: $file" "$(keys "$file")" "$(awk -F'|' -v name=" \`$file\` " '$2 == name {print $4}' "$root/README.md" |
        grep -oE "\`[a-z_0-9]+\`" | tr -d '\`' | xargs)"
done
same 'the payloads in it are, byte for byte, those that were given' \
    "$(find "$fixture" -type f -exec sh -c 'for f; do printf %s "$(cat "$f")" | sha256sum; done' sh {} + |
        cut -c1-64 | sort -u)" \
    "$(find "$work/unpacked/data/payloads" -type f -exec sha256sum {} + | cut -c1-64 | sort -u)"

# any altered byte is found
gunzip -c "$work/first.tar.gz" >"$work/altered.tar"
size=$(stat -c %s "$work/altered.tar")
for at in 0 700 $((size / 3)) $((size / 2)) $((size - 600)); do
    cp "$work/altered.tar" "$work/one.tar"
    byte=$(od -An -tu1 -j "$at" -N1 "$work/one.tar" | tr -d ' ')
    # shellcheck disable=SC2059
    printf "$(printf '\\%03o' $(((byte + 1) % 256)))" |
        dd of="$work/one.tar" bs=1 seek="$at" conv=notrunc status=none
    exits "verify finds byte $at altered" 65 . "$coexsync" verify "$work/one.tar"
    check "verify does not say that byte $at is proved" sh -c "! grep -q 'The members are those' '$work/stdout'"
done

# as any of the compressed bytes are, by the checksum of what they hold, and what stands behind them
cp "$work/first.tar.gz" "$work/crc.tar.gz"
printf '\0' | dd of="$work/crc.tar.gz" bs=1 seek=$(($(stat -c %s "$work/crc.tar.gz") - 8)) conv=notrunc status=none
printf '\0' | dd of="$work/crc.tar.gz" bs=1 seek=$(($(stat -c %s "$work/crc.tar.gz") - 7)) conv=notrunc status=none
exits 'verify checks the checksum of gzip' 65 'checksum of its gzip data is wrong' "$coexsync" verify "$work/crc.tar.gz"
{ cat "$work/first.tar.gz"; gzip -c </dev/null; } >"$work/behind.tar.gz"
exits 'verify finds an empty member of gzip behind the archive' 65 'not intact' "$coexsync" verify "$work/behind.tar.gz"

# of one that is cut, the place and the remedy
head -c $((size / 2)) "$work/altered.tar" >"$work/cut.tar"
exits 'verify says in which member it is cut' 65 'in the member data/[a-z_0-9./]* or behind it' "$coexsync" verify "$work/cut.tar"
check 'what helps' grep -q 'hint: take another copy of it, or export it again' "$work/stderr"
head -c 20000 "$work/first.tar.gz" >"$work/cut.tar.gz"
exits 'verify says how far it could be unpacked' 65 'behind [0-9]+ bytes of the tar' "$coexsync" verify "$work/cut.tar.gz"
tar --sort=name -C "$work/unpacked" -cf "$work/folders.tar" bag-info.txt bagit.txt data manifest-sha256.txt tagmanifest-sha256.txt
exits 'verify finds folders, and which is not canonical' 65 'findings: [0-9]+, the archive' "$coexsync" verify "$work/folders.tar"
check 'it is named' grep -q '^not_canonical  data/  a member' "$work/stdout"
echo 'no archive' >"$work/none.tar"
exits 'what is no archive' 65 'format$' "$coexsync" verify "$work/none.tar"
check 'what is one' grep -q 'hint: verify takes what coexsync export has written' "$work/stderr"

# who reads the page of the archive is told what is not in it
check 'the page says that the files are not in it' grep -q 'Not in this archive are the files' "$work/unpacked/data/report.html"

# the bag says the time that was used, so that the same archive can be made again
check 'an archive of now' "$coexsync" export --previous=none -o "$work/now.tar"
as_of=$(tar -xOf "$work/now.tar" bag-info.txt | sed -n 's/^Coexsync-As-Of: //p')
check 'with the time that it names, the same bytes' \
    sh -c "'$coexsync' export --previous=none --as-of='$as_of' -o '$work/then.tar' && cmp '$work/now.tar' '$work/then.tar'"
finish
