-- $1::integer account_id, $2::bytea sha256
SELECT bytes, size_bytes FROM coexsync.payload_raw
WHERE account_id = $1::integer AND sha256 = $2::bytea
