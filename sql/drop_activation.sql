-- $1::text account name, $2::timestamptz onboarded_at
DELETE FROM coexsync.activation
WHERE account_id = (SELECT account_id FROM coexsync.account WHERE name = $1::text)
    AND onboarded_at = $2::timestamptz
RETURNING contacts_requested_at IS NOT NULL, history_requested_at IS NOT NULL
