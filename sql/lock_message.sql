-- $1::integer account_id
-- needs: plan_message
-- The subquery holds the locks, keys ascending. Returns how many rows somebody has changed since they
-- were planned: those were made by another transaction. The place alone would not tell: a third change
-- may come to stand where the first stood.
SELECT count(*) FILTER (WHERE has_changed) FROM (
    SELECT m.made_by <> p.made_by AS has_changed
    FROM (SELECT wamid, made_by FROM pg_temp.plan_message ORDER BY wamid) AS p
    CROSS JOIN LATERAL (
        SELECT xmin AS made_by FROM coexsync.message
        WHERE account_id = $1::integer AND wamid = p.wamid
        FOR NO KEY UPDATE
    ) AS m
) AS locked
