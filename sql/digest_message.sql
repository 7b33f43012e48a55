-- $1::integer account_id, NULL for all
SELECT row(a.name, t.wamid, t.key, t.thread_id, t.direction, coexsync.epoch_us(t.sent_at), t.type, t.body,
    t.content, t.extra, t.status, t.reply_to, t.reply_key, t.streams, t.content_stream,
    t.direction_from, t.thread_from, t.time_from, t.conflicts)::text
FROM coexsync.message AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE $1::integer IS NULL OR t.account_id = $1::integer
ORDER BY a.name, t.wamid
