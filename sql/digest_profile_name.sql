-- $1::integer account_id, NULL for all
SELECT row(a.name, t.identity, t.kind, encode(t.sha256, 'hex'), t.name,
    coexsync.epoch_us(t.last_seen))::text
FROM coexsync.profile_name AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE $1::integer IS NULL OR t.account_id = $1::integer
ORDER BY a.name, t.identity, t.kind, t.sha256
