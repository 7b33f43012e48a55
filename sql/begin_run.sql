-- $1::text run_id, $2::text command, $3::text tool_version, $4::text operator, $5::text host
INSERT INTO coexsync.run (run_id, command, tool_version, operator, host)
VALUES ($1::text::uuid, $2::text, $3::text, $4::text, $5::text)
