-- Accounts that have payloads, but not the one of unusable payloads.
SELECT a.name
FROM coexsync.account AS a
WHERE a.account_id <> 0
    AND (EXISTS (SELECT FROM coexsync.payload AS p WHERE p.account_id = a.account_id)
        OR EXISTS (SELECT FROM coexsync.activation AS v WHERE v.account_id = a.account_id))
ORDER BY a.name
