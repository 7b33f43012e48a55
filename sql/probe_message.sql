-- $1::integer account_id, $2::text[] wamids
-- Which of them are there, by place in the list from 1. Key by key: a join may read the whole table.
SELECT k.place
FROM unnest($2::text[]) WITH ORDINALITY AS k (wamid, place)
CROSS JOIN LATERAL (
    SELECT 1 FROM coexsync.message WHERE account_id = $1::integer AND wamid = k.wamid LIMIT 1
) AS m
