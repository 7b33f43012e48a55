-- $1::integer account_id
-- needs: stage_media_asset
SELECT count(*) FROM (
    SELECT 1
    FROM (
        SELECT * FROM pg_temp.stage_media_asset
        WHERE account_id = $1::integer ORDER BY wamid, media_id
    ) AS s
    CROSS JOIN LATERAL (
        SELECT 1 FROM coexsync.media_asset AS m
        WHERE m.account_id = $1::integer AND m.wamid = s.wamid AND m.media_id = s.media_id
            AND (m.mime_type, m.sha256, m.filename, m.voice, m.animated, m.url, m.received_at)
                IS DISTINCT FROM
                (s.mime_type, s.sha256, s.filename, s.voice, s.animated, s.url, s.received_at)
        FOR NO KEY UPDATE
    ) AS locked
) AS counted
