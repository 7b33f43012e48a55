-- $1::integer account_id, $2::timestamptz onboarded_at
INSERT INTO coexsync.activation (account_id, onboarded_at)
VALUES ($1::integer, $2::timestamptz)
ON CONFLICT DO NOTHING
