-- $1::integer account_id, $2::timestamptz onboarded_at, $3::bytea sha256
INSERT INTO coexsync.activation_payload (account_id, onboarded_at, sha256)
VALUES ($1::integer, $2::timestamptz, $3::bytea)
ON CONFLICT DO NOTHING
