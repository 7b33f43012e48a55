-- $1::integer account_id, $2::timestamptz as_of
SELECT body, content, encode(content_sha256, 'hex') AS content_sha256, stream, type, wamid
FROM coexsync.message_version
WHERE account_id = $1::integer AND $2::timestamptz IS NOT NULL
ORDER BY wamid, message_version.content_sha256
