-- $1::integer account_id, NULL for all
SELECT row(a.name, t.wamid, encode(t.content_sha256, 'hex'), t.type, t.body, t.content, t.stream)::text
FROM coexsync.message_version AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE $1::integer IS NULL OR t.account_id = $1::integer
ORDER BY a.name, t.wamid, t.content_sha256
