-- $1::integer account_id
-- needs: stage_payload_raw
-- Rows that are there already are now named by one payload more: the arm that changes nothing locks
-- them until the end of the transaction. One that somebody is taking away meanwhile (drop_payload.sql)
-- is waited for, and written again when it has gone.
INSERT INTO coexsync.payload_raw AS r (account_id, sha256, bytes, size_bytes)
SELECT DISTINCT ON (account_id, sha256) account_id, sha256, bytes, size_bytes
FROM pg_temp.stage_payload_raw
WHERE account_id = $1::integer
ORDER BY account_id, sha256
ON CONFLICT (account_id, sha256) DO UPDATE SET size_bytes = r.size_bytes WHERE false
