-- Takes back what set_limits and prefer_index_joins said: the views are joins of any kind, and may
-- take their time.
SELECT set_config('statement_timeout', '0', true),
    set_config('enable_nestloop', 'on', true), set_config('enable_hashjoin', 'on', true),
    set_config('enable_mergejoin', 'on', true)
