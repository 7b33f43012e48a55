-- $1::text account name, NULL for all
SELECT row(a.name, t.user_id, t.phone)::text
FROM coexsync.identity_link AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE a.name = coalesce($1::text, a.name)
ORDER BY a.name, t.user_id, t.phone
