-- $1::integer account_id, $2::bytea sha256
-- This payload and some behind it: where the bytes of each lie.
SELECT encode(sha256, 'hex'), encode(frame, 'hex'), frame_offset, size_bytes
FROM coexsync.payloads_from($1::integer, $2::bytea)
ORDER BY sha256
