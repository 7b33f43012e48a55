-- $1::integer account_id, $2::timestamptz as_of
-- Of an item its detail, too: that of a payload as a whole says where it came from, that of a row what
-- this server said. The row of those that have none of their own says how many.
SELECT code, CASE WHEN starts_with(pointer, '/') OR code = 'more_rejects' THEN detail END AS detail, excerpt,
    encode(sha256, 'hex') AS payload, pointer
FROM coexsync.reject
WHERE account_id = $1::integer AND $2::timestamptz IS NOT NULL
ORDER BY reject.sha256, pointer
