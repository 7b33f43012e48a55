-- For this transaction only: a pooler hands the connection to others.
-- idle_in_transaction bounds how long a dead client can hold its account's lock.
SELECT set_config('statement_timeout', '120s', true),
    set_config('lock_timeout', '30s', true),
    set_config('idle_in_transaction_session_timeout', '30s', true),
    set_config('jit', 'off', true)
