-- Versions belong to a message that says it has several contents; there are at least two, and the
-- message shows one of them.
SELECT format('versions of account %s, message %s: %s', v.account_id, v.wamid,
    CASE WHEN m.wamid IS NULL THEN 'no such message'
        WHEN m.conflicts & 8 = 0 THEN 'the message does not say so'
        WHEN v.versions < 2 THEN 'only one'
        ELSE 'the message shows another content' END)
FROM (
    SELECT account_id, wamid, count(*) AS versions, array_agg(content_sha256) AS hashes
    FROM coexsync.message_version GROUP BY account_id, wamid
) AS v
LEFT JOIN coexsync.message AS m ON m.account_id = v.account_id AND m.wamid = v.wamid
WHERE m.wamid IS NULL OR m.conflicts & 8 = 0 OR v.versions < 2
    OR coexsync.content_hash(m.type, m.body, m.content) <> ALL (v.hashes)
LIMIT 100
