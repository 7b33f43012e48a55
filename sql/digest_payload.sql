-- $1::integer account_id, NULL for all
SELECT row(a.name, encode(t.sha256, 'hex'), t.accounts, t.size_bytes, t.kind, t.dialect)::text
FROM coexsync.payload AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE $1::integer IS NULL OR t.account_id = $1::integer
ORDER BY a.name, t.sha256
