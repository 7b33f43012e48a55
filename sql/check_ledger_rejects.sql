-- The ledger counts as many rejects as there are.
SELECT format('payload %s of account %s: %s rejects counted, %s there', encode(p.sha256, 'hex'),
    p.account_id, coalesce((p.counts ->> 'rejects')::bigint, 0), coalesce(r.present, 0))
FROM coexsync.payload AS p
LEFT JOIN (
    SELECT account_id, sha256, sum(items)::bigint AS present FROM coexsync.reject GROUP BY account_id, sha256
) AS r ON r.account_id = p.account_id AND r.sha256 = p.sha256
WHERE coalesce((p.counts ->> 'rejects')::bigint, 0) <> coalesce(r.present, 0)
LIMIT 100
