-- $1::integer account_id, $2::timestamptz onboarded_at, $3::boolean history (else contacts),
-- $4::text request id
-- The request was accepted.
UPDATE coexsync.activation
SET history_request_id = CASE WHEN $3::boolean THEN $4::text ELSE history_request_id END,
    contacts_request_id = CASE WHEN $3::boolean THEN contacts_request_id ELSE $4::text END
WHERE account_id = $1::integer AND onboarded_at = $2::timestamptz
