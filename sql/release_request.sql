-- $1::integer account_id, $2::timestamptz onboarded_at, $3::boolean history (else contacts)
-- The request was surely not accepted: it may be made again.
UPDATE coexsync.activation
SET history_requested_at = CASE WHEN $3::boolean THEN NULL ELSE history_requested_at END,
    contacts_requested_at = CASE WHEN $3::boolean THEN contacts_requested_at END
WHERE account_id = $1::integer AND onboarded_at = $2::timestamptz
    AND CASE WHEN $3::boolean THEN history_request_id ELSE contacts_request_id END IS NULL
