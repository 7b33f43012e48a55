-- $1::integer account_id
SELECT encode(sha256, 'hex'), size_bytes
FROM coexsync.payload_raw
WHERE account_id = $1::integer
ORDER BY sha256
