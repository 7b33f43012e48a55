-- $1::integer account_id, $2::timestamptz onboarded_at, $3::bytea[] hashes
INSERT INTO coexsync.activation_payload (account_id, onboarded_at, sha256)
SELECT $1::integer, $2::timestamptz, h.sha256
FROM unnest($3::bytea[]) AS h(sha256)
ORDER BY h.sha256
ON CONFLICT DO NOTHING
