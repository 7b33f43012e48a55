#!/usr/bin/env bash
# Published samples of payloads, where they lie beside the project: all of them at once, with ASan and
# UBSan; those that are no JSON are rejected, nothing crashes.
. "$(dirname "$0")/common.sh"
samples=$root/../shared/payloads
if [ ! -d "$samples" ]; then
    echo 'skip samples: no folder of published payloads beside the project'
    exit 0
fi
mkdir "$work/samples"
cp "$samples"/*.json "$work/samples/"
coexsync=$root/build/asan/coexsync
fresh samples
exits 'all samples in one run' 3 'items that cannot be used' "$coexsync" ingest "$work/samples"
check 'no complaint of a sanitizer' sh -c "! grep -E 'runtime error|AddressSanitizer' '$work/stderr'"
same 'every sample is in the ledger' "$(find "$work/samples" -type f | wc -l)" \
    "$(sql 'SELECT count(DISTINCT source) FROM coexsync.payload')"
same 'the invalid ones are in reject' "$(find "$work/samples" -name '*INVALID*' | wc -l)" \
    "$(sql "SELECT count(*) FROM coexsync.reject JOIN coexsync.payload USING (account_id, sha256)
        WHERE source LIKE '%INVALID%' AND code IN ('json_syntax', 'json_truncated')")"
check 'data without findings' "$coexsync" check --data
check 'the report of all accounts' "$coexsync" report
exits 'again: all known' 3 'items that cannot be used' "$coexsync" ingest "$work/samples"
check 'nothing new' grep -q ': 0 new' "$work/stdout"
finish
