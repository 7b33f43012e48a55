-- $1::integer account_id
-- needs: stage_message_event
-- Of two events with one id the earlier wins whole (a known time beats none), then the greater hash.
UPDATE coexsync.message_event AS m
SET target = s.target, target_key = s.target_key, kind = s.kind, status = s.status,
    actor = s.actor, at = s.at, content = s.content
FROM (
    SELECT DISTINCT ON (event_id) staged.*, digest
    FROM pg_temp.stage_message_event AS staged
    CROSS JOIN LATERAL (
        SELECT sha256(convert_to(jsonb_build_array(staged.target, staged.kind, staged.status,
            staged.actor, staged.content)::text, 'UTF8')) AS digest
    ) AS d
    WHERE account_id = $1::integer
    ORDER BY event_id, at ASC NULLS LAST, digest DESC
) AS s
WHERE m.account_id = $1::integer AND m.event_id = s.event_id
    AND (m.at IS NULL AND s.at IS NOT NULL
        OR s.at < m.at
        OR m.at IS NOT DISTINCT FROM s.at
            AND s.digest > sha256(convert_to(jsonb_build_array(m.target, m.kind, m.status,
                m.actor, m.content)::text, 'UTF8')))
