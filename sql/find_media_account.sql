-- $1::text account name, $2::text the dialects of those who are asked for files, as {a,b}
-- Whom its payloads came from, if from one of them; and how many errors there were in the last hour.
SELECT a.account_id, a.phone_number_id,
    (SELECT min(p.dialect) FROM coexsync.payload AS p
        WHERE p.account_id = a.account_id AND p.dialect = ANY ($2::text::text[])
        HAVING min(p.dialect) = max(p.dialect)) AS dialect,
    (SELECT count(*) FROM coexsync.media_file AS f
        WHERE f.account_id = a.account_id AND f.http_status >= 400
            AND f.last_try > now() - interval '1 hour') AS recent_errors
FROM coexsync.account AS a
WHERE a.name = $1::text
