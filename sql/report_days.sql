-- $1::integer account_id, $2::timestamptz as_of
-- Messages by the day (UTC) that they were sent on, as days since 1970; days without any have no
-- row. One number a message is all that the scan computes: it is most of the time that this takes.
SELECT (extract(epoch FROM d.day) / 86400)::integer AS day, d.messages
FROM (
    SELECT date_bin('1 day', sent_at, '1970-01-01 00:00:00+00') AS day, count(*) AS messages
    FROM coexsync.message
    WHERE account_id = $1::integer AND sent_at IS NOT NULL AND $2::timestamptz IS NOT NULL
    GROUP BY 1
) AS d
