-- $1::integer account_id
-- needs: plan_message
-- The subquery holds the locks, keys ascending. Returns how many rows somebody has changed since they
-- were planned: those stand at another place.
SELECT count(*) FILTER (WHERE has_moved) FROM (
    SELECT m.place <> p.place AS has_moved
    FROM (SELECT wamid, place FROM pg_temp.plan_message ORDER BY wamid) AS p
    CROSS JOIN LATERAL (
        SELECT ctid AS place FROM coexsync.message
        WHERE account_id = $1::integer AND wamid = p.wamid
        FOR NO KEY UPDATE
    ) AS m
) AS locked
