-- $1::text how long the transaction may be idle
-- For this transaction only: a pooler hands the connection to others.
-- idle_in_transaction bounds how long a dead client can hold its account's lock. The planner knows
-- nothing of temp tables just filled: joins in the insert phase must not become nested loops.
SELECT set_config('statement_timeout', '120s', true),
    set_config('lock_timeout', '30s', true),
    set_config('idle_in_transaction_session_timeout', $1::text, true),
    CASE WHEN current_setting('server_version_num')::integer >= 170000
        THEN set_config('transaction_timeout', '0', true) END,
    set_config('jit', 'off', true),
    set_config('enable_nestloop', 'off', true),
    set_config('enable_hashjoin', 'on', true),
    set_config('enable_mergejoin', 'on', true)
