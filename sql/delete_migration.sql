-- $1::integer version
DELETE FROM coexsync.schema_migration WHERE version = $1::integer
