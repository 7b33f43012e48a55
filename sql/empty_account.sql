-- $1::integer account_id
-- What was decoded of its payloads, and what the ledger counts of it. The rows that name a payload
-- in their key go one payload after the other.
WITH events AS (DELETE FROM coexsync.account_event WHERE account_id = $1::integer),
    messages AS (DELETE FROM coexsync.message WHERE account_id = $1::integer),
    versions AS (DELETE FROM coexsync.message_version WHERE account_id = $1::integer),
    message_events AS (DELETE FROM coexsync.message_event WHERE account_id = $1::integer),
    contacts AS (DELETE FROM coexsync.contact_event WHERE account_id = $1::integer),
    names AS (DELETE FROM coexsync.profile_name WHERE account_id = $1::integer),
    links AS (DELETE FROM coexsync.identity_link WHERE account_id = $1::integer),
    changes AS (DELETE FROM coexsync.identity_change WHERE account_id = $1::integer),
    assets AS (DELETE FROM coexsync.media_asset WHERE account_id = $1::integer)
UPDATE coexsync.payload AS p SET counts = counts - ARRAY['inserted', 'enriched', 'duplicate', 'conflicting']
WHERE account_id = $1::integer AND EXISTS (SELECT FROM coexsync.payload_raw AS r
    WHERE r.account_id = p.account_id AND r.sha256 = coexsync.raw_sha256(p))
