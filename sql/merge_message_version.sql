-- needs: plan_message
-- Every distinct real content once there are two, the winner too; stream = the best that gave it.
-- The rows of message are locked, so nobody else writes versions of these.
INSERT INTO coexsync.message_version AS v
    (account_id, wamid, content_sha256, type, body, content, stream)
SELECT account_id, wamid, hash, (array_agg(type))[1], (array_agg(body))[1], (array_agg(content))[1],
    max(stream)
FROM (
    SELECT p.account_id, p.wamid, x.type, x.body, x.content, x.stream,
        coexsync.content_hash(x.type, x.body, x.content) AS hash
    FROM pg_temp.plan_message AS p
    CROSS JOIN LATERAL (VALUES
        (p.old_type, p.old_body, p.old_content, p.old_stream),
        (p.seen_type, p.seen_body, p.seen_content, p.seen_stream)
    ) AS x (type, body, content, stream)
    WHERE (p.conflicts & 8) <> 0 AND x.stream > 0
) AS contents
GROUP BY account_id, wamid, hash
ORDER BY account_id, wamid, hash
ON CONFLICT (account_id, wamid, content_sha256) DO UPDATE
SET stream = excluded.stream
WHERE v.stream < excluded.stream
