-- $1::integer lock class, $2::integer account_id
-- Waits until every transaction that writes into the account has ended.
SELECT pg_advisory_xact_lock($1::integer, $2::integer)
