-- $1::integer account_id, NULL for all
SELECT row(a.name, t.event_id, t.target, t.target_key, t.kind, t.status, t.actor,
    coexsync.epoch_us(t.at), t.content, t.thread_id)::text
FROM coexsync.message_event AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE $1::integer IS NULL OR t.account_id = $1::integer
ORDER BY a.name, t.event_id
