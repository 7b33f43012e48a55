-- $1::integer account_id, $2::timestamptz onboarded_at, $3::boolean history (else contacts),
-- $4::timestamptz when it was written
-- The request was surely not accepted: it may be made again. One that somebody has made since stays.
UPDATE coexsync.activation
SET history_requested_at = CASE WHEN $3::boolean THEN NULL ELSE history_requested_at END,
    contacts_requested_at = CASE WHEN $3::boolean THEN contacts_requested_at END
WHERE account_id = $1::integer AND onboarded_at = $2::timestamptz
    AND CASE WHEN $3::boolean THEN history_request_id ELSE contacts_request_id END IS NULL
    AND CASE WHEN $3::boolean THEN history_requested_at ELSE contacts_requested_at END
        = $4::timestamptz
