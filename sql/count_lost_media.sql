-- $1::integer account_id
-- Files that failed for good, in this run or before.
SELECT count(*) FROM coexsync.media_file
WHERE account_id = $1::integer AND outcome IN ('mismatch', 'too_large', 'refused', 'id_expired')
