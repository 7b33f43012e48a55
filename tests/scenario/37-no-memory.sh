#!/usr/bin/env bash
# Where there is no memory a command says so, ends with 74, and goes on when it is given again.
# shellcheck disable=SC2317  # a function that exits calls
. "$(dirname "$0")/common.sh"
cd "$work" || exit 1
mkdir chunks
for i in 1 2 3 4 5 6 7 8; do
    {
        printf '{"entry":[{"changes":[{"field":"history","value":{"metadata":{"phone_number_id":"109"},"history":[{"metadata":{"phase":0,"chunk_order":%d,"progress":100},"threads":[{"id":"15550000002","messages":[' $i
        seq -f "{\"id\":\"wamid.$i.%.0f\",\"timestamp\":\"1767225600\",\"type\":\"text\",\"text\":{\"body\":\"x\"}}" -s , 10000000 10019999
        printf ']}]}]}}]}]}'
    } >chunks/$i.json
done
fresh whole
"$coexsync" ingest chunks >/dev/null
want=$(total)
limited() { (ulimit -v "$1" && "$coexsync" ingest --batch-rows 20000 chunks); }
fresh limited
for kib in 90000 110000 120000 130000; do
    exits "$kib KiB of memory" 74 '^coexsync: (out of memory \(.*\): what was committed stays; run it again with|cannot start a thread: )' limited $kib
    same 'that is all, or the hint' 1 "$(grep -vc '^hint:' stderr)"
done
"$coexsync" ingest chunks >/dev/null
same 'given again it goes on' "0 $want" "$? $(total)"
check 'data without findings' "$coexsync" check --data
finish
