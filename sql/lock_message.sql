-- $1::integer account_id
-- needs: plan_message
-- Returns nothing: the subquery holds the locks, keys ascending.
SELECT count(*) FROM (
    SELECT 1
    FROM (SELECT wamid FROM pg_temp.plan_message ORDER BY wamid) AS p
    CROSS JOIN LATERAL (
        SELECT 1 FROM coexsync.message
        WHERE account_id = $1::integer AND wamid = p.wamid
        FOR NO KEY UPDATE
    ) AS m
) AS locked
