-- $1::integer account_id, NULL for all
-- Distinct: a chunk that was split or sent again says the same.
SELECT DISTINCT row(a.name, t.phase, t.chunk_order, t.progress, t.error_code)::text COLLATE "C"
    AS line
FROM coexsync.chunk AS t
JOIN coexsync.account AS a ON a.account_id = t.account_id
WHERE $1::integer IS NULL OR t.account_id = $1::integer
ORDER BY line
