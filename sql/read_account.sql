-- $1::text name
-- The id, then for each relation whether the account has no row of it yet, in the order of
-- enum relation. What comes with a new payload is new anyway.
SELECT a.account_id,
    NOT EXISTS (SELECT FROM coexsync.account_event AS t WHERE t.account_id = a.account_id),
    NOT EXISTS (SELECT FROM coexsync.message AS t WHERE t.account_id = a.account_id),
    NOT EXISTS (SELECT FROM coexsync.message_event AS t WHERE t.account_id = a.account_id),
    NOT EXISTS (SELECT FROM coexsync.contact_event AS t WHERE t.account_id = a.account_id),
    NOT EXISTS (SELECT FROM coexsync.profile_name AS t WHERE t.account_id = a.account_id),
    NOT EXISTS (SELECT FROM coexsync.identity_link AS t WHERE t.account_id = a.account_id),
    NOT EXISTS (SELECT FROM coexsync.identity_change AS t WHERE t.account_id = a.account_id),
    NOT EXISTS (SELECT FROM coexsync.media_asset AS t WHERE t.account_id = a.account_id),
    NOT EXISTS (SELECT FROM coexsync.chunk AS t WHERE t.account_id = a.account_id),
    NOT EXISTS (SELECT FROM coexsync.activation_payload AS t WHERE t.account_id = a.account_id)
FROM coexsync.account AS a
WHERE a.name = $1::text
