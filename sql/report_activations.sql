-- $1::integer account_id, $2::timestamptz as_of; in hours: $3::integer max_age, $4::integer id_life
-- $5::boolean of the account alone
-- One row a reason (an activation without reasons has one row), then one row a state and age of
-- files, and one a state and reason of those that are lost, counted over all activations. Microseconds since 1970. expiring: of the files that can be
-- fetched those that expire in the same hour, counted from as_of, as the first of them.
WITH judged AS MATERIALIZED (
    SELECT * FROM coexsync.judgement_as_of($2::timestamptz, make_interval(hours => $3::integer),
        make_interval(hours => $4::integer), $5::boolean)
    WHERE account_id = $1::integer
), item AS MATERIALIZED (
    SELECT s.* FROM judged AS v
    CROSS JOIN LATERAL jsonb_to_recordset(v.media) AS s (state text, reason text, age text,
        hour bigint, files bigint, deadline_at timestamptz)
    UNION ALL
    -- files of an account that has neither history nor a moment of onboarding
    SELECT f.state, f.reason, CASE WHEN f.sent_at IS NULL THEN 'undated' ELSE 'window' END,
        CASE WHEN f.state = 'announced' THEN
            floor(extract(epoch FROM f.deadline_at - $2::timestamptz) / 3600)::bigint END, 1,
        CASE WHEN f.state = 'announced' THEN f.deadline_at END
    FROM coexsync.media_as_of($2::timestamptz, make_interval(hours => $3::integer),
        make_interval(hours => $4::integer)) AS f
    WHERE f.account_id = $1::integer AND NOT EXISTS (SELECT FROM judged)
)
SELECT (extract(epoch FROM v.onboarded_at) * 1000000)::bigint AS onboarded_at_us, v.is_inferred,
    (extract(epoch FROM v.history_requested_at) * 1000000)::bigint AS history_requested_at_us,
    v.verdict, r.reason, r.sentence, NULL AS state, NULL AS age, NULL AS files,
    NULL AS deadline_us, NULL AS expiring, r.place
FROM judged AS v
LEFT JOIN LATERAL unnest(v.reasons, v.sentences)
    WITH ORDINALITY AS r (reason, sentence, place) ON true
UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, NULL, m.state, m.age, sum(m.files)::bigint,
    (extract(epoch FROM min(m.deadline_at)) * 1000000)::bigint,
    coalesce(sum(m.files) FILTER (WHERE m.hour = m.first_hour), 0)::bigint, NULL
FROM (SELECT n.*, min(n.hour) OVER () AS first_hour FROM item AS n) AS m
GROUP BY m.state, m.age
UNION ALL
SELECT NULL, NULL, NULL, NULL, m.reason, NULL, m.state, NULL, sum(m.files)::bigint, NULL, NULL, NULL
FROM item AS m
WHERE m.reason IS NOT NULL
GROUP BY m.state, m.reason
ORDER BY state NULLS FIRST, age DESC NULLS LAST, onboarded_at_us, place, reason
