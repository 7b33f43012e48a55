-- Every message of the staged documents that is not there yet.
WITH change AS (
    SELECT change -> 'value' AS v
    FROM document, jsonb_array_elements(body -> 'entry') AS entry,
        jsonb_array_elements(entry -> 'changes') AS change
), item AS (
    SELECT v -> 'metadata' AS metadata, thread ->> 'id' AS thread, message
    FROM change, jsonb_array_elements(v -> 'history') AS history,
        jsonb_array_elements(history -> 'threads') AS thread,
        jsonb_array_elements(thread -> 'messages') AS message
    UNION ALL
    SELECT v -> 'metadata', message ->> 'from', message
    FROM change, jsonb_array_elements(v -> 'messages') AS message
    UNION ALL
    SELECT v -> 'metadata', message ->> 'to', message
    FROM change, jsonb_array_elements(v -> 'message_echoes') AS message
)
INSERT INTO message (account, wamid, thread, direction, sent_at, type, body, status)
SELECT metadata ->> 'phone_number_id', message ->> 'id', thread,
    CASE WHEN message ->> 'from' = metadata ->> 'display_phone_number' THEN 'outbound'
        ELSE 'inbound' END,
    to_timestamp((message ->> 'timestamp')::bigint),
    message ->> 'type',
    coalesce(message -> 'text' ->> 'body', message -> (message ->> 'type') ->> 'caption'),
    lower(message -> 'history_context' ->> 'status')
FROM item
WHERE message ->> 'type' NOT IN ('edit', 'revoke', 'reaction')
ON CONFLICT DO NOTHING;
