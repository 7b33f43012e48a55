-- $1::integer account_id, $2::timestamptz as_of
-- Microseconds since 1970; missing as '3, 7-9'.
SELECT (extract(epoch FROM onboarded_at) * 1000000)::bigint AS onboarded_at_us, phase, chunks,
    lowest_order, highest_order, coexsync.int_ranges(missing)
        || CASE WHEN holes > cardinality(missing) THEN ', ...' ELSE '' END AS missing, progress, messages,
    (extract(epoch FROM oldest) * 1000000)::bigint AS oldest_us,
    (extract(epoch FROM newest) * 1000000)::bigint AS newest_us
FROM coexsync.coverage
WHERE account_id = $1::integer AND $2::timestamptz IS NOT NULL
ORDER BY onboarded_at, phase
