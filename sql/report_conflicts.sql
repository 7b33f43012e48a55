-- $1::integer account_id, $2::timestamptz as_of
-- The first messages in conflict, a row for each of their contents (at least one): in what their
-- sources differ, and the best stream that gave each content.
SELECT m.wamid, coexsync.conflict_words(m.conflicts) AS fields,
    encode(v.content_sha256, 'hex') AS sha256,
    CASE v.stream WHEN 8 THEN 'live' WHEN 4 THEN 'echo' WHEN 2 THEN 'history media'
        WHEN 1 THEN 'history' END AS stream
FROM (
    SELECT wamid, conflicts FROM coexsync.message
    WHERE account_id = $1::integer AND conflicts <> 0 AND $2::timestamptz IS NOT NULL
    ORDER BY wamid LIMIT 100
) AS m
LEFT JOIN coexsync.message_version AS v
    ON v.account_id = $1::integer AND v.wamid = m.wamid AND m.conflicts & 8 <> 0
ORDER BY m.wamid, v.stream DESC, v.content_sha256
