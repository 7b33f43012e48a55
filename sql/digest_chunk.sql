-- $1::text account name, NULL for all
-- Distinct: a chunk that was split or sent again says the same.
SELECT DISTINCT row(a.name, t.phase, t.chunk_order, t.progress, t.error_code)::text COLLATE "C"
    AS line
FROM coexsync.chunk AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE a.name = coalesce($1::text, a.name)
ORDER BY line
