#!/usr/bin/env bash
# One hundred cases of the property test, and that a failure becomes as small as it goes.
set -u
cd "$(dirname "$0")/../.." || exit 1
# documents hold what is no UTF-8
export LC_ALL=C
# a server of its own, which need not survive a power cut
unset PGHOST PGTEST_HOST
work=$(mktemp -d /tmp/coexsync-property.XXXXXX)
trap 'rm -rf "$work"' EXIT
rc=0

bash tests/property/run.sh --cases 100 --seed 20261145 || rc=1

# Fails on purpose where one document holds an edit and another the id of its target.
property=build/release/tools/property
"$property" --cases 40 --seed 1 --workers 1 --fail-on edit-and-target --keep "$work" \
    >"$work/log" 2>&1
status=$?
shrunk=0 large=
for folder in "$work"/seed-*; do
    [ -d "$folder" ] || continue
    shrunk=$((shrunk + 1))
    target=$(cat "$folder"/documents/* |
        sed -nE 's/.*"edit":\{"original_message_id":"([^"]*)".*/\1/p' | head -n 1)
    # two documents of one item each: the edit, and what names its target
    [ "$(find "$folder/documents" -type f | wc -l)" -eq 2 ] &&
        [ "$(grep -alF '"edit":{"original_message_id"' "$folder"/documents/* | wc -l)" -ge 1 ] &&
        [ "$(grep -alF "\"id\":\"$target\"" "$folder"/documents/* | wc -l)" -ge 1 ] &&
        [ "$(grep -aoF '"timestamp":' "$folder"/documents/* | wc -l)" -le 2 ] &&
        grep -qx 'wild 0' "$folder/plan" || large="$large $folder"
    "$property" --again "$folder" >"$work/again" 2>&1
    [ $? -eq 1 ] || large="$large $folder(again)"
    bash -n "$folder/again.sh" || large="$large $folder(again.sh)"
done
if [ "$status" -eq 1 ] && [ "$shrunk" -eq 3 ] && [ -z "$large" ]; then
    echo 'ok failures are shrunk to the fewest documents'
else
    echo "not ok failures are shrunk to the fewest documents: exit $status, $shrunk kept;$large"
    head -n 20 "$work/log"
    rc=1
fi
exit $rc
