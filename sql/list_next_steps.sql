-- $1::boolean as JSON, $2::timestamptz as_of, $3::integer id_life in hours, $4::text account name,
-- NULL for all
-- What to do next, a line an account. Deadlines are those of view media, but that twins are not
-- merged: one message under two wamids counts twice. The view would read all messages.
SELECT CASE WHEN $1::boolean
    THEN json_build_object('account', name, 'payloads', payloads, 'rejects', rejects,
        'onboarded_at', onboarded, 'announced_files', files, 'next_deadline_at', deadline,
        'next', next, 'next_step', step)::text
    WHEN name IS NULL THEN step
    ELSE format('account %s: %s payloads, %s rejected items%s; next: %s', name, payloads, rejects,
        CASE WHEN rejects > 0 THEN ' (coexsync reject list shows them)' END, step) END
FROM (
    SELECT *,
        CASE next
            WHEN 'import' THEN 'nothing imported yet: coexsync run SOURCE...'
            WHEN 'say_onboarding' THEN
                'give the same payloads again with -' || '-onboarded-at=TIME, when it was connected'
            WHEN 'fetch_media' THEN format(
                '%s files can be fetched, the first of them until %s: coexsync media does it',
                files, deadline)
            ELSE 'coexsync report says whether all has come' END AS step
    FROM (
        SELECT a.name, coalesce(l.payloads, 0) AS payloads, coalesce(l.rejects, 0) AS rejects,
            coalesce(f.files, 0) AS files,
            to_char(t.onboarded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS onboarded,
            to_char(f.deadline_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS deadline,
            CASE WHEN coalesce(l.payloads, 0) = 0 THEN 'import'
                WHEN t.onboarded_at IS NULL THEN 'say_onboarding'
                WHEN f.files > 0 THEN 'fetch_media'
                ELSE 'report' END AS next
        FROM (VALUES (1)) AS one
        LEFT JOIN (
            SELECT * FROM coexsync.account AS a
            WHERE a.account_id <> 0 AND a.name = coalesce($4::text, a.name)
                AND ((SELECT p.sha256 FROM coexsync.payload AS p -- by key, see list_accounts.sql
                        WHERE p.account_id = a.account_id AND p.kind NOT IN ('excluded', 'sample')
                        ORDER BY p.sha256 LIMIT 1) IS NOT NULL
                    OR (EXISTS (SELECT FROM coexsync.activation AS v
                            WHERE v.account_id = a.account_id)
                        AND (SELECT p.sha256 FROM coexsync.payload AS p
                            WHERE p.account_id = a.account_id
                            ORDER BY p.sha256 LIMIT 1) IS NULL))
        ) AS a ON true
        LEFT JOIN LATERAL (
            SELECT count(*) AS payloads, sum((counts ->> 'rejects')::bigint) AS rejects
            FROM coexsync.payload AS p WHERE p.account_id = a.account_id
        ) AS l ON true
        LEFT JOIN LATERAL (
            SELECT max(onboarded_at) AS onboarded_at
            FROM coexsync.activation AS v WHERE v.account_id = a.account_id
        ) AS t ON true
        LEFT JOIN LATERAL (
            SELECT count(*) AS files, min(d.at) AS deadline_at
            FROM coexsync.media_asset AS m
            LEFT JOIN LATERAL ( -- one by one: a join may read all of an account for each
                SELECT sent_at FROM coexsync.message
                WHERE account_id = a.account_id AND wamid = m.wamid
                LIMIT 1
            ) AS g ON true
            LEFT JOIN coexsync.activation_t AS v ON v.account_id = a.account_id
                AND coalesce(g.sent_at, 'infinity') > v.sent_after
                AND coalesce(g.sent_at, 'infinity') <= v.sent_until
            CROSS JOIN LATERAL (SELECT coalesce(m.received_at,
                greatest(v.onboarded_at, g.sent_at))
                + make_interval(hours => $3::integer) AS at) AS d
            WHERE m.account_id = a.account_id AND coalesce(d.at >= $2::timestamptz, true)
                -- before its message is looked for
                AND (m.received_at IS NULL
                    OR m.received_at + make_interval(hours => $3::integer) >= $2::timestamptz)
                AND NOT EXISTS (SELECT FROM coexsync.media_file AS f
                    WHERE f.account_id = a.account_id AND f.wamid = m.wamid
                        AND f.media_id = m.media_id AND f.outcome IN ('downloaded', 'unverified',
                            'mismatch', 'too_large', 'refused', 'id_expired'))
        ) AS f ON true
    ) AS a
) AS a
ORDER BY name COLLATE "C"
