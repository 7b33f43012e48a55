-- The judgements: what follows from the facts (0001), from all of them at once and, where said, from a
-- clock that is a parameter. Functions are plain SQL so that the planner can inline them and push
-- `account_id = $1` down to the tables. Whole-set joins; one conversation goes by its own index.

CREATE INDEX message_thread_idx ON coexsync.message (account_id, thread_id, sent_at);
-- One row for each pair ever seen together: one conversation asks in both directions.
CREATE INDEX identity_link_phone_idx ON coexsync.identity_link (account_id, phone);

-- ---- small words ---------------------------------------------------------------------------------

-- {3,7,8,9} is '3, 7-9'.
CREATE FUNCTION coexsync.int_ranges(numbers integer[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(CASE WHEN r.low = r.high THEN r.low::text
            ELSE r.low || '-' || r.high END, ', ' ORDER BY r.low), '')
    FROM (SELECT min(s.n) AS low, max(s.n) AS high
        FROM (SELECT d.n, d.n - row_number() OVER (ORDER BY d.n) AS island
            FROM (SELECT DISTINCT n FROM unnest(numbers) AS u(n)) AS d) AS s
        GROUP BY s.island) AS r
$$;

-- The shorter of the two forms of a Brazilian mobile (55, area, [9], 8 digits) or Mexican (52, [1], 10
-- digits) number; any other identity as it stands. Argentine pairs are no sure match.
CREATE FUNCTION coexsync.phone_short_form(identity text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN identity ~ '^55[0-9]{2}9[0-9]{8}$'
            THEN substr(identity, 1, 4) || substr(identity, 6)
        WHEN identity ~ '^521[0-9]{10}$' THEN '52' || substr(identity, 4)
        ELSE identity END
$$;

-- The longer form of a number in its shorter form, and the other way round; null where there is but one.
CREATE FUNCTION coexsync.phone_other_form(identity text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN identity ~ '^55[0-9]{10}$'
            THEN substr(identity, 1, 4) || '9' || substr(identity, 5)
        WHEN identity ~ '^52[0-9]{10}$' THEN '521' || substr(identity, 3)
        ELSE nullif(coexsync.phone_short_form(identity), identity) END
$$;

-- Whom a wamid names (phone digits or BSUID; protocol: 1C 18 length text), null if it does not decode.
-- Whole groups of four characters only, so that decode() cannot fail; the person is in the first.
CREATE FUNCTION coexsync.wamid_person(wamid text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN wamid ~ '^wamid\.HBg[A-Za-z0-9+/]{20,}=*$' THEN (
        SELECT encode(substr(d.bytes, 4, get_byte(d.bytes, 2)), 'escape')
        FROM (SELECT decode(left(b.body, length(b.body) / 4 * 4), 'base64') AS bytes
            FROM (SELECT rtrim(substr(wamid, 7), '=') AS body) AS b) AS d) END
$$;

-- Who said it, as a rank: of direction and thread history 3, echo and live 2, history media 1.
CREATE FUNCTION coexsync.source_rank(streams smallint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN streams = 1 THEN 3 WHEN streams IN (4, 8, 12) THEN 2 WHEN streams = 2 THEN 1
        ELSE 0 END
$$;

-- The same of the time: history 4, live 3, echo 2, history media 1.
CREATE FUNCTION coexsync.time_rank(streams smallint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE streams WHEN 1 THEN 4 WHEN 8 THEN 3 WHEN 4 THEN 2 WHEN 2 THEN 1 ELSE 0 END
$$;

CREATE FUNCTION coexsync.content_class(type text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN type IS NULL OR type = 'unknown' THEN 1 WHEN type = 'errors' THEN 2
        WHEN type = 'unsupported' THEN 3 WHEN type = 'media_placeholder' THEN 4 ELSE 5 END
$$;

-- ---- people --------------------------------------------------------------------------------------

-- Two identities of one person: seen in one object, changed from one to the other, or two forms of one
-- number that both occur.
CREATE VIEW coexsync.identity_edge AS
SELECT account_id, user_id AS identity, phone AS other FROM coexsync.identity_link
UNION ALL
SELECT account_id, old, new FROM coexsync.identity_change
UNION ALL
SELECT v.account_id, v.identity, v.least_form
FROM (SELECT n.account_id, n.identity, min(n.identity) OVER (
            PARTITION BY n.account_id, coexsync.phone_short_form(n.identity)) AS least_form
    FROM (
        SELECT account_id, thread_id AS identity FROM coexsync.message
        WHERE thread_id LIKE '52%' OR thread_id LIKE '55%'
        UNION SELECT account_id, identity FROM coexsync.contact_event
        WHERE identity LIKE '52%' OR identity LIKE '55%'
        UNION SELECT account_id, identity FROM coexsync.profile_name
        WHERE identity LIKE '52%' OR identity LIKE '55%'
        UNION SELECT account_id, phone FROM coexsync.identity_link
        WHERE phone LIKE '52%' OR phone LIKE '55%'
        UNION SELECT c.account_id, i.identity FROM coexsync.identity_change AS c
        CROSS JOIN LATERAL (VALUES (c.old), (c.new)) AS i(identity)
        WHERE i.identity LIKE '52%' OR i.identity LIKE '55%') AS n) AS v
WHERE v.identity <> v.least_form;

-- conversation_id of the identities that have an edge; all others are conversations of their own.
-- A walk goes from a root to greater identities only. From the least of a group it reaches all, since
-- all others are greater; so the least root that reaches an identity is the least of its group.
CREATE VIEW coexsync.identity_group AS
SELECT a.account_id, g.identity, g.conversation_id
FROM coexsync.account AS a
CROSS JOIN LATERAL (
    WITH RECURSIVE edge AS MATERIALIZED (
        SELECT e.identity, e.other FROM coexsync.identity_edge AS e
        WHERE e.account_id = a.account_id
        UNION
        SELECT e.other, e.identity FROM coexsync.identity_edge AS e
        WHERE e.account_id = a.account_id
    ), reach(root, identity) AS (
        SELECT identity, identity FROM edge
        UNION
        SELECT r.root, e.other FROM reach AS r
        JOIN edge AS e ON e.identity = r.identity
        WHERE e.other > r.root
    )
    SELECT identity, min(root) AS conversation_id FROM reach GROUP BY identity) AS g;

-- All identities of the person that the given one names, by index. A second form of a number is listed
-- whether it occurs or not.
CREATE FUNCTION coexsync.person_identities(of_account integer, of_identity text)
RETURNS TABLE (identity text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH RECURSIVE member(identity) AS (
        SELECT of_identity COLLATE "C"
        UNION
        SELECT n.identity COLLATE "C" FROM member AS m
        CROSS JOIN LATERAL (
            SELECT phone AS identity FROM coexsync.identity_link
            WHERE account_id = of_account AND user_id = m.identity
            UNION ALL SELECT user_id FROM coexsync.identity_link
            WHERE account_id = of_account AND phone = m.identity
            UNION ALL SELECT new FROM coexsync.identity_change
            WHERE account_id = of_account AND old = m.identity
            UNION ALL SELECT old FROM coexsync.identity_change
            WHERE account_id = of_account AND new = m.identity
            UNION ALL SELECT coexsync.phone_other_form(m.identity)) AS n
        WHERE n.identity IS NOT NULL
    )
    SELECT member.identity FROM member
$$;

-- ---- messages ------------------------------------------------------------------------------------
-- The functions *_in read one conversation, or everything if of_conversation is null: the planner drops
-- the branch that does not apply. So the whole and the part follow the same rules.

CREATE TYPE coexsync.thread_message AS (account_id integer, wamid text COLLATE "C",
    key text COLLATE "C", conversation_id text COLLATE "C");

-- Every message row with its conversation.
CREATE FUNCTION coexsync.thread_messages_in(of_account integer, of_conversation text)
RETURNS SETOF coexsync.thread_message
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT m.account_id, m.wamid, m.key, coalesce(g.conversation_id, m.thread_id)
    FROM coexsync.message AS m
    LEFT JOIN coexsync.identity_group AS g
        ON g.account_id = m.account_id AND g.identity = m.thread_id
    WHERE of_conversation IS NULL
    UNION ALL
    SELECT m.account_id, m.wamid, m.key, of_conversation COLLATE "C"
    FROM coexsync.message AS m
    WHERE of_conversation IS NOT NULL AND m.account_id = of_account
        AND m.thread_id = ANY (ARRAY(
            SELECT p.identity COLLATE "C"
            FROM coexsync.person_identities(of_account, of_conversation) AS p))
$$;

CREATE TYPE coexsync.shown_message AS (account_id integer, wamid text COLLATE "C",
    key text COLLATE "C", thread_id text COLLATE "C", conversation_id text COLLATE "C",
    direction coexsync.direction, sent_at timestamptz, type text COLLATE "C",
    body text COLLATE "C", content jsonb, extra jsonb, status coexsync.status,
    reply_to text COLLATE "C", streams smallint, conflicts smallint,
    aliases text[] COLLATE "C");

-- Messages that came under several wamids: same key, conversation and direction. The least wamid stands
-- for all; columns are merged like two observations of one wamid.
CREATE FUNCTION coexsync.twin_messages_in(of_account integer, of_conversation text)
RETURNS SETOF coexsync.shown_message
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT m.account_id, min(m.wamid), m.key,
        (array_agg(m.thread_id ORDER BY m.thread_id ~ '^[0-9]+$' DESC,
            coexsync.source_rank(m.thread_from) DESC, m.thread_id DESC))[1],
        t.conversation_id, m.direction,
        (array_agg(m.sent_at ORDER BY coexsync.time_rank(m.time_from) DESC, m.sent_at))[1],
        (array_agg(m.type ORDER BY c.class DESC, c.stream DESC, c.hash DESC))[1],
        (array_agg(m.body ORDER BY c.class DESC, c.stream DESC, c.hash DESC))[1],
        (array_agg(m.content ORDER BY c.class DESC, c.stream DESC, c.hash DESC))[1],
        (array_agg(m.extra ORDER BY m.extra::text COLLATE "C" DESC NULLS LAST))[1],
        max(m.status), max(m.reply_to), bit_or(m.streams), bit_or(m.conflicts),
        (array_agg(m.wamid ORDER BY m.wamid))[2:]
    FROM (SELECT k.account_id, k.key
        FROM coexsync.thread_messages_in(of_account, of_conversation) AS k
        GROUP BY k.account_id, k.key
        HAVING count(*) > 1) AS several
    JOIN coexsync.thread_messages_in(of_account, of_conversation) AS t
        ON t.account_id = several.account_id AND t.key = several.key
    JOIN coexsync.message AS m ON m.account_id = t.account_id AND m.wamid = t.wamid
    CROSS JOIN LATERAL (SELECT coexsync.content_class(m.type) AS class,
        CASE WHEN coexsync.content_class(m.type) = 5 THEN m.content_stream ELSE 0 END AS stream,
        sha256(convert_to(jsonb_build_array(m.type, m.body, m.content)::text, 'UTF8')) AS hash) AS c
    WHERE t.conversation_id IS NOT NULL AND m.direction IS NOT NULL
    GROUP BY m.account_id, m.key, t.conversation_id, m.direction
    HAVING count(*) > 1
$$;

-- One row a message, before events.
CREATE FUNCTION coexsync.shown_messages_in(of_account integer, of_conversation text)
RETURNS SETOF coexsync.shown_message
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT m.account_id, m.wamid, m.key,
        CASE WHEN t.wamid IS NULL THEN m.thread_id ELSE t.thread_id END,
        s.conversation_id, m.direction,
        CASE WHEN t.wamid IS NULL THEN m.sent_at ELSE t.sent_at END,
        CASE WHEN t.wamid IS NULL THEN m.type ELSE t.type END,
        CASE WHEN t.wamid IS NULL THEN m.body ELSE t.body END,
        CASE WHEN t.wamid IS NULL THEN m.content ELSE t.content END,
        CASE WHEN t.wamid IS NULL THEN m.extra ELSE t.extra END,
        CASE WHEN t.wamid IS NULL THEN m.status ELSE t.status END,
        CASE WHEN t.wamid IS NULL THEN m.reply_to ELSE t.reply_to END,
        coalesce(t.streams, m.streams), coalesce(t.conflicts, m.conflicts), t.aliases
    FROM coexsync.thread_messages_in(of_account, of_conversation) AS s
    JOIN coexsync.message AS m ON m.account_id = s.account_id AND m.wamid = s.wamid
    LEFT JOIN (SELECT w.*, unnest(w.wamid || w.aliases) AS member
        FROM coexsync.twin_messages_in(of_account, of_conversation) AS w) AS t
        ON t.account_id = m.account_id AND t.member = m.wamid
    WHERE t.wamid IS NULL OR t.wamid = m.wamid
$$;
