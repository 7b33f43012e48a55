-- $1::integer account_id, $2::bytea[] hashes
-- Of payloads that are applied again: the rows whose keys name them are written anew.
WITH chunks AS (
    DELETE FROM coexsync.chunk WHERE account_id = $1::integer AND sha256 = ANY ($2::bytea[])
)
DELETE FROM coexsync.reject WHERE account_id = $1::integer AND sha256 = ANY ($2::bytea[])
