-- A payload lies within the frame that it names, or alone in its own row, if it was kept at all.
SELECT format('payload %s of account %s: %s', encode(t.sha256, 'hex'), t.account_id, CASE
    WHEN t.frame IS NULL THEN 'its raw bytes are of another size'
    WHEN r.sha256 IS NULL THEN 'the frame of its raw bytes is not there'
    ELSE 'it does not lie within its frame' END)
FROM coexsync.payload AS t
LEFT JOIN coexsync.payload_raw AS r
    ON r.account_id = t.account_id AND r.sha256 = coexsync.raw_sha256(t)
WHERE CASE WHEN t.frame IS NULL THEN t.frame_offset IS NOT NULL OR r.size_bytes <> t.size_bytes
    ELSE (t.frame_offset >= 0 AND t.frame_offset + t.size_bytes <= r.size_bytes) IS NOT TRUE END
LIMIT 100
