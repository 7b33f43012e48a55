-- $1::integer account_id, NULL for all
SELECT row(a.name, t.identity, coexsync.epoch_us(t.at), encode(t.digest, 'hex'), t.action,
    t.full_name, t.first_name, t.phone, t.user_id, t.username)::text
FROM coexsync.contact_event AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE $1::integer IS NULL OR t.account_id = $1::integer
ORDER BY a.name, t.identity, t.at, t.digest
