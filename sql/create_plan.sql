-- What merging will make of messages: the new row, and both contents for message_version.
-- In a dry run it is there, empty, since the first batch.
CREATE TEMP TABLE IF NOT EXISTS plan_message ON COMMIT DROP AS
SELECT account_id, wamid, thread_id, direction, sent_at, type, body, content, extra, status,
    reply_to, reply_key, streams, content_stream, direction_from, thread_from, time_from, conflicts,
    xmin AS made_by, 0 AS wave, 0 AS part, false AS is_conflicting,
    type AS old_type, body AS old_body, content AS old_content, content_stream AS old_stream,
    type AS seen_type, body AS seen_body, content AS seen_content, content_stream AS seen_stream
FROM coexsync.message WITH NO DATA
