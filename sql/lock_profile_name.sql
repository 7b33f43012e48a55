-- $1::integer account_id
-- needs: stage_profile_name
SELECT count(*) FROM (
    SELECT 1
    FROM (
        SELECT identity, kind, sha256, max(last_seen) AS last_seen
        FROM pg_temp.stage_profile_name
        WHERE account_id = $1::integer
        GROUP BY identity, kind, sha256
        ORDER BY identity, kind, sha256
    ) AS s
    CROSS JOIN LATERAL (
        SELECT 1 FROM coexsync.profile_name AS m
        WHERE m.account_id = $1::integer AND m.identity = s.identity AND m.kind = s.kind
            AND m.sha256 = s.sha256
            AND (m.last_seen < s.last_seen OR m.last_seen IS NULL AND s.last_seen IS NOT NULL)
        FOR NO KEY UPDATE
    ) AS locked
) AS counted
