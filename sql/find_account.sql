-- $1::text name
SELECT account_id, phone_number_id FROM coexsync.account WHERE name = $1::text
