-- Tables of which the planner knows too little after an import; autovacuum would tell it a minute later.
-- A large one that has not grown by a tenth since it was counted tells nothing new, and counting it takes
-- seconds whatever the import was.
SELECT relation
FROM (
    SELECT c.relname AS relation, c.relpages, c.reltuples,
        pg_relation_size(c.oid) / current_setting('block_size')::bigint AS pages
    FROM pg_class AS c
    WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'coexsync')
        AND c.relname IN ('account', 'message', 'message_event', 'media_asset', 'chunk', 'payload',
            'contact_event', 'profile_name', 'identity_link')
) AS t
WHERE pages > 0 AND (pages < 1000 OR reltuples <= 0 OR pages > 1.1 * relpages OR NOT EXISTS (
    SELECT FROM pg_stats AS s WHERE s.schemaname = 'coexsync' AND s.tablename = t.relation))
ORDER BY relation
