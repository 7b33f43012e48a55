-- $1::integer account_id, $2::bytea[] hashes
-- Payloads that turned out not to be this account's, and gave it nothing. The bytes of a frame stay
-- while another payload lies in it; their rows are locked (lock_dropped_raw.sql).
WITH links AS (
    DELETE FROM coexsync.activation_payload
    WHERE account_id = $1::integer AND sha256 = ANY ($2::bytea[])
), dropped AS (
    DELETE FROM coexsync.payload AS p
    WHERE p.account_id = $1::integer AND p.sha256 = ANY ($2::bytea[])
    RETURNING coexsync.raw_sha256(p) AS raw_sha256
)
DELETE FROM coexsync.payload_raw
WHERE account_id = $1::integer AND sha256 IN (SELECT raw_sha256 FROM dropped)
    AND sha256 NOT IN (SELECT coexsync.raw_sha256(q) FROM coexsync.payload AS q
        WHERE q.account_id = $1::integer AND q.sha256 <> ALL ($2::bytea[])
            AND coexsync.raw_sha256(q) IN (SELECT raw_sha256 FROM dropped))
