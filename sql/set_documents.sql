-- For this transaction only: the reader waits for the writers between two rows, and what it reads
-- has one form whatever the role prefers. The path stays that of the operator's query, so set_config is
-- named in full.
SELECT pg_catalog.set_config('statement_timeout', '0', true),
    pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true),
    CASE WHEN pg_catalog.current_setting('server_version_num')::integer >= 170000
        THEN pg_catalog.set_config('transaction_timeout', '0', true) END,
    pg_catalog.set_config('DateStyle', 'ISO, YMD', true),
    pg_catalog.set_config('TimeZone', 'UTC', true),
    pg_catalog.set_config('bytea_output', 'hex', true)
