#!/usr/bin/env bash
# The memory of an import does not grow with its input: the ring of batches is all that there is.
. "$(dirname "$0")/common.sh"
# peak MESSAGES [OPTION...]: KiB
peak() {
    rm -rf "$work/chunks"
    "$tools/mkpayloads" --messages "$1" --threads 200 --days 180 --seed 1 --chunks-only --out "$work/chunks" >/dev/null
    fresh memory
    "$tools/measure" "$coexsync" ingest --jobs 2 "${@:2}" "$work/chunks" 2>&1 >/dev/null | sed -nE 's/.*peak_kib ([0-9]+).*/\1/p'
}
for raw in --no-raw ''; do
    small=$(peak 100000 $raw) large=$(peak 400000 $raw)
    check "within 96 MiB ($large KiB) $raw" [ "${large:-99999999}" -le 98304 ]
    check "and a tenth of that of a fourth ($small KiB) $raw" [ $((large * 10)) -le $((small * 11)) ]
done
finish
