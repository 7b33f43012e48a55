-- $1::bytea sha256, $2::text account name, NULL for all
-- Whose ledger has it; unusable as a whole?
SELECT p.account_id, p.kind = 'unusable'
FROM coexsync.payload AS p
JOIN coexsync.account AS a ON a.account_id = p.account_id
WHERE p.sha256 = $1::bytea AND a.name = coalesce($2::text, a.name)
ORDER BY p.account_id
