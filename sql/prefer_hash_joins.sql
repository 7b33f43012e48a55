-- The views read an account whole, and the planner may know nothing of it yet: where it expects a row
-- it would loop over all of them for each, or merge them by account_id alone. They are many joins:
-- compiling them takes longer than running them. They may take their time, and so may who writes what
-- they say, whatever the role or the database allows. Until the end of this transaction.
SELECT set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('jit', 'off', true), set_config('statement_timeout', '0', true),
    set_config('idle_in_transaction_session_timeout', '0', true),
    CASE WHEN current_setting('server_version_num')::integer >= 170000
        THEN set_config('transaction_timeout', '0', true) END
