-- $1::integer account_id, $2::timestamptz as_of
SELECT (extract(epoch FROM v.onboarded_at) * 1000000)::bigint AS onboarded_at_us, t.is_inferred, v.verdict,
    r.reason, r.sentence
FROM coexsync.verdict_as_of($2::timestamptz) AS v
JOIN coexsync.activation_t AS t
    ON t.account_id = v.account_id AND t.onboarded_at IS NOT DISTINCT FROM v.onboarded_at
LEFT JOIN LATERAL unnest(v.reasons, v.sentences) WITH ORDINALITY AS r (reason, sentence, place) ON true
WHERE v.account_id = $1::integer
ORDER BY v.onboarded_at, r.place
