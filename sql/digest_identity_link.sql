-- $1::integer account_id, NULL for all
SELECT row(a.name, t.user_id, t.phone)::text
FROM coexsync.identity_link AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE $1::integer IS NULL OR t.account_id = $1::integer
ORDER BY a.name, t.user_id, t.phone
