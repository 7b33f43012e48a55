-- The merge looks up single keys in tables that may hold millions of rows of others; a hash join
-- would read them all, and so would a loop over a copy of them. Until the end of this transaction.
SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('enable_material', 'off', true), set_config('enable_nestloop', 'on', true)
