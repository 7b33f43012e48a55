-- $1::integer account_id
-- needs: stage_media_asset
-- Each field: not null beats null, then the greater; received_at the earlier.
UPDATE coexsync.media_asset AS m
SET mime_type = r.mime_type, sha256 = r.sha256, filename = r.filename, voice = r.voice,
    animated = r.animated, url = r.url, received_at = r.received_at
FROM (
    SELECT wamid, media_id, max(mime_type) AS mime_type,
        (array_agg(sha256 ORDER BY sha256 DESC NULLS LAST))[1] AS sha256, max(filename) AS filename,
        bool_or(voice) AS voice, bool_or(animated) AS animated, max(url) AS url,
        min(received_at) AS received_at
    FROM pg_temp.stage_media_asset
    WHERE account_id = $1::integer
    GROUP BY wamid, media_id
) AS s
CROSS JOIN LATERAL (
    SELECT ctid AS place, * FROM coexsync.media_asset
    WHERE account_id = $1::integer AND wamid = s.wamid AND media_id = s.media_id
    LIMIT 1
) AS old
CROSS JOIN LATERAL (
    SELECT greatest(old.mime_type, s.mime_type) AS mime_type,
        greatest(old.sha256, s.sha256) AS sha256, greatest(old.filename, s.filename) AS filename,
        greatest(old.voice, s.voice) AS voice, greatest(old.animated, s.animated) AS animated,
        greatest(old.url, s.url) AS url, least(old.received_at, s.received_at) AS received_at
) AS r
WHERE m.account_id = $1::integer AND m.ctid = old.place
    AND (old.mime_type, old.sha256, old.filename, old.voice, old.animated, old.url,
            old.received_at)
        IS DISTINCT FROM
        (r.mime_type, r.sha256, r.filename, r.voice, r.animated, r.url, r.received_at)
