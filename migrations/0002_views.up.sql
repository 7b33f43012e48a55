-- The judgements: what follows from the facts (0001), from all of them at once and, where said,
-- from a clock that is a parameter. A view takes the accounts one by one (`account_id = $1`
-- leaves one) and reads each whole by hash joins; the functions behind it are plain SQL that the
-- planner inlines. Those that are STRICT are not inlined, and their ROWS are low: the planner is
-- to hash what they give rather than the messages. What a function calls is PostgreSQL's own, whatever
-- the path of who asks: BEGIN ATOMIC is resolved here, the others (one that says a path is not inlined)
-- say theirs.

-- Partial, so that nothing looks up a wamid or an event in them: where the planner knows of other
-- accounts only, it expects one row of a new one and takes any index that begins with account_id.
CREATE INDEX message_thread_idx ON coexsync.message (account_id, thread_id, sent_at)
WHERE thread_id IS NOT NULL;
CREATE INDEX message_event_target_idx ON coexsync.message_event (account_id, target_key)
WHERE target_key <> 'M0';
-- One row for each pair ever seen together: one conversation asks in both directions.
CREATE INDEX identity_link_phone_idx ON coexsync.identity_link (account_id, phone);

-- ---- small words --------------------------------------------------------------------------------

-- {3,7,8,9} is '3, 7-9'.
CREATE FUNCTION coexsync.int_ranges(numbers integer[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT coalesce(string_agg(CASE WHEN r.low = r.high THEN r.low::text
            ELSE r.low || '-' || r.high END, ', ' ORDER BY r.low), '')
    FROM (SELECT min(s.n) AS low, max(s.n) AS high
        FROM (SELECT d.n, d.n - row_number() OVER (ORDER BY d.n) AS island
            FROM (SELECT DISTINCT n FROM unnest(numbers) AS u(n)) AS d) AS s
        GROUP BY s.island) AS r;
END;

-- In what the sources of a message differ, of the bits of message.conflicts.
CREATE FUNCTION coexsync.conflict_words(conflicts smallint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT concat_ws(', ', CASE WHEN conflicts & 1 <> 0 THEN 'direction' END,
        CASE WHEN conflicts & 2 <> 0 THEN 'thread' END,
        CASE WHEN conflicts & 4 <> 0 THEN 'time' END,
        CASE WHEN conflicts & 8 <> 0 THEN 'content' END);
END;

-- The shorter of the two forms of a Brazilian mobile (55, area, [9], 8 digits from 6 on: landlines
-- begin with 2 to 5) or Mexican (52, [1], 10 digits) number; any other identity as it stands.
-- Argentine pairs are no sure match.
CREATE FUNCTION coexsync.phone_short_form(identity text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN identity ~ '^55[0-9]{2}9[6-9][0-9]{7}$'
            THEN substr(identity, 1, 4) || substr(identity, 6)
        WHEN identity ~ '^521[0-9]{10}$' THEN '52' || substr(identity, 4)
        ELSE identity END;
END;

-- The longer form of a number in its shorter form, and the other way round; null where there is
-- but one.
CREATE FUNCTION coexsync.phone_other_form(identity text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN identity ~ '^55[0-9]{2}[6-9][0-9]{7}$'
            THEN substr(identity, 1, 4) || '9' || substr(identity, 5)
        WHEN identity ~ '^52[0-9]{10}$' THEN '521' || substr(identity, 3)
        ELSE nullif(coexsync.phone_short_form(identity), identity) END;
END;

-- Whom a wamid names (phone digits or BSUID), null if it does not decode: base64 of the bytes 1C
-- 18, length (below 128), text, ... Whole groups of four characters only, so that decode() cannot fail.
CREATE FUNCTION coexsync.wamid_person(wamid text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN wamid ~ '^wamid[.]HB[gh][A-Za-z0-9+/]+=*$' AND length(rtrim(wamid, '=')) >= 29
        THEN encode(substr(decode(substr(wamid, 7, (length(rtrim(wamid, '=')) - 6) / 4 * 4), 'base64'), 4,
        get_byte(decode(substr(wamid, 7, 4), 'base64'), 2)), 'escape') END;
END;

-- Who said it, as a rank: of direction and thread history 3, echo and live 2, history media 1.
CREATE FUNCTION coexsync.source_rank(streams smallint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN streams = 1 THEN 3 WHEN streams IN (4, 8, 12) THEN 2 WHEN streams = 2 THEN 1
        ELSE 0 END;
END;

-- The same of the time: history 4, live 3, echo 2, history media 1.
CREATE FUNCTION coexsync.time_rank(streams smallint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE streams WHEN 1 THEN 4 WHEN 8 THEN 3 WHEN 4 THEN 2 WHEN 2 THEN 1 ELSE 0 END;
END;

-- What tells contents apart; the key of message_version.
CREATE FUNCTION coexsync.content_hash(type text, body text, content jsonb) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT sha256(convert_to(jsonb_build_array(type, body, content)::text, 'UTF8'));
END;

CREATE FUNCTION coexsync.content_class(type text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN type IS NULL OR type = 'unknown' THEN 1 WHEN type = 'errors' THEN 2
        WHEN type = 'unsupported' THEN 3 WHEN type = 'media_placeholder' THEN 4 ELSE 5 END;
END;

-- ---- the ledger ---------------------------------------------------------------------------------

-- A planner that knows nothing of a filling table yet would read it whole for a thousand hashes:
-- they are looked for one by one.
CREATE FUNCTION coexsync.known_payloads(hashes bytea[]) RETURNS SETOF coexsync.payload
LANGUAGE sql STABLE ROWS 10
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
    SELECT p.* FROM (SELECT DISTINCT sha256 FROM unnest(hashes) AS given(sha256)) AS h
    JOIN coexsync.payload AS p ON p.sha256 = h.sha256
$$;

-- A page of the ledger of an account, from a hash on: for the few that the planner expects of an account
-- that it does not know it would sort all that are left, page by page.
CREATE FUNCTION coexsync.payloads_from(of_account integer, first_sha256 bytea)
RETURNS SETOF coexsync.payload
LANGUAGE sql STABLE ROWS 1000
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_sort = off SET jit = off AS $$
    SELECT * FROM coexsync.payload AS p
    WHERE p.account_id = of_account AND p.sha256 >= first_sha256
    ORDER BY p.sha256 LIMIT 1000
$$;

-- A page of the payloads that a decoder of this version may read better than it was done, from the one
-- behind the last seen: decoded by an older one, or with rejected items; with are_all every one that no
-- newer decoder has read. One that several accounts have comes under the first of those that have its
-- bytes, if not one account is named. Row by row, by index, whatever the planner believes.
CREATE FUNCTION coexsync.stored_payloads(last_account integer, last_sha256 bytea, of_account text,
    version integer, are_all boolean)
RETURNS SETOF coexsync.payload
LANGUAGE sql STABLE ROWS 1000
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_sort = off SET jit = off AS $$
    SELECT p.* FROM coexsync.payload AS p
    WHERE (p.account_id, p.sha256) > (last_account, last_sha256)
        -- as bounds of the index: else those of all other accounts would be read to be left out
        AND p.account_id >= CASE WHEN of_account IS NULL THEN last_account
            ELSE (SELECT account_id FROM coexsync.account WHERE name = of_account) END
        AND p.account_id <= CASE WHEN of_account IS NULL THEN 2147483647
            ELSE (SELECT account_id FROM coexsync.account WHERE name = of_account) END
        AND p.decoder_version <= version
        AND (are_all OR p.decoder_version < version OR (p.counts ->> 'rejects')::bigint > 0)
        AND (of_account IS NOT NULL OR (
            SELECT true FROM coexsync.payload AS q
            WHERE q.sha256 = p.sha256 AND q.account_id < p.account_id
                AND q.decoder_version <= version
                AND (are_all OR q.decoder_version < version OR (q.counts ->> 'rejects')::bigint > 0)
                AND (SELECT true FROM coexsync.payload_raw AS b
                    WHERE b.account_id = q.account_id AND b.sha256 = coexsync.raw_sha256(q) LIMIT 1)
            LIMIT 1) IS NULL)
    ORDER BY p.account_id, p.sha256
    LIMIT 1000
$$;

-- ---- people -------------------------------------------------------------------------------------

-- Numbers of an account that may occur in two forms. The index is skipped through, one step a
-- thread.
CREATE FUNCTION coexsync.account_numbers(of_account integer) RETURNS TABLE (identity text)
LANGUAGE sql STABLE PARALLEL SAFE STRICT ROWS 100
BEGIN ATOMIC
    WITH RECURSIVE thread(identity) AS (
        SELECT min(m.thread_id) FROM coexsync.message AS m
        WHERE m.account_id = of_account AND m.thread_id >= '52'
        UNION ALL
        SELECT (SELECT min(m.thread_id) FROM coexsync.message AS m
            WHERE m.account_id = of_account AND m.thread_id > t.identity)
        FROM thread AS t WHERE t.identity < '56'
    )
    SELECT n.identity FROM (
        SELECT t.identity FROM thread AS t
        UNION SELECT c.identity FROM coexsync.contact_event AS c WHERE c.account_id = of_account
        UNION SELECT p.identity FROM coexsync.profile_name AS p WHERE p.account_id = of_account
        UNION SELECT l.phone FROM coexsync.identity_link AS l WHERE l.account_id = of_account
        UNION SELECT c.old FROM coexsync.identity_change AS c WHERE c.account_id = of_account
        UNION SELECT c.new FROM coexsync.identity_change AS c WHERE c.account_id = of_account
    ) AS n
    WHERE n.identity LIKE '52%' OR n.identity LIKE '54%' OR n.identity LIKE '55%';
END;

CREATE TYPE coexsync.conversation_name AS (identity text COLLATE "C",
    conversation_id text COLLATE "C");

-- conversation_id of the identities of an account that share a person with another: seen in one
-- object, changed from one to the other, or two forms of one number that both occur. A walk goes
-- from a root to greater identities only. From the least of a group it reaches all, since all
-- others are greater; so the least root that reaches an identity is the least of its group.
CREATE FUNCTION coexsync.account_names(of_account integer)
RETURNS SETOF coexsync.conversation_name
LANGUAGE sql STABLE PARALLEL SAFE STRICT ROWS 200
BEGIN ATOMIC
    WITH RECURSIVE pair(identity, other) AS MATERIALIZED (
        SELECT l.user_id, l.phone FROM coexsync.identity_link AS l WHERE l.account_id = of_account
        UNION ALL
        SELECT c.old, c.new FROM coexsync.identity_change AS c WHERE c.account_id = of_account
        UNION ALL
        SELECT v.identity, v.least_form
        FROM (SELECT n.identity COLLATE "C" AS identity, min(n.identity COLLATE "C") OVER (
                PARTITION BY coexsync.phone_short_form(n.identity)) AS least_form
            FROM coexsync.account_numbers(of_account) AS n) AS v
        WHERE v.identity <> v.least_form
    ), edge AS MATERIALIZED (
        SELECT identity, other FROM pair UNION SELECT other, identity FROM pair
    ), reach(root, identity) AS (
        SELECT identity, identity FROM edge
        UNION
        SELECT r.root, e.other FROM reach AS r
        JOIN edge AS e ON e.identity = r.identity
        WHERE e.other > r.root
    )
    SELECT identity, min(root) FROM reach GROUP BY identity;
END;

-- All identities of the person that the given one names, by index. A second form of a number is
-- listed whether it occurs or not.
CREATE FUNCTION coexsync.person_identities(of_account integer, of_identity text)
RETURNS TABLE (identity text)
LANGUAGE sql STABLE PARALLEL SAFE STRICT ROWS 10
BEGIN ATOMIC
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
    SELECT member.identity FROM member;
END;

-- Under which of a person's identities the account has its conversation: the least that anything has said.
CREATE FUNCTION coexsync.person_conversation(of_account integer, identities text[]) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE STRICT
BEGIN ATOMIC
    SELECT min(p.identity COLLATE "C")
    FROM unnest(identities) AS p(identity)
    WHERE EXISTS (SELECT FROM coexsync.message AS m
            WHERE m.account_id = of_account AND m.thread_id = p.identity)
        OR EXISTS (SELECT FROM coexsync.contact_event AS c
            WHERE c.account_id = of_account AND c.identity = p.identity)
        OR EXISTS (SELECT FROM coexsync.profile_name AS n
            WHERE n.account_id = of_account AND n.identity = p.identity)
        OR EXISTS (SELECT FROM coexsync.identity_link AS l
            WHERE l.account_id = of_account AND l.user_id = p.identity)
        OR EXISTS (SELECT FROM coexsync.identity_link AS l
            WHERE l.account_id = of_account AND l.phone = p.identity)
        OR EXISTS (SELECT FROM coexsync.identity_change AS c
            WHERE c.account_id = of_account AND p.identity IN (c.old, c.new));
END;

-- Which identities share a person, for whoever wants to look.
CREATE VIEW coexsync.identity_group AS
SELECT a.account_id, a.phone_number_id, n.identity, n.conversation_id
FROM coexsync.account AS a
CROSS JOIN LATERAL coexsync.account_names(a.account_id) AS n;

-- Pairs that look like two forms of one Argentine number (54, 549), where both occur. A number
-- without the 9 may as well be a landline, so nothing is grouped by them: they are for people to look
-- at. (Brazilian and Mexican pairs are sure, and grouped.)
CREATE VIEW coexsync.identity_proposal AS
SELECT a.account_id, a.phone_number_id, n.identity, o.identity AS other_identity
FROM coexsync.account AS a
CROSS JOIN LATERAL coexsync.account_numbers(a.account_id) AS n
JOIN LATERAL coexsync.account_numbers(a.account_id) AS o
    ON o.identity = '549' || substr(n.identity, 3)
LEFT JOIN LATERAL coexsync.account_names(a.account_id) AS g ON g.identity = n.identity
LEFT JOIN LATERAL coexsync.account_names(a.account_id) AS h ON h.identity = o.identity
WHERE n.identity LIKE '54%'
    AND coalesce(g.conversation_id, n.identity) <> coalesce(h.conversation_id, o.identity);

-- ---- messages -----------------------------------------------------------------------------------
-- The functions *_in read one conversation, that of a person with these identities, or the whole account
-- if of_conversation is null: the planner drops the condition that does not apply. So the whole and the
-- part follow the same rules.

CREATE FUNCTION coexsync.names_in(of_account integer, of_conversation text, identities text[])
RETURNS SETOF coexsync.conversation_name
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT n.identity, n.conversation_id FROM coexsync.account_names(of_account) AS n
    WHERE of_conversation IS NULL
    UNION ALL
    SELECT i.identity COLLATE "C", of_conversation COLLATE "C"
    FROM unnest(identities) AS i(identity) WHERE of_conversation IS NOT NULL;
END;

-- place: where the row lies, for one and the same statement.
CREATE TYPE coexsync.thread_message AS (place tid, wamid text COLLATE "C", key text COLLATE "C",
    thread_id text COLLATE "C", conversation_id text COLLATE "C", direction coexsync.direction,
    sent_at timestamptz, type text COLLATE "C", body text COLLATE "C", content jsonb, extra jsonb,
    status coexsync.status, reply_to text COLLATE "C", reply_key text COLLATE "C",
    streams smallint, content_stream smallint, thread_from smallint, time_from smallint,
    conflicts smallint);

-- Every message row with its conversation.
CREATE FUNCTION coexsync.thread_messages_in(of_account integer, of_conversation text,
    identities text[])
RETURNS SETOF coexsync.thread_message
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT m.ctid, m.wamid, m.key, m.thread_id, coalesce(g.conversation_id, m.thread_id), m.direction,
        m.sent_at, m.type, m.body, m.content, m.extra, m.status, m.reply_to, m.reply_key,
        m.streams, m.content_stream, m.thread_from, m.time_from, m.conflicts
    FROM coexsync.message AS m
    LEFT JOIN coexsync.names_in(of_account, of_conversation, identities) AS g ON g.identity = m.thread_id
    WHERE m.account_id = of_account
        AND (of_conversation IS NULL OR m.thread_id = ANY (identities COLLATE "C"));
END;

-- Whether a key is of a half, 0 or 1, of all keys; every key is of the whole (null).
CREATE FUNCTION coexsync.is_key_of(key text, half integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT half IS NULL OR hashtextextended(key, 0) & 1 = half;
END;

-- Hashes of keys, to find the messages by in one scan: messages_of_keys. As seldom as 64 bits of two
-- keys are alike, there are others among them.
-- Of the keys under which several messages came. A million are cheaper sorted than hashed.
CREATE FUNCTION coexsync.twin_hashes(of_account integer, half integer) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE ROWS 500
SET search_path = pg_catalog, pg_temp
SET enable_hashagg = off SET work_mem = '64MB' SET parallel_tuple_cost = 0 SET jit = off AS $$
    SELECT hashtextextended(m.key, 0) FROM coexsync.message AS m
    WHERE m.account_id = of_account AND coexsync.is_key_of(m.key, half)
    GROUP BY 1 HAVING count(*) > 1
$$;

-- Of the keys that replies and events name.
CREATE FUNCTION coexsync.ref_hashes(of_account integer, half integer) RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE ROWS 500
SET search_path = pg_catalog, pg_temp SET parallel_tuple_cost = 0 SET jit = off AS $$
    SELECT hashtextextended(m.reply_key, 0) FROM coexsync.message AS m
    WHERE m.account_id = of_account AND m.reply_to <> 'M0' AND coexsync.is_key_of(m.reply_key, half)
    UNION ALL
    SELECT hashtextextended(e.target_key, 0) FROM coexsync.message_event AS e
    WHERE e.account_id = of_account AND e.target_key <> 'M0' AND coexsync.is_key_of(e.target_key, half)
$$;

-- The messages of keys with these hashes, each given once. The planner hashes an array that it knows,
-- so it is to plan anew for each, a million at a time. CASE keeps it from estimating each number. By one
-- process: to hand the array on to others costs what they would save.
CREATE FUNCTION coexsync.messages_of_keys(of_account integer, hashes bigint[])
RETURNS SETOF coexsync.thread_message
LANGUAGE plpgsql STABLE PARALLEL SAFE STRICT ROWS 200
SET search_path = pg_catalog, pg_temp
SET max_parallel_workers_per_gather = 0 SET work_mem = '64MB' SET jit = off
SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    slice bigint[];
BEGIN
    IF cardinality(hashes) > 1000000 THEN
        hashes := ARRAY(SELECT DISTINCT h FROM unnest(hashes) AS u(h));
    END IF;
    FOR place IN 1 .. cardinality(hashes) BY 1000000 LOOP
        slice := hashes[place : place + 999999];
        RETURN QUERY SELECT * FROM coexsync.thread_messages_in(of_account, NULL, NULL) AS m
        WHERE CASE WHEN hashtextextended(m.key, 0) = ANY (slice) THEN true END;
    END LOOP;
END $$;

-- What speaks of a message: replies (their kind is null) and events, by their ids.
-- scope: the conversation that it speaks of, that of the reply or of the event; where none is known,
-- that of its actor, or of the person whom the target's id names if the business acts. other_scope: where no message and
-- no name has that number, its other form. person: who acts, the same under all identities.
CREATE TYPE coexsync.message_ref AS (id text COLLATE "C", target text COLLATE "C",
    target_key text COLLATE "C", scope text COLLATE "C", other_scope text COLLATE "C",
    kind coexsync.event_kind, status coexsync.status, actor text COLLATE "C",
    person text COLLATE "C", at timestamptz, content jsonb);

-- own_numbers: those of the business. Each step is taken once a row; of OFFSET 0 without quotes the
-- planner learns too late that other processes may take part.
CREATE FUNCTION coexsync.event_refs_in(of_account integer, of_conversation text, identities text[],
    half integer, own_numbers text[])
RETURNS SETOF coexsync.message_ref
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT e.event_id, e.target, e.target_key,
        coalesce(n.conversation_id, o.conversation_id, e.peer),
        CASE WHEN coalesce(n.conversation_id, o.conversation_id) IS NULL THEN e.other_peer END,
        e.kind, e.status, e.actor,
        CASE WHEN e.is_business THEN ''
            WHEN coalesce(n.conversation_id, o.conversation_id) IS NOT NULL
                THEN coalesce(n.conversation_id, o.conversation_id)
            -- of one conversation: somebody else, whose identities are not among the names
            WHEN of_conversation IS NOT NULL THEN (SELECT min(i.identity COLLATE "C")
                FROM coexsync.person_identities(of_account, e.actor) AS i)
            ELSE least(e.peer, e.other_peer) END, e.at, e.content
    FROM (SELECT e.*, CASE WHEN e.peer LIKE '52%' OR e.peer LIKE '55%'
            THEN coexsync.phone_other_form(e.peer) COLLATE "C" END AS other_peer
        FROM (SELECT e.*, CASE WHEN e.thread_id IS NOT NULL THEN e.thread_id
                WHEN e.is_business THEN coexsync.wamid_person(e.target) COLLATE "C"
                ELSE e.actor END AS peer
            FROM (SELECT e.*, e.actor IS NULL OR coalesce(e.actor = ANY (own_numbers), false)
                    AS is_business
                FROM coexsync.message_event AS e
                WHERE e.account_id = of_account AND e.target_key <> 'M0'
                    AND coexsync.is_key_of(e.target_key, half)
                    AND (of_conversation IS NULL OR e.target_key = ANY (ARRAY(SELECT m.key
                        FROM coexsync.thread_messages_in(of_account, of_conversation, identities)
                            AS m)))
            ) AS e OFFSET '0') AS e OFFSET '0') AS e
    LEFT JOIN coexsync.names_in(of_account, of_conversation, identities) AS n ON n.identity = e.peer
    LEFT JOIN coexsync.names_in(of_account, of_conversation, identities) AS o ON o.identity = e.other_peer;
END;

CREATE TYPE coexsync.read_message AS (wamid text COLLATE "C", thread_id text COLLATE "C",
    conversation_id text COLLATE "C", direction coexsync.direction, sent_at timestamptz,
    type text COLLATE "C", body text COLLATE "C", original_body text COLLATE "C", content jsonb,
    status coexsync.status, reply_to text COLLATE "C", reply_wamid text COLLATE "C",
    reactions jsonb, edited_at timestamptz, revoked_at timestamptz,
    aliases text[] COLLATE "C", is_edited boolean, is_revoked boolean, extra jsonb,
    streams smallint, conflicts smallint, key text COLLATE "C");

-- What a message says.
CREATE TYPE coexsync.message_content AS (type text COLLATE "C", body text COLLATE "C", content jsonb);

-- Messages that are more than their row, as they are to be read: those whose key is not theirs
-- alone, and those that an event speaks of. reply_wamid is the reply's own: what is said there of it is
-- in rows besides (key is null), wamid and reply_wamid of each. Of a whole account, or of one half of its
-- keys, hashes of keys: twins of those that several messages have, hashes of those and of what is spoken of.
CREATE FUNCTION coexsync.related_messages_in(of_account integer, of_conversation text,
    identities text[], half integer, twins bigint[], hashes bigint[], own_numbers text[])
RETURNS SETOF coexsync.read_message
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH part AS MATERIALIZED (
        SELECT * FROM coexsync.thread_messages_in(of_account, of_conversation, identities) AS m
        WHERE of_conversation IS NOT NULL
            OR CASE WHEN hashtextextended(m.key, 0) = ANY (hashes) THEN true
                WHEN m.reply_to <> 'M0' THEN coexsync.is_key_of(m.reply_key, half) END
            -- always true: the planner is to expect few, and not to hash the sets below in parts
            AND m.streams + 0 = m.streams AND m.conflicts + 0 = m.conflicts
    ),
    ref AS NOT MATERIALIZED (
        SELECT p.wamid AS id, p.reply_to AS target, p.reply_key AS target_key,
            p.conversation_id AS scope, NULL::text COLLATE "C" AS other_scope,
            NULL::coexsync.event_kind AS kind, NULL::coexsync.status AS status,
            NULL::text COLLATE "C" AS actor, NULL::text COLLATE "C" AS person,
            NULL::timestamptz AS at, NULL::jsonb AS content
        FROM part AS p
        WHERE p.reply_to <> 'M0' AND coexsync.is_key_of(p.reply_key, half)
        UNION ALL
        SELECT * FROM coexsync.event_refs_in(of_account, of_conversation, identities, half, own_numbers)
    ),
    -- Those of one key, conversation and direction are one message: shown under the least wamid.
    near AS MATERIALIZED (
        SELECT p.place, p.wamid, p.key, p.conversation_id, min(p.wamid) OVER w AS shown,
            count(*) OVER w AS wamids
        FROM part AS p
        WHERE of_conversation IS NOT NULL
            OR CASE WHEN hashtextextended(p.key, 0) = ANY (twins) THEN true END
        WINDOW w AS (PARTITION BY p.key, p.conversation_id, p.direction,
            CASE WHEN p.conversation_id IS NULL OR p.direction IS NULL THEN p.wamid END)
        UNION ALL
        -- of one conversation: what is named elsewhere, and under which wamid it is shown there
        SELECT NULL, k.wamid, k.key, NULL,
            coalesce((SELECT min(t.wamid) FROM coexsync.message AS t
                WHERE t.account_id = of_account AND t.key = k.key AND t.direction = k.direction
                AND t.thread_id = ANY (ARRAY(SELECT p.identity COLLATE "C"
                    FROM coexsync.person_identities(of_account, k.thread_id) AS p))), k.wamid), 1
        FROM coexsync.message AS k
        WHERE of_conversation IS NOT NULL AND k.account_id = of_account
            AND k.wamid = ANY (ARRAY(SELECT r.target FROM ref AS r))
            AND (k.thread_id IS NULL OR k.thread_id <> ALL (identities COLLATE "C"))
    ),
    -- What is spoken of: the exact wamid, else the key within the conversation if exactly one
    -- message fits. One id has one key, so that the exact one is among those of the key.
    fit AS MATERIALIZED (
        SELECT r.id, r.kind, r.status, r.actor, r.person, r.at, r.content, m.place,
            coalesce(m.wamid = r.target, false) AS is_exact, n.wamid IS NULL AS is_alone,
            coalesce(n.shown, m.wamid) AS shown
        FROM ref AS r
        JOIN (SELECT p.wamid, p.key, p.conversation_id, p.place FROM part AS p
            WHERE of_conversation IS NULL
            UNION ALL
            SELECT n.wamid, n.key, n.conversation_id, n.place FROM near AS n
            WHERE of_conversation IS NOT NULL) AS m ON m.key = r.target_key
        LEFT JOIN near AS n ON n.wamid = m.wamid
        WHERE (m.wamid = r.target OR m.conversation_id IN (r.scope, r.other_scope))
            AND (m.wamid = r.target OR n.wamid IS NULL OR n.wamid = n.shown)
    ),
    -- Only of near messages can several have the key.
    several AS MATERIALIZED (
        SELECT f.id FROM fit AS f WHERE NOT f.is_alone GROUP BY f.id HAVING count(*) > 1
    ),
    target AS NOT MATERIALIZED (
        SELECT * FROM fit AS f
        WHERE f.is_exact OR f.is_alone OR f.id NOT IN (SELECT s.id FROM several AS s)
    ),
    -- The columns of several are merged like observations of one wamid: (max(ARRAY[rank, value]))[2]
    -- is the value of the highest rank. Of reply_ref any will do: all replies have one target.
    twin AS (
        SELECT n.shown, min(n.key) AS key, min(n.conversation_id) AS conversation_id,
            min(n.direction) AS direction,
            (max(ARRAY[(n.thread_id ~ '^[0-9]+$')::integer::text,
                coexsync.source_rank(n.thread_from)::text, n.thread_id] COLLATE "C"))[3] AS thread_id,
            (min(ARRAY[to_timestamp(-coexsync.time_rank(n.time_from)), n.sent_at]))[2] AS sent_at,
            (array_agg((n.type, n.body, n.content)::coexsync.message_content
                ORDER BY n.class DESC, n.stream DESC, n.hash DESC))[1] AS said,
            max(n.extra::text COLLATE "C")::jsonb AS extra,
            max(n.status) AS status, max(n.reply_to) AS reply_to,
            (max(ARRAY[n.reply_to, n.wamid] COLLATE "C") FILTER (WHERE n.reply_to IS NOT NULL))[2]
                AS reply_ref,
            bit_or(n.streams) AS streams, bit_or(n.conflicts) AS conflicts,
            (array_agg(n.wamid ORDER BY n.wamid))[2:] AS aliases
        -- the hash, which is dear, only where nothing else decides
        FROM (SELECT n.*, CASE WHEN count(*) OVER (PARTITION BY n.shown, n.class, n.stream) > 1
                THEN coexsync.content_hash(n.type, n.body, n.content) END AS hash
            FROM (SELECT n.*, coexsync.content_class(n.type) AS class,
                    CASE WHEN coexsync.content_class(n.type) = 5 THEN n.content_stream ELSE 0 END
                        AS stream
                FROM (SELECT p.*, n.shown FROM near AS n JOIN part AS p ON p.place = n.place
                    WHERE n.wamids > 1) AS n) AS n) AS n
        GROUP BY n.shown
    ),
    shown AS (
        SELECT p.wamid, p.key, p.conversation_id, p.direction, p.thread_id, p.sent_at, p.type,
            p.body, p.content, p.extra, p.status, p.reply_to, p.wamid AS reply_ref, p.streams,
            p.conflicts, '{}'::text[] AS aliases
        FROM part AS p
        LEFT JOIN near AS n ON n.place = p.place
        WHERE n.wamids = 1 OR n.place IS NULL AND p.place IN (
            SELECT t.place FROM target AS t WHERE t.kind IS NOT NULL)
        UNION ALL
        SELECT t.shown, t.key, t.conversation_id, t.direction, t.thread_id, t.sent_at,
            (t.said).type, (t.said).body, (t.said).content, t.extra, t.status, t.reply_to,
            t.reply_ref, t.streams, t.conflicts, t.aliases
        FROM twin AS t
    ),
    -- What events make of a message. Latest is greatest (at, event_id), of reactions for each
    -- person; a removed one is gone.
    status AS (
        SELECT t.shown, max(t.status) AS status FROM target AS t
        WHERE t.kind = 'status'
        GROUP BY t.shown
    ),
    change AS (
        SELECT e.shown, (array_agg(e.content) FILTER (WHERE e.kind = 'edit' AND e.is_latest))[1] AS edit,
            bool_or(e.kind = 'edit') AS is_edited,
            max(e.at) FILTER (WHERE e.kind = 'edit') AS edited_at,
            bool_or(e.kind = 'revoke') AS is_revoked,
            min(e.at) FILTER (WHERE e.kind = 'revoke') AS revoked_at,
            jsonb_agg(jsonb_build_object('actor', e.actor, 'emoji', e.content ->> 'emoji',
                    'at', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
                ORDER BY e.actor, e.id)
                FILTER (WHERE e.kind = 'reaction' AND e.is_latest AND e.content ->> 'emoji' <> '')
                AS reactions
        FROM (SELECT t.*, row_number() OVER (PARTITION BY t.shown, t.kind,
                    CASE WHEN t.kind = 'reaction' THEN t.person END
                    ORDER BY t.at DESC NULLS LAST, t.id DESC) = 1 AS is_latest
            FROM target AS t
            WHERE t.kind <> 'status') AS e
        GROUP BY e.shown
    )
    -- An edit says the text or caption anew, and what it says of the media; the rest of the
    -- content stays. A status never goes back, and one of an inbound message says nothing.
    SELECT s.wamid, s.thread_id, s.conversation_id, s.direction, s.sent_at, s.type,
        CASE WHEN o.object IS NULL THEN s.body
            ELSE coalesce(o.object ->> 'body', o.object ->> 'caption') END,
        s.body,
        CASE WHEN o.type = s.type AND jsonb_typeof(s.content) = 'object'
                AND jsonb_typeof(o.object) = 'object'
            THEN CASE WHEN jsonb_typeof(s.content -> s.type) = 'object' -- with something beside it
                THEN s.content || jsonb_build_object(s.type, ((s.content -> s.type) - 'caption')
                    || (o.object - '{id,url,sha256}'::text[]))
                ELSE (s.content - 'caption') || (o.object - '{id,url,sha256}'::text[]) END
            ELSE s.content END,
        CASE WHEN s.direction = 'inbound' THEN NULL ELSE greatest(s.status, u.status) END,
        s.reply_to, s.reply_ref, c.reactions, c.edited_at,
        CASE WHEN c.is_revoked THEN coalesce(c.revoked_at, s.sent_at) END,
        s.aliases, coalesce(c.is_edited, false), coalesce(c.is_revoked, false), s.extra,
        s.streams, s.conflicts, s.key
    FROM shown AS s
    LEFT JOIN status AS u ON u.shown = s.wamid
    LEFT JOIN change AS c ON c.shown = s.wamid
    CROSS JOIN LATERAL (SELECT c.edit ->> 'type' AS type, c.edit -> (c.edit ->> 'type') AS object)
        AS o
    UNION ALL
    SELECT t.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, t.shown, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM target AS t
    WHERE t.kind IS NULL;
END;

-- The same, planned by itself for the arguments at hand. The sets above are hundreds of thousands
-- of rows of which the planner knows nothing: it is to hash them, neither sort nor loop.
CREATE FUNCTION coexsync.related_messages_of(of_account integer, of_conversation text,
    identities text[], half integer)
RETURNS SETOF coexsync.read_message
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10000
SET search_path = pg_catalog, pg_temp
SET enable_mergejoin = off SET enable_nestloop = off SET work_mem = '64MB'
SET max_parallel_workers_per_gather = 0 SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    twins bigint[] := CASE WHEN of_conversation IS NULL
        THEN ARRAY(SELECT t.hash FROM coexsync.twin_hashes(of_account, half) AS t(hash)) END;
    hashes bigint[] := CASE WHEN of_conversation IS NULL THEN twins
        || ARRAY(SELECT r.hash FROM coexsync.ref_hashes(of_account, half) AS r(hash)) END;
    own_numbers text[] := ARRAY(
        SELECT unnest(ARRAY[a.business_phone, coexsync.phone_other_form(a.business_phone)])
        FROM coexsync.account AS a WHERE a.account_id = of_account);
BEGIN
    RETURN QUERY SELECT * FROM coexsync.related_messages_in(of_account, of_conversation, identities,
        half, twins, hashes, own_numbers);
END $$;

-- Of an account with many messages in two halves, one by another process if there is one: what belongs
-- together has one key. A conversation may be named by any identity of its person.
CREATE FUNCTION coexsync.related_messages(of_account integer, of_conversation text)
RETURNS SETOF coexsync.read_message
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10000
SET search_path = pg_catalog, pg_temp SET max_parallel_workers_per_gather = 1
SET parallel_setup_cost = 0 SET parallel_tuple_cost = 0 SET jit = off AS $$
DECLARE
    identities text[] := ARRAY(SELECT p.identity
        FROM coexsync.person_identities(of_account, of_conversation) AS p);
    conversation text := coexsync.person_conversation(of_account, identities);
BEGIN
    IF of_conversation IS NULL AND EXISTS (
        SELECT FROM coexsync.message WHERE account_id = of_account OFFSET 100000) THEN
        RETURN QUERY SELECT * FROM coexsync.related_messages_of(of_account, NULL, NULL, 0)
        UNION ALL SELECT * FROM coexsync.related_messages_of(of_account, NULL, NULL, 1);
    ELSIF of_conversation IS NULL OR conversation IS NOT NULL THEN
        RETURN QUERY
        SELECT * FROM coexsync.related_messages_of(of_account, conversation, identities, NULL);
    END IF;
END $$;

-- One row a message: of most it is the row as it stands.
CREATE FUNCTION coexsync.messages_in(of_account integer, of_conversation text)
RETURNS SETOF coexsync.read_message
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH related AS MATERIALIZED (
        SELECT * FROM coexsync.related_messages(of_account, of_conversation)
    )
    SELECT m.wamid, m.thread_id, m.conversation_id, m.direction, m.sent_at, m.type, m.body,
        m.original_body, m.content, m.status, m.reply_to, r.reply_wamid, m.reactions, m.edited_at,
        m.revoked_at, m.aliases, m.is_edited, m.is_revoked, m.extra, m.streams, m.conflicts, m.key
    FROM (
        SELECT m.wamid, m.thread_id, m.conversation_id, m.direction, m.sent_at, m.type, m.body,
            m.body AS original_body, m.content,
            CASE WHEN m.direction = 'inbound' THEN NULL ELSE m.status END AS status, m.reply_to,
            CASE WHEN m.reply_to <> 'M0' THEN m.wamid END AS reply_wamid, NULL::jsonb AS reactions,
            NULL::timestamptz AS edited_at, NULL::timestamptz AS revoked_at,
            '{}'::text[] COLLATE "C" AS aliases, false AS is_edited, false AS is_revoked, m.extra,
            m.streams, m.conflicts, m.key
        FROM coexsync.thread_messages_in(of_account, NULL, NULL) AS m
        WHERE of_conversation IS NULL
            AND m.key NOT IN (SELECT r.key FROM related AS r WHERE r.key IS NOT NULL)
        UNION ALL
        SELECT r.* FROM related AS r WHERE r.key IS NOT NULL) AS m
    LEFT JOIN related AS r ON r.key IS NULL AND r.wamid = m.reply_wamid;
END;

CREATE VIEW coexsync.messages AS
SELECT a.account_id, a.phone_number_id, m.*
FROM coexsync.account AS a
CROSS JOIN LATERAL coexsync.messages_in(a.account_id, NULL) AS m
-- all but the account of unusable payloads, which has none: the planner would read the table for it
WHERE a.account_id > 0;

-- One conversation, named by any of its identities, without reading the others.
CREATE FUNCTION coexsync.conversation_messages(account_id integer, conversation_id text)
RETURNS SETOF coexsync.messages
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT a.account_id, a.phone_number_id, m.*
    FROM coexsync.account AS a
    CROSS JOIN coexsync.messages_in($1, $2) AS m
    WHERE a.account_id = $1;
END;

-- ---- names --------------------------------------------------------------------------------------

-- The last word on each contact: greatest at; at one time add beats remove, then the greater
-- digest. A name comes from the address book, else from the person's profile under any identity,
-- else it is the number. Removed contacts stay, without what the address book said.
CREATE VIEW coexsync.contacts AS
SELECT a.account_id, a.phone_number_id, c.*
FROM coexsync.account AS a
CROSS JOIN LATERAL (
    WITH name AS MATERIALIZED (SELECT * FROM coexsync.account_names(a.account_id)
    ), last_event AS (
        SELECT DISTINCT ON (e.identity) e.identity, e.action = 'remove' AS is_removed, e.at,
            nullif(e.full_name, '') AS full_name, nullif(e.first_name, '') AS first_name,
            nullif(e.phone, '') AS phone, nullif(e.user_id, '') AS user_id,
            nullif(e.username, '') AS username
        FROM coexsync.contact_event AS e WHERE e.account_id = a.account_id
        ORDER BY e.identity, e.at DESC, e.action DESC, e.digest DESC
    ), profile AS (
        SELECT p.conversation_id,
            (array_agg(p.name ORDER BY p.last_seen DESC NULLS LAST, p.name DESC)
                FILTER (WHERE p.kind = 'name'))[1] AS name,
            (array_agg(p.name ORDER BY p.last_seen DESC NULLS LAST, p.name DESC)
                FILTER (WHERE p.kind = 'username'))[1] AS username
        FROM (SELECT coalesce(g.conversation_id, n.identity) AS conversation_id, n.*
            FROM coexsync.profile_name AS n
            LEFT JOIN name AS g ON g.identity = n.identity
            WHERE n.account_id = a.account_id AND n.name <> '') AS p
        GROUP BY p.conversation_id
    ), person AS (
        SELECT i.identity, coalesce(g.conversation_id, i.identity) AS conversation_id
        FROM (SELECT e.identity FROM last_event AS e
            UNION SELECT n.identity FROM coexsync.profile_name AS n
            WHERE n.account_id = a.account_id) AS i
        LEFT JOIN name AS g ON g.identity = i.identity
    ), link_of_phone AS (
        SELECT l.phone, min(l.user_id) AS user_id FROM coexsync.identity_link AS l
        WHERE l.account_id = a.account_id GROUP BY l.phone
    ), link_of_user AS (
        SELECT l.user_id, min(l.phone) AS phone FROM coexsync.identity_link AS l
        WHERE l.account_id = a.account_id GROUP BY l.user_id
    )
    SELECT i.identity,
        coalesce(e.phone, CASE WHEN i.identity ~ '^[0-9]+$' THEN i.identity ELSE u.phone END)
            AS phone,
        coalesce(e.user_id, CASE WHEN i.identity ~ '^[0-9]+$' THEN h.user_id ELSE i.identity END)
            AS user_id,
        coalesce(e.username, p.username) AS username,
        CASE WHEN NOT e.is_removed THEN e.full_name END AS full_name,
        CASE WHEN NOT e.is_removed THEN e.first_name END AS first_name,
        p.name AS profile_name,
        coalesce(b.name, p.name, i.identity) AS display_name,
        CASE WHEN b.name IS NOT NULL THEN 'address_book' WHEN p.name IS NOT NULL THEN 'profile'
            ELSE 'number' END AS name_source,
        nullif(e.at, '-infinity') AS updated_at,
        CASE WHEN e.is_removed THEN nullif(e.at, '-infinity') END AS removed_at,
        coalesce(e.is_removed, false) AS is_removed, i.conversation_id
    FROM person AS i
    LEFT JOIN last_event AS e ON e.identity = i.identity
    LEFT JOIN profile AS p ON p.conversation_id = i.conversation_id
    LEFT JOIN link_of_phone AS h ON h.phone = i.identity
    LEFT JOIN link_of_user AS u ON u.user_id = i.identity
    CROSS JOIN LATERAL (SELECT CASE WHEN NOT e.is_removed
        THEN coalesce(e.full_name, e.first_name) END AS name) AS b) AS c;

-- display_name: of the address book before profiles, of the contact changed last. One that was
-- removed under one of a person's identities is out of the address book.
CREATE VIEW coexsync.conversations AS
SELECT a.account_id, a.phone_number_id, c.*
FROM coexsync.account AS a
CROSS JOIN LATERAL (
    WITH name AS (
        SELECT n.conversation_id, array_agg(n.identity ORDER BY n.identity) AS identities
        FROM coexsync.account_names(a.account_id) AS n GROUP BY n.conversation_id
    ), title AS (
        SELECT DISTINCT ON (t.conversation_id) t.conversation_id,
            CASE WHEN t.is_listed THEN t.display_name ELSE t.profile_name END AS display_name
        FROM (SELECT c.*, c.name_source = 'address_book' AND (coalesce(c.updated_at, '-infinity')
                >= max(c.removed_at) OVER (PARTITION BY c.conversation_id)) IS NOT FALSE AS is_listed
            FROM coexsync.contacts AS c WHERE c.account_id = a.account_id) AS t
        WHERE t.is_listed OR t.profile_name IS NOT NULL
        ORDER BY t.conversation_id, t.is_listed DESC, t.updated_at DESC NULLS LAST, t.identity
    ), conversation AS (
        SELECT s.conversation_id, count(*) AS messages,
            count(*) FILTER (WHERE s.direction = 'inbound') AS inbound,
            count(*) FILTER (WHERE s.direction = 'outbound') AS outbound,
            min(s.sent_at) AS first_at, max(s.sent_at) AS last_at
        FROM coexsync.messages_in(a.account_id, NULL) AS s
        WHERE s.conversation_id IS NOT NULL
        GROUP BY s.conversation_id
    )
    SELECT s.conversation_id, coalesce(n.identities, ARRAY[s.conversation_id]) AS identities,
        coalesce(t.display_name, s.conversation_id) AS display_name,
        s.messages, s.inbound, s.outbound, s.first_at, s.last_at
    FROM conversation AS s
    LEFT JOIN name AS n ON n.conversation_id = s.conversation_id
    LEFT JOIN title AS t ON t.conversation_id = s.conversation_id) AS c
WHERE a.account_id > 0;
