-- $1::integer account_id, $2::bytea[] hashes
-- Of payloads that are applied again: what the ledger says. The locks keep two who do so apart.
SELECT encode(p.sha256, 'hex'), p.decoder_version, p.kind IN ('unusable', 'excluded'),
    EXISTS (SELECT FROM coexsync.payload_raw AS r
        WHERE r.account_id = p.account_id AND r.sha256 = coexsync.raw_sha256(p)),
    coalesce((p.counts ->> 'inserted')::bigint, 0), coalesce((p.counts ->> 'enriched')::bigint, 0),
    coalesce((p.counts ->> 'duplicate')::bigint, 0),
    coalesce((p.counts ->> 'conflicting')::bigint, 0)
FROM coexsync.payload AS p
WHERE p.account_id = $1::integer AND p.sha256 = ANY ($2::bytea[])
ORDER BY p.sha256
FOR NO KEY UPDATE OF p
