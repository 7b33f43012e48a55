-- psql -v messages=1000000: an account of that many messages in 2,000 conversations, and for each
-- million of them 20,000 twins (the same key under a user-scoped wamid), 70,000 replies (half of
-- them name their target by a wamid that is not there, so by key) and 50,000 events. An eighth of
-- the people have a BSUID that they are linked to, some numbers have two forms.
CREATE TEMP TABLE fact AS
SELECT i, i % 2000 AS person, i % 3 = 0 AS is_outbound,
    upper('3a' || substr(md5('key' || i), 1, 18)) AS key,
    timestamptz '2025-09-01Z' + i * interval '15 seconds' AS at
FROM generate_series(1, :messages) AS i;

CREATE FUNCTION pg_temp.phone(person bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN person % 100 = 7 THEN '5511' || CASE WHEN person % 200 = 7 THEN '9' ELSE '' END
            || (87000000 + person / 200)
        ELSE '1555' || lpad((2000000 + person)::text, 7, '0') END
$$;
CREATE FUNCTION pg_temp.wamid(who text, is_user boolean, is_outbound boolean, key text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT 'wamid.' || translate(encode('\x1c18'::bytea || set_byte('\x00', 0, length(who))
        || who::bytea || CASE WHEN is_user THEN '\x151400' ELSE '\x150200' END::bytea
        || CASE WHEN is_outbound THEN '\x1118' ELSE '\x1218' END::bytea
        || set_byte('\x00', 0, length(key)) || key::bytea || '\x00', 'base64'), E'\n', '')
$$;

INSERT INTO coexsync.account (account_id, name, phone_number_id, business_phone)
VALUES (1, '109000000000001', '109000000000001', '15550000001');

INSERT INTO coexsync.message (account_id, wamid, key, thread_id, direction, sent_at, type, body,
    content, status, reply_to, reply_key, streams, content_stream, direction_from, thread_from,
    time_from, conflicts)
SELECT 1, pg_temp.wamid(w.who, w.is_user, f.is_outbound, f.key), f.key, w.who,
    CASE WHEN f.is_outbound THEN 'outbound' ELSE 'inbound' END::coexsync.direction, f.at,
    CASE WHEN f.i % 5 = 1 THEN 'media_placeholder' ELSE 'text' END,
    CASE WHEN f.i % 5 = 1 THEN NULL ELSE 'message number ' || f.i || ' says a few words' END,
    NULL, CASE WHEN f.is_outbound THEN 'delivered' END::coexsync.status, r.wamid, r.key,
    w.stream, CASE WHEN f.i % 5 = 1 THEN 0 ELSE w.stream END, w.stream, w.stream, w.stream, 0
FROM fact AS f
-- 50 = 1,000,000 / 20,000; person % 8 = 0 and i % 50 = 0 would meet too seldom
CROSS JOIN LATERAL (
    SELECT pg_temp.phone(f.person) AS who, false AS is_user, 1 AS stream
    UNION ALL
    SELECT 'US.' || (1349120865530000 + f.person), true, 4 WHERE f.i % 50 = 0) AS w
-- the message of the same person that came before
LEFT JOIN LATERAL (
    SELECT t.key, pg_temp.wamid(CASE WHEN f.i % 28 < 14 THEN pg_temp.phone(f.person)
            ELSE 'US.' || (1349120865530000 + f.person) END, f.i % 28 >= 14, t.is_outbound, t.key)
        AS wamid
    FROM (SELECT upper('3a' || substr(md5('key' || (f.i - 2000)), 1, 18)) AS key,
        (f.i - 2000) % 3 = 0 AS is_outbound) AS t
    WHERE f.i % 100 IN (4, 18, 32, 46, 60, 74, 88) AND f.i > 2000) AS r ON true;

-- People with twins are those of f.i % 50 = 0.
INSERT INTO coexsync.identity_link (account_id, user_id, phone)
SELECT 1, 'US.' || (1349120865530000 + p), pg_temp.phone(p)
FROM generate_series(0, 1999) AS p WHERE p % 50 = 0 OR p % 8 = 0;

INSERT INTO coexsync.message_event (account_id, event_id, target, target_key, kind, status, actor,
    at, content, thread_id)
SELECT 1, k.kind || ':' || f.i, pg_temp.wamid(pg_temp.phone(f.person), false, f.is_outbound, f.key),
    f.key, k.kind::coexsync.event_kind, k.status::coexsync.status,
    CASE k.kind WHEN 'status' THEN NULL WHEN 'reaction' THEN pg_temp.phone(f.person)
        ELSE '15550000001' END,
    f.at + interval '1 minute', k.content::jsonb,
    CASE WHEN k.kind <> 'status' THEN pg_temp.phone(f.person) END
FROM fact AS f
CROSS JOIN LATERAL (SELECT * FROM (VALUES
    (0, 'status', 'read', '{"status": "read"}'),
    (1, 'reaction', NULL, '{"emoji": "x"}'),
    (2, 'edit', NULL, '{"type": "text", "text": {"body": "edited"}}'),
    (3, 'status', 'delivered', '{"status": "delivered"}'),
    (4, 'revoke', NULL, NULL)) AS k (place, kind, status, content)
    WHERE k.place = f.i / 20 % 5) AS k
WHERE f.i % 20 = 3;
ANALYZE coexsync.message, coexsync.message_event, coexsync.identity_link;
