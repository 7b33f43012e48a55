-- $1::integer account_id, $2::bytea sha256
-- This payload and those behind it: where the bytes of each lie.
SELECT encode(sha256, 'hex'), encode(frame, 'hex'), frame_offset, size_bytes
FROM coexsync.payload
WHERE account_id = $1::integer AND sha256 >= $2::bytea
ORDER BY sha256
LIMIT 1000
