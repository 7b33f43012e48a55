-- $1::integer account_id, $2::timestamptz as_of
SELECT display_name, first_name, full_name, identity, name_source, phone, profile_name,
    coexsync.rfc3339(removed_at) AS removed_at, coexsync.rfc3339(updated_at) AS updated_at,
    user_id, username
FROM coexsync.contacts
WHERE account_id = $1::integer AND $2::timestamptz IS NOT NULL
ORDER BY identity COLLATE "C"
