-- $1::integer account_id and $2::bytea sha256 of the last one seen, $3::text account name or NULL,
-- $4::integer decoder_version, $5::boolean all of them
-- A page of what this decoder may read better. What the source said of the bytes of a payload, or of
-- their signature, is still so.
SELECT p.account_id, encode(p.sha256, 'hex'), p.source, (extract(epoch FROM p.received_at) * 1000000)::bigint,
    p.signature, p.signature_header, w.code, w.detail, encode(p.frame, 'hex'),
    p.frame_offset, p.size_bytes
FROM coexsync.stored_payloads($1::integer, $2::bytea, $3::text, $4::integer, $5::boolean) AS p
LEFT JOIN LATERAL (
    SELECT code, detail FROM coexsync.reject
    WHERE account_id = p.account_id AND sha256 = p.sha256 AND pointer = ''
        AND code IN ('json_syntax', 'json_truncated', 'json_too_deep', 'not_json', 'empty',
            'signature_not_valid')
    LIMIT 1
) AS w ON true
ORDER BY p.account_id, p.sha256
