-- $1::integer account_id, NULL for all
SELECT row(a.name, t.wamid, t.media_id, t.mime_type, encode(t.sha256, 'hex'), t.filename, t.voice,
    t.animated)::text
FROM coexsync.media_asset AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE $1::integer IS NULL OR t.account_id = $1::integer
ORDER BY a.name, t.wamid, t.media_id
