-- $1::text account name, NULL for all
-- The time as `activation drop` takes it: a fraction only where there is one.
SELECT a.name || '  '
    || rtrim(rtrim(to_char(v.onboarded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.')
    || 'Z'
    || '  ' || (SELECT count(*) FROM coexsync.activation_payload AS p
        WHERE p.account_id = v.account_id AND p.onboarded_at = v.onboarded_at) || ' payloads'
FROM coexsync.activation AS v
JOIN coexsync.account AS a ON a.account_id = v.account_id
WHERE $1::text IS NULL
    OR v.account_id = (SELECT account_id FROM coexsync.account WHERE name = $1::text)
ORDER BY a.name, v.onboarded_at
