-- $1::integer account_id, $2::timestamptz as_of; in hours: $3::integer max_age, $4::integer id_life
SELECT borderline, coexsync.rfc3339(deadline_at) AS deadline_at, filename, media_id, mime_type,
    outside_window, reason, coexsync.rfc3339(sent_at) AS sent_at, encode(sha256, 'hex') AS sha256,
    size_bytes, state, thread_id, wamid
FROM coexsync.media_as_of($2::timestamptz, make_interval(hours => $3::integer),
    make_interval(hours => $4::integer))
WHERE account_id = $1::integer
ORDER BY wamid COLLATE "C", media_id COLLATE "C"
