-- $1::integer account_id, $2::timestamptz as_of, $3::boolean of the account alone
-- One row a reason; an activation without reasons has one row. Microseconds since 1970.
SELECT (extract(epoch FROM v.onboarded_at) * 1000000)::bigint AS onboarded_at_us, v.is_inferred,
    v.verdict, r.reason, r.sentence
FROM coexsync.verdict_as_of($2::timestamptz, of_account_alone => $3::boolean) AS v
LEFT JOIN LATERAL unnest(v.reasons, v.sentences)
    WITH ORDINALITY AS r (reason, sentence, place) ON true
WHERE v.account_id = $1::integer
ORDER BY v.onboarded_at, r.place
