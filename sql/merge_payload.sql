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
    SELECT old.account_id, old.place, s.accounts, s.kind, s.dialect, s.has_history,
        s.decoder_version, s.counts,
        least(old.received_at, s.received_at) AS received_at,
        greatest(old.signature, s.signature) AS signature,
        CASE WHEN old.signature > s.signature THEN old.signature_header
            WHEN s.signature > old.signature THEN s.signature_header
            ELSE greatest(old.signature_header, s.signature_header) END AS signature_header,
        CASE WHEN b.sha256 IS NULL THEN s.frame ELSE old.frame END AS frame,
        CASE WHEN b.sha256 IS NULL THEN s.frame_offset ELSE old.frame_offset END AS frame_offset
    FROM pg_temp.stage_payload AS s
    -- key by key, then by place: the rows are locked
    CROSS JOIN LATERAL (
        SELECT payload.*, ctid AS place, coexsync.raw_sha256(payload) AS raw
        FROM coexsync.payload
        WHERE account_id = $1::integer AND sha256 = s.sha256
        LIMIT 1
    ) AS old
    LEFT JOIN LATERAL (
        SELECT sha256 FROM coexsync.payload_raw
        WHERE account_id = $1::integer AND sha256 = old.raw
        LIMIT 1
    ) AS b ON true
    WHERE s.account_id = $1::integer AND s.sha256 = ANY ($2::bytea[])
) AS r
WHERE p.account_id = r.account_id AND p.ctid = r.place
    AND (p.accounts, p.kind, p.dialect, p.has_history, p.decoder_version, p.counts, p.received_at,
            p.signature, p.signature_header, p.frame, p.frame_offset)
        IS DISTINCT FROM
        (r.accounts, r.kind, r.dialect, r.has_history, r.decoder_version, r.counts, r.received_at,
            r.signature, r.signature_header, r.frame, r.frame_offset)
