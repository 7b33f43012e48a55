-- $1::integer account_id, $2::timestamptz as_of; in hours: $3::integer max_age, $4::integer id_life
SELECT
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'onboarded_at', coexsync.rfc3339(c.onboarded_at), 'phase', c.phase, 'chunks', c.chunks,
            'lowest_order', c.lowest_order, 'highest_order', c.highest_order,
            'missing', to_jsonb(c.missing), 'progress', c.progress, 'messages', c.messages,
            'oldest', coexsync.rfc3339(c.oldest), 'newest', coexsync.rfc3339(c.newest),
            'numbering', c.numbering)
            ORDER BY c.onboarded_at, c.phase), '[]')
        FROM coexsync.coverage AS c WHERE c.account_id = $1::integer) AS coverage,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'onboarded_at', coexsync.rfc3339(v.onboarded_at), 'verdict', v.verdict,
            'reasons', to_jsonb(v.reasons), 'sentences', to_jsonb(v.sentences))
            ORDER BY v.onboarded_at), '[]')
        FROM coexsync.verdict_as_of($2::timestamptz, make_interval(hours => $3::integer),
            make_interval(hours => $4::integer), of_account_alone => true) AS v
        WHERE v.account_id = $1::integer)
        AS verdict
