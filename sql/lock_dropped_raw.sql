-- $1::integer account_id, $2::bytea[] hashes
-- Before drop_payload.sql, so that it sees who else names these rows: another that takes payloads
-- away, or writes one that lies in them (insert_payload_raw.sql), has ended or waits.
SELECT count(*) FROM (
    SELECT 1
    FROM coexsync.payload_raw
    WHERE account_id = $1::integer AND sha256 IN (
        SELECT coexsync.raw_sha256(p) FROM coexsync.payload AS p
        WHERE p.account_id = $1::integer AND p.sha256 = ANY ($2::bytea[]))
    ORDER BY sha256
    FOR UPDATE
) AS counted
