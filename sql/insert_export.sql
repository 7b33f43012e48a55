-- $1::integer account_id, $2::bytea archive_sha256, $3::timestamptz as_of, $4::text filters as JSON,
-- $5::bytea digest, $6::bytea previous
INSERT INTO coexsync.export (account_id, archive_sha256, as_of, filters, digest, previous, counts)
SELECT $1::integer, $2::bytea, $3::timestamptz, $4::text::jsonb, $5::bytea, $6::bytea,
    jsonb_build_object('messages', (SELECT count(*) FROM coexsync.message WHERE account_id = $1::integer),
        'payloads', (SELECT count(*) FROM coexsync.payload WHERE account_id = $1::integer))
ON CONFLICT DO NOTHING
