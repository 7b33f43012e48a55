-- needs: account_state
-- What the dry run would rename, put in conflict and lose, 20 of each at most: lines for people.
WITH change AS (
    SELECT coalesce(a.kind, b.kind) AS kind, a.name, b.value AS old, a.value AS new
    FROM (SELECT * FROM pg_temp.account_state WHERE is_after) AS a
    LEFT JOIN (SELECT * FROM pg_temp.account_state WHERE NOT is_after) AS b
        USING (account_id, kind, name)
    WHERE a.value IS DISTINCT FROM b.value AND (a.kind <> 'contact' OR b.value IS NOT NULL)
), line AS (
    SELECT kind, row_number() OVER (PARTITION BY kind ORDER BY name, new) AS place,
        CASE kind
            WHEN 'contact' THEN format('  %s: %s -> %s', name, old, new)
            WHEN 'conflict' THEN format('  %s: %s', name, new)
            WHEN 'file' THEN format('  files %s: %s', name, new::bigint - coalesce(old, '0')::bigint)
            ELSE format('  items rejected as %s: %s', name,
                new::bigint - coalesce(old, '0')::bigint) END AS text
    FROM change
    WHERE kind IN ('contact', 'conflict') OR new::bigint > coalesce(old, '0')::bigint
)
SELECT text FROM (
    SELECT h.rank, 0 AS place, format(h.title, count(line.kind)) AS text
    FROM (VALUES (1, '{contact}'::text[], 'would rename %s contacts'),
        (2, '{conflict}', 'would put %s messages in conflict'),
        (3, '{file,item}', CASE WHEN EXISTS (SELECT FROM line WHERE kind IN ('file', 'item'))
            THEN 'would lose' ELSE 'would lose nothing' END)) AS h (rank, kinds, title)
    LEFT JOIN line ON line.kind = ANY (h.kinds)
    GROUP BY h.rank, h.title
    UNION ALL
    SELECT r.rank, line.place, CASE WHEN line.place > 20
        THEN format('  and %s more', (SELECT count(*) FROM line AS o WHERE o.kind = line.kind) - 20)
        ELSE line.text END
    FROM line
    JOIN (VALUES ('contact', 1), ('conflict', 2), ('file', 3), ('item', 4)) AS r (kind, rank)
        ON r.kind = line.kind
    WHERE line.place <= 21
) AS o
ORDER BY rank, place
