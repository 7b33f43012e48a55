-- $1::integer account_id
-- needs: stage_message
-- First observations that are new. They leave the stage; returns how many by part.
WITH fresh AS (
    INSERT INTO coexsync.message (account_id, wamid, key, thread_id, direction, sent_at, type, body,
        content, extra, status, reply_to, reply_key, streams, content_stream, direction_from,
        thread_from, time_from, conflicts)
    SELECT account_id, wamid, key, thread_id, direction, sent_at, type, body,
        content, extra, status, reply_to, reply_key, streams, content_stream, direction_from,
        thread_from, time_from, conflicts
    FROM pg_temp.stage_message
    WHERE account_id = $1::integer AND wave = 0
    ORDER BY wamid
    ON CONFLICT DO NOTHING
    RETURNING wamid
), gone AS (
    DELETE FROM pg_temp.stage_message AS s
    USING fresh
    WHERE s.account_id = $1::integer AND s.wave = 0 AND s.wamid = fresh.wamid
    RETURNING s.part
)
SELECT part, count(*) FROM gone GROUP BY part
