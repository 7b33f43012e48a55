-- $1::integer account_id, $2::timestamptz onboarded_at
DELETE FROM coexsync.activation_payload
WHERE account_id = $1::integer AND onboarded_at = $2::timestamptz
