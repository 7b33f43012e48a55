-- $1::integer account_id, $2::timestamptz as_of
SELECT to_jsonb(aliases) AS aliases, body, content, conversation_id, direction::text AS direction,
    coexsync.rfc3339(edited_at) AS edited_at, original_body, reactions, reply_to, reply_wamid,
    coexsync.rfc3339(revoked_at) AS revoked_at, coexsync.rfc3339(sent_at) AS sent_at,
    status::text AS status, thread_id, type, wamid
FROM coexsync.messages
WHERE account_id = $1::integer AND $2::timestamptz IS NOT NULL
ORDER BY wamid COLLATE "C"
