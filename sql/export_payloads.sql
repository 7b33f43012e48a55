-- $1::integer account_id
-- Not those that speak of other accounts only: they are customers of somebody else.
SELECT encode(p.sha256, 'hex'), p.size_bytes
FROM coexsync.payload AS p
WHERE p.account_id = $1::integer AND p.kind <> 'excluded' AND EXISTS (
    SELECT FROM coexsync.payload_raw AS r
    WHERE r.account_id = p.account_id AND r.sha256 = coexsync.raw_sha256(p))
ORDER BY p.sha256
