-- $1::integer account_id
-- needs: stage_payload_raw
-- Rows that are there already, and are now named by one payload more, stay until the end of the
-- transaction; those that somebody is taking away (drop_payload.sql) have gone when they are inserted.
SELECT count(*) FROM (
    SELECT 1
    FROM coexsync.payload_raw
    WHERE account_id = $1::integer AND sha256 IN (
        SELECT s.sha256 FROM pg_temp.stage_payload_raw AS s WHERE s.account_id = $1::integer)
    ORDER BY sha256
    FOR KEY SHARE
) AS counted
