SELECT to_regclass('coexsync.schema_migration') IS NOT NULL
