-- $1::integer account_id, $2::timestamptz as_of
SELECT action::text AS action, coexsync.rfc3339(at) AS at, first_name, full_name, identity, phone,
    user_id, username
FROM coexsync.contact_event
WHERE account_id = $1::integer AND $2::timestamptz IS NOT NULL
ORDER BY contact_event.identity, contact_event.at, digest
