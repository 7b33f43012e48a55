-- A chunk belongs to a payload of the ledger.
SELECT format('chunk of account %s, payload %s: no such payload', t.account_id, encode(t.sha256, 'hex'))
FROM coexsync.chunk AS t
WHERE NOT EXISTS (SELECT FROM coexsync.payload AS p
    WHERE p.account_id = t.account_id AND p.sha256 = t.sha256)
LIMIT 100
