-- $1::integer account_id, $2::boolean of the account alone
-- The latest updates of the account itself. Those that name no number lie under its WABA or under
-- the bare number: they are of others' rows, left out where only the account's own count.
SELECT e.event, e.reason, e.initiated_by,
    (extract(epoch FROM e.at) * 1000000)::bigint AS at_us
FROM coexsync.account AS a
JOIN coexsync.account AS o ON o.account_id = a.account_id
    OR (NOT $2::boolean AND o.name IN ('waba:' || a.waba_id, '+' || a.business_phone))
JOIN coexsync.account_event AS e ON e.account_id = o.account_id
WHERE a.account_id = $1::integer
ORDER BY e.at DESC NULLS LAST, e.digest LIMIT 10
