-- $1::integer account_id, NULL for all
SELECT row(a.name, t.old, t.new, coexsync.epoch_us(t.at))::text
FROM coexsync.identity_change AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE $1::integer IS NULL OR t.account_id = $1::integer
ORDER BY a.name, t.old, t.new, t.at
