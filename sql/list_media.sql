-- $1::integer account_id, $2::timestamptz as_of; in hours: $3::integer max_age, $4::integer id_life
-- $5::text state or NULL, $6::boolean as JSON
-- One line a file or placeholder; of a file that is still announced: why the last try failed.
SELECT CASE WHEN $6::boolean
    THEN json_build_object('account', a.name, 'wamid', m.wamid, 'media_id', m.media_id, 'state', m.state,
        'deadline_at', coexsync.rfc3339(m.deadline_at), 'sent_at', coexsync.rfc3339(m.sent_at),
        'thread_id', m.thread_id, 'mime_type', m.mime_type, 'filename', m.filename,
        'size_bytes', m.size_bytes, 'sha256', encode(m.sha256, 'hex'), 'path', m.path,
        'outside_window', m.outside_window, 'borderline', m.borderline,
        'outcome', f.outcome, 'http_status', f.http_status, 'graph_code', f.graph_code,
        'tries', f.tries, 'reason', r.reason)::text
    ELSE format('%-15s  %-20s  %10s  %-20s  %s  %s  %s  %s', m.state,
        coalesce(to_char(m.deadline_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '-'),
        coalesce(m.size_bytes::text, '-'), coalesce(m.media_id, '-'), m.wamid,
        coalesce(m.path, '-'), a.name, coalesce(r.reason, '-')) END
FROM coexsync.media_as_of($2::timestamptz, make_interval(hours => $3::integer),
    make_interval(hours => $4::integer)) AS m
JOIN coexsync.account AS a ON a.account_id = m.account_id
LEFT JOIN coexsync.media_file AS f
    ON f.account_id = m.account_id AND f.wamid = m.wamid AND f.media_id = m.media_id
CROSS JOIN LATERAL (SELECT coalesce(m.reason, f.reason) AS reason) AS r
WHERE m.account_id = $1::integer AND m.state = coalesce($5::text, m.state)
ORDER BY m.deadline_at, m.wamid, m.media_id
