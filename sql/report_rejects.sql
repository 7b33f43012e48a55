-- $1::integer account_id, $2::timestamptz as_of
SELECT code AS name, sum(items)::bigint AS count
FROM coexsync.reject
WHERE account_id = $1::integer AND $2::timestamptz IS NOT NULL
GROUP BY code ORDER BY code
