-- Which activation a chunk belongs to: link, time of receipt, the only one, time of its messages.
CALL facts.account();
CREATE FUNCTION pg_temp.attributed(names text[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(format('%s %s%s', n.name, to_char(c.onboarded_at AT TIME ZONE 'UTC', 'MM-DD'),
        CASE WHEN c.attributed_by_time THEN ' by time' END), ', ' ORDER BY n.name, c.onboarded_at)
    FROM unnest(names) AS n(name)
    JOIN coexsync.chunk_attributed AS c ON c.sha256 = sha256(convert_to(n.name, 'UTF8'))
$$;
-- What account_chunks makes of them without looking, where there is one, is the same.
CREATE FUNCTION pg_temp.differ() RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM (
        SELECT onboarded_at, phase, chunk_order, error_code, is_data, attributed_by_time,
            max(progress) AS progress, sum(messages)::bigint AS messages, min(oldest) AS oldest,
            max(newest) AS newest
        FROM coexsync.chunk_attributed WHERE account_id = 1 GROUP BY 1, 2, 3, 4, 5, 6) AS a
    FULL JOIN unnest(coexsync.account_chunks(1, coexsync.account_activations(1))) AS c
        ON row(c.*)::text = row(a.*)::text
    WHERE a IS NULL OR c IS NULL
$$;

-- No activation: one is inferred, its time that of the newest message of the history.
CALL facts.chunk('a', 0, 1, 50, '2026-02-10Z');
CALL facts.message('w.h1', '15550001111', 'inbound', '2026-02-10Z');
CALL facts.message('w.h2', '15550001111', 'inbound', '2026-02-09Z');
CALL facts.message('w.live', '15550001111', 'inbound', '2026-04-01Z', stream => 8);
SELECT facts.is('inferred', string_agg(format('%s %s', onboarded_at, is_inferred), ','),
    '2026-02-10 00:00:00+00 t') FROM coexsync.activation_t WHERE account_id = 1;
SELECT facts.is('to the inferred', pg_temp.attributed('{a}'), 'a 02-10');
SELECT facts.is('chunks of the inferred', pg_temp.differ()::text, '0');

-- The only one, whatever the times say; the inferred is gone.
INSERT INTO coexsync.activation VALUES (1, '2026-01-01Z');
CALL facts.chunk('b', 0, 2, 50, '2026-02-10Z', received => '2025-12-31Z');
SELECT facts.is('only one', pg_temp.attributed('{a,b}'), 'a 01-01, b 01-01');
CALL facts.chunk('c', NULL, NULL, NULL, NULL, 0, linked => '{2026-01-01Z}');
SELECT facts.is('chunks of the only one', pg_temp.differ()::text, '0');
SELECT facts.is('not inferred', string_agg(is_inferred::text, ','), 'false')
FROM coexsync.activation_t WHERE account_id = 1;

-- Two: linked, else the latest before it was received, else by time.
INSERT INTO coexsync.activation VALUES (1, '2026-03-01Z');
CALL facts.chunk('linked', 0, 1, 50, '2026-02-10Z', received => '2026-03-05Z',
    linked => '{2026-01-01Z}');
CALL facts.chunk('received-late', 0, 1, 50, '2025-12-10Z', received => '2026-03-05Z');
CALL facts.chunk('received-at', 0, 1, 50, '2025-12-10Z', received => '2026-03-01Z');
CALL facts.chunk('received-early', 0, 1, 50, '2026-02-10Z', received => '2026-02-11Z');
CALL facts.chunk('received-before', 0, 1, 50, '2025-12-10Z', received => '2025-12-31Z');
CALL facts.chunk('time-first', 0, 1, 50, '2026-01-01Z');
CALL facts.chunk('time-second', 0, 1, 50, '2026-01-02Z');
CALL facts.chunk('time-after', 0, 1, 50, '2026-04-01Z');
CALL facts.chunk('time-none', 0, 1, 50, NULL, 0);
SELECT facts.is('two activations', pg_temp.attributed('{linked,received-late,received-at,'
    'received-early,received-before,time-first,time-second,time-after,time-none}'),
    'linked 01-01, received-at 03-01, received-before 01-01 by time, received-early 01-01, '
    'received-late 03-01, time-after 03-01 by time, time-first 01-01 by time, '
    'time-none 03-01 by time, time-second 03-01 by time');

SELECT facts.is('chunks of two', pg_temp.differ()::text, '0');

-- Linked to both: the earliest not before its newest message, else the latest; without
-- messages, each.
CALL facts.chunk('both-first', 0, 1, 50, '2025-12-10Z', linked => '{2026-03-01Z,2026-01-01Z}');
CALL facts.chunk('both-second', 0, 1, 50, '2026-02-10Z', linked => '{2026-03-01Z,2026-01-01Z}');
CALL facts.chunk('both-after', 0, 1, 50, '2026-04-10Z', linked => '{2026-03-01Z,2026-01-01Z}');
CALL facts.chunk('both-empty', 0, 1, 50, NULL, 0, linked => '{2026-03-01Z,2026-01-01Z}');
SELECT facts.is('several links',
    pg_temp.attributed('{both-first,both-second,both-after,both-empty}'),
    'both-after 03-01 by time, both-empty 01-01, both-empty 03-01, both-first 01-01 by time, '
    'both-second 03-01 by time');

-- A link to a time that was taken back counts no more.
CALL facts.chunk('dropped', 0, 1, 50, '2026-02-10Z', linked => '{2026-01-15Z}');
SELECT facts.is('dropped', pg_temp.attributed('{dropped}'), 'dropped 03-01 by time');

-- Two payloads of one delivery with the same numbers in two activations do not meet.
SELECT facts.is('chunks of each', string_agg(format('%s: %s of %s', to_char(onboarded_at, 'MM-DD'),
    chunks, messages), ', ' ORDER BY onboarded_at), '01-01: 1 of 50, 03-01: 2 of 90')
FROM coexsync.coverage WHERE account_id = 1;

-- An account that has neither history nor activation has none.
INSERT INTO coexsync.account (account_id, name) VALUES (2, '200');
SELECT facts.is('none', count(*)::text, '0') FROM coexsync.verdict WHERE account_id IN (0, 2);
