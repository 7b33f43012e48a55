-- $1::integer account_id, $2::timestamptz as_of, $3::text filters as JSON, $4::bytea digest
-- The same export again names the predecessor that it named then; a new one the latest before it.
SELECT encode(previous, 'hex')
FROM (
    SELECT previous, 0 AS rank, as_of, archive_sha256
    FROM coexsync.export
    WHERE account_id = $1::integer AND as_of = $2::timestamptz AND filters = $3::text::jsonb
        AND digest = $4::bytea
    UNION ALL
    SELECT archive_sha256, 1, as_of, archive_sha256
    FROM coexsync.export
    WHERE account_id = $1::integer AND as_of < $2::timestamptz
) AS candidates
ORDER BY rank, as_of DESC, archive_sha256 DESC
LIMIT 1
