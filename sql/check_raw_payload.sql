-- Raw bytes belong to a payload of the ledger.
SELECT format('raw bytes %s of account %s: no payload has them', encode(t.sha256, 'hex'), t.account_id)
FROM coexsync.payload_raw AS t
WHERE NOT EXISTS (SELECT FROM coexsync.payload AS p
    WHERE p.account_id = t.account_id AND coexsync.raw_sha256(p) = t.sha256)
LIMIT 100
