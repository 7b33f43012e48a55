-- $1::integer account_id, $2::timestamptz as_of
SELECT conversation_id, display_name, coexsync.rfc3339(first_at) AS first_at,
    to_jsonb(identities) AS identities, inbound, coexsync.rfc3339(last_at) AS last_at, messages,
    outbound
FROM coexsync.conversations
WHERE account_id = $1::integer AND $2::timestamptz IS NOT NULL
ORDER BY conversation_id COLLATE "C"
