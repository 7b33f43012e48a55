-- $1::boolean as JSON, $2::integer decoder_version, $3::text account name, NULL for all
SELECT CASE WHEN $1::boolean THEN json_build_object('outdated_payloads', count(*))::text
    ELSE format('%s payloads were decoded by an older version: coexsync replay decodes them again',
        count(*)) END
FROM coexsync.payload
WHERE decoder_version < $2::integer AND ($3::text IS NULL
    OR account_id = (SELECT account_id FROM coexsync.account WHERE name = $3::text))
HAVING count(*) > 0
