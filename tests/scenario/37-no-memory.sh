#!/usr/bin/env bash
# Where there is no memory a command says so, ends with 74, and goes on when it is given again.
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
limited() { (ulimit -v "$1" && shift && "$coexsync" "$@"); }
fresh limited
# How much is too little is a matter of the libraries: from what the program starts in until it suffices.
kib=40000
until limited $kib version >/dev/null 2>&1 || [ $kib -ge 1000000 ]; do kib=$((kib + 10000)); done
deaths=0
until limited $kib ingest --batch-rows 20000 chunks >stdout 2>stderr; do
    same "$kib KiB of memory" 74 $?
    check 'is said' grep -qE '^coexsync: (out of memory \(.*\): what was committed stays; run it again with|cannot start a thread: )' stderr
    same 'that is all, or the hint' 1 "$(grep -vc '^hint:' stderr)"
    deaths=$((deaths + $(grep -c 'out of memory' stderr)))
    kib=$((kib + 10000))
    [ $kib -lt 1000000 ] || break
done
check "the batches had no room ($deaths times)" test $deaths -ge 2
"$coexsync" ingest chunks >/dev/null
same 'given again it goes on' "0 $want" "$? $(total)"
check 'data without findings' "$coexsync" check --data
finish
