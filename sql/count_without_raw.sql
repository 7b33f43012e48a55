-- $1::integer account_id
-- Payloads of which the archive holds no bytes.
SELECT count(*)
FROM coexsync.payload AS p
WHERE p.account_id = $1::integer AND p.kind <> 'excluded' AND NOT EXISTS (
    SELECT FROM coexsync.payload_raw AS r
    WHERE r.account_id = p.account_id AND r.sha256 = coexsync.raw_sha256(p))
