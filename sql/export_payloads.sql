-- $1::integer account_id
-- Not those that speak of other accounts only: they are customers of somebody else.
SELECT encode(r.sha256, 'hex'), r.size_bytes
FROM coexsync.payload_raw AS r
JOIN coexsync.payload AS p ON p.account_id = r.account_id AND p.sha256 = r.sha256
WHERE r.account_id = $1::integer AND p.kind <> 'excluded'
ORDER BY r.sha256
