-- An account of many messages is read in two halves of its keys, at once: the rows are those of one reading.
-- Two hundred messages under sixty keys, of people who are linked or not, whose replies and events name
-- each other in both halves, by ids that are there and by keys alone.
CALL facts.account();
INSERT INTO coexsync.identity_link VALUES (1, 'US.1', '15551');
SELECT setseed(0.25);
INSERT INTO coexsync.message (account_id, wamid, key, thread_id, direction, sent_at, type, body, status,
    reply_to, reply_key, streams, content_stream, direction_from, thread_from, time_from, conflicts)
SELECT 1, 'w' || i, 'K' || i % 60, (ARRAY['15551', '15552', 'US.1', NULL])[1 + i % 4],
    (ARRAY['inbound', 'outbound'])[1 + floor(random() * 2)::integer]::coexsync.direction,
    timestamptz '2026-02-01Z' + i * interval '1 minute', 'text', 'text ' || i, 'sent',
    CASE WHEN i % 3 = 0 THEN 'w' || t ELSE 'v' || t END, 'K' || t % 60, 1, 1, 1, 1, 1, 0
FROM (SELECT i, 1 + floor(random() * 200)::integer AS t FROM generate_series(1, 200) AS i) AS s;
UPDATE coexsync.message SET reply_to = NULL, reply_key = NULL WHERE right(wamid, 1) IN ('1', '2', '4');
INSERT INTO coexsync.message_event (account_id, event_id, target, target_key, kind, status, actor, at,
    content, thread_id)
SELECT 1, k || ':' || i, CASE WHEN i % 2 = 0 THEN 'w' || i ELSE 'v' || i END, 'K' || i % 60,
    k::coexsync.event_kind, CASE WHEN k = 'status' THEN 'read' END::coexsync.status,
    CASE WHEN k = 'reaction' THEN '15551' ELSE '15550009999' END, timestamptz '2026-02-03Z',
    CASE k WHEN 'edit' THEN '{"type": "text", "text": {"body": "anew"}}' WHEN 'reaction'
        THEN '{"emoji": "x"}' ELSE '{}' END::jsonb, '15551'
FROM generate_series(1, 200) AS i
CROSS JOIN LATERAL (SELECT (ARRAY['status', 'reaction', 'edit', 'revoke'])[1 + i / 3 % 4] AS k) AS k;

CREATE FUNCTION facts.related(halves integer[]) RETURNS SETOF text
LANGUAGE sql AS $$
    SELECT r::text FROM unnest(halves) AS h(half)
    CROSS JOIN LATERAL coexsync.related_messages_of(1, NULL, NULL, h.half) AS r
$$;
SELECT facts.is('rows of half ' || h.half || ' are many',
    (SELECT count(*) BETWEEN 40 AND 200 FROM facts.related(ARRAY[h.half]))::text, 'true')
FROM (VALUES (0), (1)) AS h (half);
SELECT facts.is('of the halves alone', min(r COLLATE "C"), NULL)
FROM (SELECT facts.related('{0,1}') EXCEPT ALL SELECT facts.related('{NULL}')) AS s (r);
SELECT facts.is('of the whole alone', min(r COLLATE "C"), NULL)
FROM (SELECT facts.related('{NULL}') EXCEPT ALL SELECT facts.related('{0,1}')) AS s (r);

-- The view, before and behind the number from which on it reads so, with a second process and without.
CREATE FUNCTION facts.those() RETURNS SETOF text
LANGUAGE sql AS $$
    SELECT m::text FROM coexsync.messages AS m
    WHERE m.account_id = 1 AND m.thread_id IS DISTINCT FROM 'others'
$$;
CREATE TABLE facts.before AS SELECT facts.those() AS those;
INSERT INTO coexsync.message (account_id, wamid, key, thread_id, streams, content_stream, direction_from,
    thread_from, time_from, conflicts)
SELECT 1, 'o' || i, 'O' || i, 'others', 1, 1, 1, 1, 1, 0 FROM generate_series(1, 100000) AS i;
CREATE FUNCTION facts.changed() RETURNS text
LANGUAGE sql AS $$
    SELECT min(r COLLATE "C") FROM (SELECT facts.those() EXCEPT ALL SELECT those FROM facts.before
        UNION ALL (SELECT those FROM facts.before EXCEPT ALL SELECT facts.those())) AS s (r)
$$;
SELECT facts.is('two processes', facts.changed(), NULL);
SET LOCAL max_parallel_workers = 0;
SELECT facts.is('one process', facts.changed(), NULL);
