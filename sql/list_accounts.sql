-- Accounts that something is known of: not that of unusable payloads, nor those of which payloads
-- only hold samples or what --account left out. Payloads are asked for the first by key: of EXISTS the
-- planner expects that the whole table soon has one, and reads those of all other accounts before it.
SELECT a.name
FROM coexsync.account AS a
WHERE a.account_id <> 0
    AND ((SELECT p.sha256 FROM coexsync.payload AS p
            WHERE p.account_id = a.account_id AND p.kind NOT IN ('excluded', 'sample')
            ORDER BY p.sha256 LIMIT 1) IS NOT NULL
        OR (EXISTS (SELECT FROM coexsync.activation AS v WHERE v.account_id = a.account_id)
            AND (SELECT p.sha256 FROM coexsync.payload AS p WHERE p.account_id = a.account_id
                ORDER BY p.sha256 LIMIT 1) IS NULL))
ORDER BY a.name
