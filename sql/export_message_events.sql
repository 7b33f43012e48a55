-- $1::integer account_id, $2::timestamptz as_of
SELECT actor, coexsync.rfc3339(at) AS at, content, event_id, kind::text AS kind,
    status::text AS status, target, thread_id
FROM coexsync.message_event
WHERE account_id = $1::integer AND $2::timestamptz IS NOT NULL
ORDER BY event_id
