-- Every message seen has exactly one outcome.
SELECT format('payload %s of account %s: seen is not the sum of the outcomes',
    encode(sha256, 'hex'), account_id)
FROM coexsync.payload
WHERE (counts ->> 'seen')::bigint <> (counts ->> 'inserted')::bigint
    + (counts ->> 'enriched')::bigint + (counts ->> 'duplicate')::bigint
    + (counts ->> 'conflicting')::bigint + (counts ->> 'rejected')::bigint
    + (counts ->> 'excluded')::bigint
LIMIT 100
