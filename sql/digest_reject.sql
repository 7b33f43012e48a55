-- $1::text account name, NULL for all
SELECT row(a.name, encode(t.sha256, 'hex'), t.pointer, t.code, t.items)::text
FROM coexsync.reject AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE a.name = coalesce($1::text, a.name)
ORDER BY a.name, t.sha256, t.pointer
