-- The ledger has inserted as many messages as there are.
SELECT format('account %s: the ledger inserted %s messages, there are %s', account_id,
    coalesce(inserted, 0), coalesce(present, 0))
FROM (
    SELECT account_id, sum((counts ->> 'inserted')::bigint) AS inserted
    FROM coexsync.payload GROUP BY account_id
) AS l
FULL JOIN (
    SELECT account_id, count(*) AS present FROM coexsync.message GROUP BY account_id
) AS m USING (account_id)
WHERE coalesce(inserted, 0) <> coalesce(present, 0)
LIMIT 100
