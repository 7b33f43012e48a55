-- $1::integer account_id
-- needs: stage_profile_name
UPDATE coexsync.profile_name AS m
SET last_seen = s.last_seen
FROM (
    SELECT identity, kind, sha256, max(last_seen) AS last_seen
    FROM pg_temp.stage_profile_name
    WHERE account_id = $1::integer
    GROUP BY identity, kind, sha256
) AS s
CROSS JOIN LATERAL (
    SELECT ctid AS place, last_seen FROM coexsync.profile_name
    WHERE account_id = $1::integer AND identity = s.identity AND kind = s.kind
        AND sha256 = s.sha256
    LIMIT 1
) AS old
WHERE m.account_id = $1::integer AND m.ctid = old.place
    AND (old.last_seen < s.last_seen OR old.last_seen IS NULL AND s.last_seen IS NOT NULL)
