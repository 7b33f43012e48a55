-- $1::integer account_id, $2::bytea[] hashes
-- needs: stage_payload
-- Payloads that are applied again. What the bytes say is what this decoder reads; what a delivery
-- said of them only grows: received_at the earlier, the better signature with its header. Run and
-- source stay those of the first, and the raw bytes lie where they are if they were there.
UPDATE coexsync.payload AS p
SET accounts = r.accounts, kind = r.kind, dialect = r.dialect, has_history = r.has_history,
    decoder_version = r.decoder_version, counts = r.counts, received_at = r.received_at,
    signature = r.signature, signature_header = r.signature_header, frame = r.frame,
    frame_offset = r.frame_offset
FROM (
    SELECT old.sha256, s.accounts, s.kind, s.dialect, s.has_history, s.decoder_version, s.counts,
        least(old.received_at, s.received_at) AS received_at,
        greatest(old.signature, s.signature) AS signature,
        CASE WHEN old.signature > s.signature THEN old.signature_header
            WHEN s.signature > old.signature THEN s.signature_header
            ELSE greatest(old.signature_header, s.signature_header) END AS signature_header,
        CASE WHEN b.sha256 IS NULL THEN s.frame ELSE old.frame END AS frame,
        CASE WHEN b.sha256 IS NULL THEN s.frame_offset ELSE old.frame_offset END AS frame_offset
    FROM pg_temp.stage_payload AS s
    JOIN coexsync.payload AS old ON old.sha256 = s.sha256
    LEFT JOIN coexsync.payload_raw AS b ON b.account_id = old.account_id
        AND b.sha256 = coexsync.raw_sha256(old)
    WHERE s.account_id = $1::integer AND old.account_id = $1::integer
        AND old.sha256 = ANY ($2::bytea[])
) AS r
WHERE p.account_id = $1::integer AND p.sha256 = r.sha256 AND p.sha256 = ANY ($2::bytea[])
    AND (p.accounts, p.kind, p.dialect, p.has_history, p.decoder_version, p.counts, p.received_at,
            p.signature, p.signature_header, p.frame, p.frame_offset)
        IS DISTINCT FROM
        (r.accounts, r.kind, r.dialect, r.has_history, r.decoder_version, r.counts, r.received_at,
            r.signature, r.signature_header, r.frame, r.frame_offset)
