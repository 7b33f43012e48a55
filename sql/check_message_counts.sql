-- Every message seen has exactly one outcome.
SELECT format('payload %s of account %s: seen is not the sum of the outcomes',
    encode(sha256, 'hex'), account_id)
FROM coexsync.payload
WHERE coalesce((counts ->> 'seen')::bigint, 0) <> coalesce((counts ->> 'inserted')::bigint, 0)
    + coalesce((counts ->> 'enriched')::bigint, 0) + coalesce((counts ->> 'duplicate')::bigint, 0)
    + coalesce((counts ->> 'conflicting')::bigint, 0) + coalesce((counts ->> 'rejected')::bigint, 0)
    + coalesce((counts ->> 'excluded')::bigint, 0)
LIMIT 100
