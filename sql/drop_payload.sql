-- $1::integer account_id, $2::bytea[] hashes
-- Payloads that turned out not to be this account's, and gave it nothing.
WITH links AS (
    DELETE FROM coexsync.activation_payload
    WHERE account_id = $1::integer AND sha256 = ANY ($2::bytea[])
), raw AS (
    DELETE FROM coexsync.payload_raw
    WHERE account_id = $1::integer AND sha256 = ANY ($2::bytea[])
)
DELETE FROM coexsync.payload WHERE account_id = $1::integer AND sha256 = ANY ($2::bytea[])
