-- $1::integer account_id, $2::bytea[] hashes, $3::integer decoder_version
-- What an older decoder took for this account's. The messages stay and are still counted.
UPDATE coexsync.payload
SET kind = 'excluded', dialect = NULL, decoder_version = $3::integer,
    counts = jsonb_strip_nulls(jsonb_build_object('seen', counts -> 'inserted',
        'inserted', counts -> 'inserted'))
WHERE account_id = $1::integer AND sha256 = ANY ($2::bytea[])
