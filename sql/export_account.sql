-- $1::integer account_id, $2::timestamptz as_of
SELECT coexsync.rfc3339($2::timestamptz) AS as_of,
    a.business_phone,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('event', v.event, 'reason', v.reason,
            'initiated_by', v.initiated_by, 'at', coexsync.rfc3339(v.at), 'waba_id', v.waba_id,
            'phone', v.phone) ORDER BY v.at, v.digest), '[]')
        FROM coexsync.account_event AS v WHERE v.account_id = a.account_id) AS events,
    a.name,
    (SELECT coalesce(jsonb_agg(coexsync.rfc3339(t.onboarded_at) ORDER BY t.onboarded_at), '[]')
        FROM coexsync.activation AS t WHERE t.account_id = a.account_id) AS onboarded_at,
    a.phone_number_id,
    a.waba_id
FROM coexsync.account AS a
WHERE a.account_id = $1::integer
