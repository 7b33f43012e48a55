-- $1::text run_id, $2::text counts so far, as JSON
UPDATE coexsync.run SET heartbeat_at = now(), counts = $2::text::jsonb WHERE run_id = $1::text::uuid
