SELECT version, name, encode(sha256, 'hex'),
    to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM coexsync.schema_migration
ORDER BY version
