-- What is written belongs to an account.
SELECT format('%s of account %s: no such account', t.what, t.account_id)
FROM (
    SELECT 'activation' AS what, account_id FROM coexsync.activation
    UNION SELECT 'payloads', account_id FROM coexsync.payload
    UNION SELECT 'messages', account_id FROM coexsync.message
) AS t
WHERE NOT EXISTS (SELECT FROM coexsync.account AS a WHERE a.account_id = t.account_id)
LIMIT 100
