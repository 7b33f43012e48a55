-- $1::integer account_id, $2::text wamid, $3::text media_id, $4::text outcome,
-- $5::integer http_status, $6::integer graph_code, $7::bytea sha256, $8::bigint size_bytes,
-- $9::text path, $10::integer tries, $11::text run_id, $12::text doubt: as what it was nearly lost,
-- $13::boolean is_kept, $14::text reason
-- What came of a try; a file that is here, or that another run has fetched since this one began, stays.
INSERT INTO coexsync.media_file AS f (account_id, wamid, media_id, outcome, http_status, graph_code,
    sha256, size_bytes, path, tries, doubt, doubt_since, last_try, reason)
VALUES ($1::integer, $2::text, $3::text, $4::text, $5::integer, $6::integer, $7::bytea, $8::bigint,
    $9::text, $10::integer, $12::text, CASE WHEN $12::text IS NOT NULL THEN now() END, now(), $14::text)
ON CONFLICT (account_id, wamid, media_id) DO UPDATE
SET outcome = excluded.outcome, http_status = excluded.http_status,
    graph_code = excluded.graph_code, sha256 = excluded.sha256, size_bytes = excluded.size_bytes,
    path = excluded.path, tries = f.tries + excluded.tries, doubt = excluded.doubt,
    doubt_since = CASE WHEN f.doubt = excluded.doubt THEN f.doubt_since ELSE excluded.doubt_since END,
    last_try = excluded.last_try, reason = excluded.reason
WHERE f.outcome NOT IN ('downloaded', 'unverified')
    OR excluded.outcome IN ('downloaded', 'unverified')
    OR NOT $13::boolean AND f.last_try < (SELECT started_at FROM coexsync.run WHERE run_id = $11::text::uuid)
