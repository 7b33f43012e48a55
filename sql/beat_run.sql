-- $1::text run_id
UPDATE coexsync.run SET heartbeat_at = now() WHERE run_id = $1::text::uuid
