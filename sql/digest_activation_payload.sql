-- $1::integer account_id, NULL for all
SELECT row(a.name, coexsync.epoch_us(t.onboarded_at), encode(t.sha256, 'hex'))::text
FROM coexsync.activation_payload AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE $1::integer IS NULL OR t.account_id = $1::integer
ORDER BY a.name, t.onboarded_at, t.sha256
