-- $1::integer account_id
-- needs: stage_message_event
SELECT count(*) FROM (
    SELECT 1
    FROM (
        SELECT * FROM pg_temp.stage_message_event
        WHERE account_id = $1::integer ORDER BY event_id
    ) AS s
    CROSS JOIN LATERAL (
        SELECT 1 FROM coexsync.message_event AS m
        WHERE m.account_id = $1::integer AND m.event_id = s.event_id
            AND (m.target, m.target_key, m.kind, m.status, m.actor, m.at, m.content::text,
                    m.thread_id)
                IS DISTINCT FROM
                (s.target, s.target_key, s.kind, s.status, s.actor, s.at, s.content::text,
                    s.thread_id)
        FOR NO KEY UPDATE
    ) AS locked
) AS counted
