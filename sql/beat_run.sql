-- $1::text run_id, $2::text counts so far, as JSON, or null
UPDATE coexsync.run SET heartbeat_at = now(), counts = coalesce($2::text::jsonb, counts)
WHERE run_id = $1::text::uuid
