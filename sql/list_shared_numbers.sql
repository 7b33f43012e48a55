-- $1::boolean as JSON
-- Nothing joins accounts; the operator should know that two are of one number.
SELECT CASE WHEN $1::boolean
    THEN json_build_object('shared_number', array_agg(name ORDER BY name))::text
    ELSE 'accounts of one number: ' || string_agg(name, ', ' ORDER BY name) END
FROM coexsync.account
WHERE business_phone IS NOT NULL
GROUP BY business_phone
HAVING count(*) > 1
ORDER BY min(name)
