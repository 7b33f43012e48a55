-- Whole pages in the WAL, which is most of what an import writes behind a checkpoint, compressed: in
-- this transaction, where the server can (lz4), has not been told how, and lets this role say so.
SELECT set_config('wal_compression', 'lz4', true)
WHERE current_setting('wal_compression') = 'off'
    AND has_parameter_privilege('wal_compression', 'SET')
    AND EXISTS (SELECT FROM pg_settings AS s
        WHERE s.name = 'wal_compression' AND 'lz4' = ANY (s.enumvals))
