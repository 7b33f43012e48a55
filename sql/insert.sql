-- template: {relation} {columns} {key}
-- $1::integer account_id
-- One row a key; what else is staged under it is merged afterwards.
INSERT INTO coexsync.{relation} ({columns})
SELECT DISTINCT ON ({key}) {columns}
FROM pg_temp.stage_{relation}
WHERE account_id = $1::integer
ORDER BY {key}
ON CONFLICT DO NOTHING
