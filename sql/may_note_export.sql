-- Who reads only learns it before the archive is made, not after.
SELECT has_table_privilege('coexsync.export', 'INSERT')
