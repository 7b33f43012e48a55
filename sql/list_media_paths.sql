-- $1::integer account_id
-- Of the files that were fetched, where they lie.
SELECT path FROM coexsync.media_file
WHERE account_id = $1::integer AND outcome IN ('downloaded', 'unverified') AND path IS NOT NULL
