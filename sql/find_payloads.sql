-- $1::bytea[] hashes
-- The reader asks before it knows the account: the one statement without account_id. `excluded`:
-- --account named the account, the payload does not speak of it.
SELECT encode(p.sha256, 'hex'), p.account_id, a.name, p.accounts, p.has_history,
    p.kind = 'excluded', coalesce((p.counts ->> 'rejects')::bigint, 0), p.kind = 'unusable'
FROM coexsync.known_payloads($1::bytea[]) AS p
JOIN coexsync.account AS a ON a.account_id = p.account_id
ORDER BY p.sha256, p.account_id
