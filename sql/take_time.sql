-- Who reads much may take time, and so may who writes what it says, whatever the role or the database
-- allows. A statement over many accounts seems dear: compiling it takes longer than running it. Until
-- the end of this transaction.
SELECT set_config('jit', 'off', true), set_config('statement_timeout', '0', true),
    set_config('idle_in_transaction_session_timeout', '0', true),
    CASE WHEN current_setting('server_version_num')::integer >= 170000
        THEN set_config('transaction_timeout', '0', true) END
