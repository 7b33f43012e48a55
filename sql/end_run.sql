-- $1::text run_id, $2::integer exit_code, $3::text counts as JSON
UPDATE coexsync.run
SET ended_at = now(), heartbeat_at = now(), exit_code = $2::integer, counts = $3::text::jsonb
WHERE run_id = $1::text::uuid
