-- $1::integer account_id
-- needs: plan_message
-- Found by key, one by one, whatever the planner believes of the table, then by place: the rows are
-- locked, so they stay there.
UPDATE coexsync.message AS m
SET thread_id = p.thread_id, direction = p.direction, sent_at = p.sent_at, type = p.type,
    body = p.body, content = p.content, extra = p.extra, status = p.status,
    reply_to = p.reply_to, reply_key = p.reply_key, streams = p.streams,
    content_stream = p.content_stream, direction_from = p.direction_from,
    thread_from = p.thread_from, time_from = p.time_from, conflicts = p.conflicts
FROM pg_temp.plan_message AS p
CROSS JOIN LATERAL (
    SELECT ctid AS place FROM coexsync.message
    WHERE account_id = $1::integer AND wamid = p.wamid
    LIMIT 1
) AS old
WHERE m.account_id = $1::integer AND m.ctid = old.place
