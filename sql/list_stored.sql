-- $1::integer account_id and $2::bytea sha256 of the last one seen, $3::text account name or NULL,
-- $4::integer decoder_version, $5::boolean all of them
-- Payloads with their bytes that this decoder may read better than it was done: decoded by an older
-- one, or with rejected items. One that several accounts have comes under the first of them. What
-- the source said of its bytes, or of their signature, is still so.
SELECT p.account_id, encode(p.sha256, 'hex'), p.source, (extract(epoch FROM p.received_at) * 1000000)::bigint,
    p.signature, p.signature_header, w.code, w.detail, encode(p.frame, 'hex'),
    p.frame_offset, p.size_bytes
FROM coexsync.payload AS p
JOIN coexsync.payload_raw AS r ON r.account_id = p.account_id AND r.sha256 = coexsync.raw_sha256(p)
LEFT JOIN coexsync.reject AS w ON w.account_id = p.account_id AND w.sha256 = p.sha256
    AND w.pointer = ''
    AND w.code IN ('json_syntax', 'json_truncated', 'json_too_deep', 'not_json', 'empty',
        'signature_not_valid')
WHERE (p.account_id, p.sha256) > ($1::integer, $2::bytea)
    AND ($3::text IS NULL
        OR p.account_id = (SELECT account_id FROM coexsync.account WHERE name = $3::text))
    AND p.decoder_version <= $4::integer
    AND ($5::boolean OR p.decoder_version < $4::integer OR (p.counts ->> 'rejects')::bigint > 0
        OR EXISTS (SELECT FROM coexsync.reject AS x
            WHERE x.account_id = p.account_id AND x.sha256 = p.sha256))
    AND ($3::text IS NOT NULL OR NOT EXISTS (
        SELECT FROM coexsync.payload AS q
        JOIN coexsync.payload_raw AS b ON b.account_id = q.account_id
            AND b.sha256 = coexsync.raw_sha256(q)
        WHERE q.sha256 = p.sha256 AND q.account_id < p.account_id
            AND q.decoder_version <= $4::integer
            AND ($5::boolean OR q.decoder_version < $4::integer
                OR (q.counts ->> 'rejects')::bigint > 0
                OR EXISTS (SELECT FROM coexsync.reject AS x
                    WHERE x.account_id = q.account_id AND x.sha256 = q.sha256))))
ORDER BY p.account_id, p.sha256
LIMIT 1000
