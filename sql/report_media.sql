-- $1::integer account_id, $2::timestamptz as_of
SELECT state AS name, count(*) AS count
FROM coexsync.media_as_of($2::timestamptz)
WHERE account_id = $1::integer
GROUP BY state ORDER BY state
