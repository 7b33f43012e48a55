-- A file belongs to an announced asset.
SELECT format('file of account %s, message %s: no such asset', t.account_id, t.wamid)
FROM coexsync.media_file AS t
WHERE NOT EXISTS (SELECT FROM coexsync.media_asset AS m
    WHERE m.account_id = t.account_id AND m.wamid = t.wamid AND m.media_id = t.media_id)
LIMIT 100
