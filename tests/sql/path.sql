-- Every function finds what it calls without the path of whoever asks: its body was resolved when it was
-- made, or it says its own path.
SELECT facts.is('functions on the path of the caller', (SELECT string_agg(p.oid::regprocedure::text, ', ')
    FROM pg_proc AS p
    WHERE p.pronamespace = 'coexsync'::regnamespace AND p.prosqlbody IS NULL
        AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)), NULL);
