-- Raw bytes belong to a payload of the ledger, of that size.
SELECT format('raw bytes of account %s, payload %s: no such payload', t.account_id, encode(t.sha256, 'hex'))
FROM coexsync.payload_raw AS t
WHERE NOT EXISTS (SELECT FROM coexsync.payload AS p
    WHERE p.account_id = t.account_id AND p.sha256 = t.sha256 AND p.size_bytes = t.size_bytes)
LIMIT 100
