-- A link names a payload of the ledger and an activation.
SELECT format('activation link of account %s, payload %s: no such payload or activation',
    t.account_id, encode(t.sha256, 'hex'))
FROM coexsync.activation_payload AS t
WHERE NOT EXISTS (SELECT FROM coexsync.payload AS p
        WHERE p.account_id = t.account_id AND p.sha256 = t.sha256)
    OR NOT EXISTS (SELECT FROM coexsync.activation AS v
        WHERE v.account_id = t.account_id AND v.onboarded_at = t.onboarded_at)
LIMIT 100
