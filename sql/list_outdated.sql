-- $1::boolean as JSON, $2::integer decoder_version
SELECT CASE WHEN $1::boolean THEN json_build_object('outdated_payloads', count(*))::text
    ELSE format('%s payloads were decoded by an older version: coexsync replay decodes them again',
        count(*)) END
FROM coexsync.payload
WHERE decoder_version < $2::integer
HAVING count(*) > 0
