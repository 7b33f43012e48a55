-- The views are many joins over few rows: compiling them takes longer than running them.
SELECT set_config('jit', 'off', true)
