-- $1::integer account_id, $2::bytea[] hashes
SELECT encode(sha256, 'hex')
FROM coexsync.payload
WHERE account_id = $1::integer AND sha256 = ANY ($2::bytea[])
