-- $1::integer account_id, $2::bytea[] hashes of payloads or frames
SELECT encode(sha256, 'hex'), bytes, size_bytes
FROM coexsync.payload_raw
WHERE account_id = $1::integer AND sha256 = ANY ($2::bytea[])
ORDER BY sha256
