-- $1::integer account_id, $2::timestamptz onboarded_at, $3::boolean history (else contacts)
SELECT (extract(epoch FROM CASE WHEN $3::boolean THEN history_requested_at
        ELSE contacts_requested_at END) * 1000000)::bigint AS requested_at_us,
    CASE WHEN $3::boolean THEN history_request_id ELSE contacts_request_id END AS request_id
FROM coexsync.activation
WHERE account_id = $1::integer AND onboarded_at = $2::timestamptz
