-- $1::integer account_id, $2::timestamptz onboarded_at, $3::boolean history (else contacts),
-- $4::timestamptz now
-- The intention, written before the request is sent: it can be sent once, so whoever finds it written
-- must not send it.
UPDATE coexsync.activation
SET history_requested_at = CASE WHEN $3::boolean THEN $4::timestamptz ELSE history_requested_at END,
    contacts_requested_at = CASE WHEN $3::boolean THEN contacts_requested_at
        ELSE $4::timestamptz END
WHERE account_id = $1::integer AND onboarded_at = $2::timestamptz
    AND CASE WHEN $3::boolean THEN history_requested_at ELSE contacts_requested_at END IS NULL
