-- $1::text account name or NULL, $2::integer decoder_version
-- Ledger rows: without raw bytes though they may be read better, without raw bytes at all (what was
-- too large, empty or refused in an archive had none to keep), decoded by a newer version.
SELECT count(*) FILTER (WHERE NOT has_raw AND size_bytes > 0
        AND (decoder_version < $2::integer OR rejects > 0)),
    count(*) FILTER (WHERE NOT has_raw AND size_bytes > 0 AND NOT EXISTS (
        SELECT FROM coexsync.reject AS w WHERE w.account_id = p.account_id
            AND w.sha256 = p.sha256 AND w.pointer = '' AND w.code = 'too_large')),
    count(*) FILTER (WHERE decoder_version > $2::integer)
FROM (
    SELECT account_id, sha256, size_bytes, decoder_version,
        coalesce((counts ->> 'rejects')::bigint, 0) AS rejects,
        EXISTS (SELECT FROM coexsync.payload_raw AS r
            WHERE r.account_id = t.account_id AND r.sha256 = coexsync.raw_sha256(t)) AS has_raw
    FROM coexsync.payload AS t
    WHERE $1::text IS NULL
        OR account_id = (SELECT account_id FROM coexsync.account WHERE name = $1::text)
) AS p
