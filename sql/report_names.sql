-- $1::integer account_id, $2::timestamptz as_of
-- What people are named by; removed contacts by what else names them.
SELECT name_source AS name, count(*) AS count
FROM coexsync.contacts
WHERE account_id = $1::integer AND $2::timestamptz IS NOT NULL
GROUP BY name_source ORDER BY name_source COLLATE "C"
