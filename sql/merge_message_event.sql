-- $1::integer account_id
-- needs: stage_message_event
-- Of two events with one id the earlier wins whole (a known time beats none), then the greater hash.
UPDATE coexsync.message_event AS m
SET target = s.target, target_key = s.target_key, kind = s.kind, status = s.status,
    actor = s.actor, at = s.at, content = s.content, thread_id = s.thread_id
FROM (
    SELECT DISTINCT ON (event_id) staged.*, digest
    FROM pg_temp.stage_message_event AS staged
    CROSS JOIN LATERAL (
        SELECT sha256(convert_to(jsonb_build_array(staged.target, staged.kind, staged.status,
            staged.actor, staged.content, staged.thread_id)::text, 'UTF8')) AS digest
        OFFSET 0 -- else it would be computed wherever it is named
    ) AS d
    WHERE account_id = $1::integer
    ORDER BY event_id, at ASC NULLS LAST, digest DESC
) AS s
CROSS JOIN LATERAL (
    SELECT ctid AS place, at, sha256(convert_to(jsonb_build_array(target, kind, status, actor,
        content, thread_id)::text, 'UTF8')) AS digest
    FROM coexsync.message_event
    WHERE account_id = $1::integer AND event_id = s.event_id
    LIMIT 1
) AS old
WHERE m.account_id = $1::integer AND m.ctid = old.place
    AND (old.at IS NULL AND s.at IS NOT NULL
        OR s.at < old.at
        OR old.at IS NOT DISTINCT FROM s.at AND s.digest > old.digest)
