-- $1::integer account_id, $2::timestamptz as_of
SELECT code, detail, excerpt, encode(sha256, 'hex') AS payload, pointer
FROM coexsync.reject
WHERE account_id = $1::integer AND $2::timestamptz IS NOT NULL
ORDER BY reject.sha256, pointer
