-- $1::text name
-- The id, then for each relation whether the account has no row of it yet, in the order of
-- enum relation. What comes with a new payload is new anyway. Asked for the first by key: of EXISTS the
-- planner, which knows other accounts only, expects that the whole table soon has a row.
SELECT a.account_id,
    (SELECT t.digest FROM coexsync.account_event AS t
        WHERE t.account_id = a.account_id ORDER BY t.digest LIMIT 1) IS NULL,
    (SELECT t.wamid FROM coexsync.message AS t
        WHERE t.account_id = a.account_id ORDER BY t.wamid LIMIT 1) IS NULL,
    (SELECT t.event_id FROM coexsync.message_event AS t
        WHERE t.account_id = a.account_id ORDER BY t.event_id LIMIT 1) IS NULL,
    (SELECT t.identity FROM coexsync.contact_event AS t
        WHERE t.account_id = a.account_id ORDER BY t.identity LIMIT 1) IS NULL,
    (SELECT t.identity FROM coexsync.profile_name AS t
        WHERE t.account_id = a.account_id ORDER BY t.identity LIMIT 1) IS NULL,
    (SELECT t.user_id FROM coexsync.identity_link AS t
        WHERE t.account_id = a.account_id ORDER BY t.user_id LIMIT 1) IS NULL,
    (SELECT t.old FROM coexsync.identity_change AS t
        WHERE t.account_id = a.account_id ORDER BY t.old LIMIT 1) IS NULL,
    (SELECT t.wamid FROM coexsync.media_asset AS t
        WHERE t.account_id = a.account_id ORDER BY t.wamid LIMIT 1) IS NULL,
    (SELECT t.sha256 FROM coexsync.chunk AS t
        WHERE t.account_id = a.account_id ORDER BY t.sha256 LIMIT 1) IS NULL,
    (SELECT t.onboarded_at FROM coexsync.activation_payload AS t
        WHERE t.account_id = a.account_id ORDER BY t.onboarded_at LIMIT 1) IS NULL
FROM coexsync.account AS a
WHERE a.name = $1::text
