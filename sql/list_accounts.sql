-- Accounts that something is known of: not that of unusable payloads, nor those of which payloads
-- only hold samples or what --account left out.
SELECT a.name
FROM coexsync.account AS a
WHERE a.account_id <> 0
    AND (EXISTS (SELECT FROM coexsync.payload AS p
            WHERE p.account_id = a.account_id AND p.kind NOT IN ('excluded', 'sample'))
        OR (EXISTS (SELECT FROM coexsync.activation AS v WHERE v.account_id = a.account_id)
            AND NOT EXISTS (SELECT FROM coexsync.payload AS p WHERE p.account_id = a.account_id)))
ORDER BY a.name
