-- For this transaction only: the reader waits for the writers between two rows, and what it reads
-- has one form whatever the role prefers.
SELECT set_config('statement_timeout', '0', true),
    set_config('idle_in_transaction_session_timeout', '0', true),
    set_config('DateStyle', 'ISO, YMD', true),
    set_config('TimeZone', 'UTC', true),
    set_config('bytea_output', 'hex', true)
