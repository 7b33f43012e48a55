-- $1::integer version, $2::text name, $3::bytea sha256, $4::text tool_version
INSERT INTO coexsync.schema_migration (version, name, sha256, tool_version)
VALUES ($1::integer, $2::text, $3::bytea, $4::text)
