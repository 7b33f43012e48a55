-- $1::text run_id, $2::integer exit_code, $3::text counts as JSON, NULL: as they are
UPDATE coexsync.run
SET ended_at = now(), heartbeat_at = now(), exit_code = $2::integer,
    counts = coalesce($3::text::jsonb, counts)
WHERE run_id = $1::text::uuid
