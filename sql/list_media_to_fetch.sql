-- $1::integer account_id, $2::timestamptz as_of; in hours: $3::integer max_age, $4::integer id_life
-- $5::bigint largest size, $6::text state or NULL
-- What can be fetched, the earliest deadline first; behind them what was tried in vain, the longest
-- ago first, or some that never come could keep each run from the rest; ids whose time is over last,
-- unless the Graph API has said that they are gone. A file that was too large may now be allowed.
-- With a state: all in it.
SELECT a.wamid, a.media_id, a.url, a.mime_type, encode(a.sha256, 'hex') AS sha256,
    (extract(epoch FROM m.deadline_at) * 1000000)::bigint AS deadline_us,
    CASE WHEN f.doubt_since < now() - interval '1 hour' THEN f.doubt END AS doubt,
    CASE WHEN f.outcome IN ('downloaded', 'unverified') THEN encode(f.sha256, 'hex') END AS kept,
    f.size_bytes AS kept_bytes
FROM coexsync.media_as_of($2::timestamptz, make_interval(hours => $3::integer),
    make_interval(hours => $4::integer)) AS m
JOIN coexsync.media_asset AS a
    ON a.account_id = m.account_id AND a.wamid = m.wamid AND a.media_id = m.media_id
LEFT JOIN coexsync.media_file AS f
    ON f.account_id = a.account_id AND f.wamid = a.wamid AND f.media_id = a.media_id
WHERE m.account_id = $1::integer
    AND CASE WHEN $6::text IS NOT NULL THEN m.state = $6::text
        WHEN m.state = 'id_expired' THEN f.outcome IS DISTINCT FROM 'id_expired'
        WHEN m.state = 'too_large' THEN f.size_bytes <= $5::bigint
        ELSE m.state = 'announced' END
ORDER BY m.state = 'id_expired', f.last_try NULLS FIRST, m.deadline_at, a.wamid, a.media_id
