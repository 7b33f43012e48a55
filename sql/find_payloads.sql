-- $1::bytea[] hashes
-- The reader asks before it knows the account. `excluded`: --account named the account, the payload
-- does not speak of it. The last two: was it refused (no valid signature, or too large), so that a
-- better copy goes in? Are its raw bytes kept?
SELECT encode(p.sha256, 'hex'), p.account_id, a.name, p.accounts, p.has_history,
    p.kind = 'excluded', coalesce((p.counts ->> 'rejects')::bigint, 0), p.kind = 'unusable',
    (extract(epoch FROM p.received_at) * 1000000)::bigint,
    array_position(enum_range(NULL::coexsync.signature), p.signature) - 1, p.signature_header,
    p.kind = 'unusable' AND EXISTS (SELECT FROM coexsync.reject AS r
        WHERE r.account_id = p.account_id AND r.sha256 = p.sha256
            AND r.code IN ('signature_not_valid', 'too_large')),
    EXISTS (SELECT FROM coexsync.payload_raw AS b
        WHERE b.account_id = p.account_id AND b.sha256 = coexsync.raw_sha256(p))
FROM coexsync.known_payloads($1::bytea[]) AS p
JOIN coexsync.account AS a ON a.account_id = p.account_id
ORDER BY p.sha256, p.account_id
