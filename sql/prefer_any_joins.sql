-- Takes back what set_limits and prefer_index_joins said, for the views.
SELECT set_config('enable_nestloop', 'on', true), set_config('enable_hashjoin', 'on', true),
    set_config('enable_mergejoin', 'on', true)
