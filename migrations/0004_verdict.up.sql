-- What the facts prove: activations, the chunks of each, media and the verdict. Whatever depends on
-- the clock is a function with the parameter as_of; the views pass now(). Inlined like those of 0002,
-- but for those that read a million messages: they say how they are to be planned.

-- ---- activations --------------------------------------------------------------------------------

-- The activations of an account. Where none was given but history came, one is inferred: its time
-- is that of the newest message of the history, null if no message tells it. Messages sent after
-- sent_after and until sent_until belong to it: the earliest not before them, else the latest. The
-- messages are read only where no activation is given.
CREATE VIEW coexsync.activation_t AS
SELECT t.account_id, t.onboarded_at, false AS is_inferred, t.history_requested_at,
    lag(t.onboarded_at, 1, '-infinity') OVER w AS sent_after,
    CASE WHEN lead(t.onboarded_at) OVER w IS NULL THEN 'infinity' ELSE t.onboarded_at END
        AS sent_until
FROM coexsync.activation AS t
WINDOW w AS (PARTITION BY t.account_id ORDER BY t.onboarded_at)
UNION ALL
SELECT a.account_id, h.newest, true, NULL, '-infinity', 'infinity'
FROM coexsync.account AS a
CROSS JOIN LATERAL (SELECT max(m.sent_at) AS newest FROM coexsync.message AS m
    WHERE m.account_id = a.account_id AND m.streams & 1 <> 0
        AND NOT EXISTS (SELECT FROM coexsync.activation AS t WHERE t.account_id = a.account_id))
    AS h
WHERE NOT EXISTS (SELECT FROM coexsync.activation AS t WHERE t.account_id = a.account_id)
    -- by key: of EXISTS the planner expects that the whole table soon has one
    AND (h.newest IS NOT NULL
        OR (SELECT c.sha256 FROM coexsync.chunk AS c WHERE c.account_id = a.account_id
            ORDER BY c.sha256 LIMIT 1) IS NOT NULL);

-- Whether a chunk brought a part of the history, not an error or nothing in its place.
CREATE FUNCTION coexsync.is_data(c coexsync.chunk) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT c.messages > 0 OR (c.error_code IS NULL
        AND coalesce(c.phase, c.chunk_order, c.progress) IS NOT NULL);
END;

-- Which activation a chunk belongs to, payload by payload. rule 1: linked, to the earliest of its
-- links not before its newest message (one without messages: to each); 2: the latest when it was
-- received; 3: the only one; 4: by time, the earliest not before its newest message, else the
-- latest.
CREATE VIEW coexsync.chunk_attributed AS
SELECT c.account_id, r.onboarded_at, c.sha256, c.pointer, c.phase, c.chunk_order, c.progress,
    c.messages, c.oldest, c.newest, c.error_code, coexsync.is_data(c) AS is_data,
    r.rule = 4 OR r.rule = 1 AND r.links > 1 AND r.newest IS NOT NULL AS attributed_by_time
FROM (SELECT d.*, row_number() OVER (
            PARTITION BY d.account_id, d.sha256
            ORDER BY d.rule, CASE WHEN d.rule <> 2 AND d.onboarded_at >= d.newest
                THEN d.onboarded_at END, d.onboarded_at DESC) AS place
    FROM (SELECT p.account_id, p.sha256, p.newest, t.onboarded_at,
            count(l.sha256) OVER (PARTITION BY p.account_id, p.sha256) AS links,
            CASE WHEN l.sha256 IS NOT NULL THEN 1
                WHEN t.onboarded_at <= y.received_at THEN 2
                WHEN count(*) OVER (PARTITION BY p.account_id, p.sha256) = 1 THEN 3
                ELSE 4 END AS rule
        FROM (SELECT account_id, sha256, max(newest) AS newest
            FROM coexsync.chunk GROUP BY account_id, sha256) AS p
        JOIN coexsync.activation_t AS t ON t.account_id = p.account_id
        LEFT JOIN coexsync.activation_payload AS l ON l.account_id = p.account_id
            AND l.sha256 = p.sha256 AND l.onboarded_at = t.onboarded_at
        LEFT JOIN coexsync.payload AS y
            ON y.account_id = p.account_id AND y.sha256 = p.sha256) AS d) AS r
JOIN coexsync.chunk AS c ON c.account_id = r.account_id AND c.sha256 = r.sha256
WHERE r.place = 1 OR (r.rule = 1 AND r.newest IS NULL);

-- Chunks that say the same, of however many payloads.
CREATE TYPE coexsync.chunk_said AS (onboarded_at timestamptz, phase integer, chunk_order integer,
    error_code integer, is_data boolean, attributed_by_time boolean, progress integer,
    messages bigint, oldest timestamptz, newest timestamptz);

CREATE FUNCTION coexsync.account_activations(of_account integer) RETURNS coexsync.activation_t[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ARRAY(SELECT t FROM coexsync.activation_t AS t WHERE t.account_id = of_account);
END;

-- The chunks of an account, each as often as something else is said of it: where a payload holds one
-- message there is a row of chunk for each. With one activation all belong to it, whichever rule of
-- chunk_attributed says so, and none by time.
CREATE FUNCTION coexsync.account_chunks(of_account integer, activations coexsync.activation_t[])
RETURNS coexsync.chunk_said[]
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ARRAY(
        SELECT (c.onboarded_at, c.phase, c.chunk_order, c.error_code, c.is_data,
            c.attributed_by_time, max(c.progress), sum(c.messages), min(c.oldest),
            max(c.newest))::coexsync.chunk_said
        FROM (SELECT activations[1].onboarded_at, c.phase, c.chunk_order, c.error_code, c.progress,
                c.messages, c.oldest, c.newest, coexsync.is_data(c) AS is_data,
                false AS attributed_by_time
            FROM coexsync.chunk AS c
            WHERE c.account_id = of_account AND cardinality(activations) = 1
            UNION ALL
            SELECT c.onboarded_at, c.phase, c.chunk_order, c.error_code, c.progress, c.messages,
                c.oldest, c.newest, c.is_data, c.attributed_by_time
            FROM coexsync.chunk_attributed AS c
            WHERE c.account_id = of_account AND cardinality(activations) > 1) AS c
        GROUP BY c.onboarded_at, c.phase, c.chunk_order, c.error_code, c.is_data,
            c.attributed_by_time);
END;

-- ---- completeness -------------------------------------------------------------------------------

-- Each chunk_order once, with the number that its run of holes would begin with (hole_from, a
-- hole if below chunk_order) and the phase it lies under. Numbers begin at 0 if there is a 0,
-- else at 1. Across phases is possible if no number occurs in two phases; then it never has more
-- holes than numbering per phase (each of its holes lies below the highest number of some phase,
-- and is a hole there too), so it is the reading used; with numbers in more than one phase
-- the two always disagree.
CREATE FUNCTION coexsync.chunk_numbers(said coexsync.chunk_said[])
RETURNS TABLE (onboarded_at timestamptz, phase integer, chunk_order integer, is_across boolean,
    hole_phase integer, hole_from integer, first_order integer)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT n.onboarded_at, n.phase, n.chunk_order, n.is_across,
        CASE WHEN n.is_across THEN lag(n.phase, 1, n.phase) OVER across ELSE n.phase END,
        CASE WHEN n.is_across THEN coalesce(lag(n.chunk_order) OVER across + 1, n.first_order)
            ELSE coalesce(lag(n.chunk_order) OVER within + 1, n.first_order) END,
        n.first_order
    FROM (SELECT o.onboarded_at, o.phase, o.chunk_order,
            least(1, min(o.chunk_order) OVER (PARTITION BY o.onboarded_at)) AS first_order,
            max(o.phases) OVER (PARTITION BY o.onboarded_at) = 1 AS is_across
        FROM (SELECT DISTINCT c.onboarded_at, c.phase, c.chunk_order,
                dense_rank() OVER (PARTITION BY c.onboarded_at, c.chunk_order ORDER BY c.phase)
                    + dense_rank() OVER (PARTITION BY c.onboarded_at, c.chunk_order
                        ORDER BY c.phase DESC) - 1 AS phases
            FROM unnest(said) AS c
            WHERE c.is_data AND c.chunk_order >= 0) AS o) AS n
    WINDOW across AS (PARTITION BY n.onboarded_at ORDER BY n.chunk_order),
        within AS (PARTITION BY n.onboarded_at, n.phase ORDER BY n.chunk_order);
END;

-- The reading of the chunk numbers of an activation that explains them. Of one phase alone both
-- readings are the same.
CREATE FUNCTION coexsync.chunk_numbering(said coexsync.chunk_said[])
RETURNS TABLE (onboarded_at timestamptz, is_across boolean, numbered_phases bigint, numbering text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT n.onboarded_at, n.is_across, n.numbered_phases,
        CASE WHEN n.numbered_phases = 1 THEN 'from '
            WHEN n.is_across THEN 'across phases, from '
            ELSE 'in each phase, from ' END || n.first_order
    FROM (SELECT c.onboarded_at, bool_and(c.is_across) AS is_across,
            count(DISTINCT coalesce(c.phase, -1)) AS numbered_phases,
            min(c.first_order) AS first_order
        FROM coexsync.chunk_numbers(said) AS c GROUP BY c.onboarded_at) AS n;
END;

-- What came of each phase of an activation. missing lists 10,000 of one run of holes at most: a number
-- out of its mind must not fill the memory; holes counts all. numbering: by which they were found, null
-- where no chunk has a number. One below 0 is none.
CREATE FUNCTION coexsync.chunk_coverage(said coexsync.chunk_said[])
RETURNS TABLE (onboarded_at timestamptz, phase integer, chunks bigint, lowest_order integer,
    highest_order integer, missing integer[], progress integer, messages bigint,
    oldest timestamptz, newest timestamptz, holes bigint, numbering text)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT c.onboarded_at, c.phase, c.chunks, c.lowest_order, c.highest_order,
        coalesce(h.missing, '{}'), c.progress, c.messages, c.oldest, c.newest,
        coalesce(h.holes, 0), y.numbering
    FROM (SELECT s.onboarded_at, s.phase,
            count(DISTINCT s.chunk_order) FILTER (WHERE s.chunk_order >= 0) AS chunks,
            min(s.chunk_order) FILTER (WHERE s.chunk_order >= 0) AS lowest_order,
            max(s.chunk_order) FILTER (WHERE s.chunk_order >= 0) AS highest_order,
            max(s.progress) AS progress, sum(s.messages)::bigint AS messages,
            min(s.oldest) AS oldest, max(s.newest) AS newest
        FROM unnest(said) AS s
        WHERE s.is_data
        GROUP BY s.onboarded_at, s.phase) AS c
    LEFT JOIN (SELECT n.onboarded_at, n.hole_phase,
            array_agg(s.hole ORDER BY s.hole) AS missing,
            sum(n.chunk_order - n.hole_from) FILTER (WHERE s.hole = n.hole_from) AS holes
        FROM coexsync.chunk_numbers(said) AS n
        CROSS JOIN LATERAL generate_series(n.hole_from,
            least(n.chunk_order::bigint - 1, n.hole_from::bigint + 9999)::integer) AS s(hole)
        GROUP BY n.onboarded_at, n.hole_phase) AS h
        ON h.onboarded_at IS NOT DISTINCT FROM c.onboarded_at
            AND h.hole_phase IS NOT DISTINCT FROM c.phase
    LEFT JOIN coexsync.chunk_numbering(said) AS y
        ON y.onboarded_at IS NOT DISTINCT FROM c.onboarded_at;
END;

-- OFFSET 0: else the chunks would be read wherever they are named.
CREATE VIEW coexsync.coverage AS
SELECT a.account_id, a.phone_number_id, c.onboarded_at, c.phase, c.chunks, c.lowest_order,
    c.highest_order, c.missing, c.progress, c.messages, c.oldest, c.newest, c.holes, c.numbering
FROM coexsync.account AS a
CROSS JOIN LATERAL (SELECT coexsync.account_chunks(a.account_id,
    coexsync.account_activations(a.account_id)) AS said OFFSET 0) AS s
CROSS JOIN LATERAL coexsync.chunk_coverage(s.said) AS c;

-- What the chunks alone prove of an activation. state: a verdict without what was lost. hole_words: the
-- holes of each phase, 200 characters at most. day_words: the phases whose messages lie outside the days
-- that the platform names for them (phase 0: 0 to 1 before the onboarding, 1: 1 to 90, 2: 90 to 180).
-- The days count from the onboarding or from the request, which is possible for 24 hours; messages of
-- either are inside. Without a T that somebody gave there are no such days. errors: codes other than
-- declined. has_failed: an error came for a chunk, named by its number, or for a phase, and it never
-- came without.
CREATE TYPE coexsync.account_proof AS (onboarded_at timestamptz, is_inferred boolean,
    history_requested_at timestamptz, sent_after timestamptz, sent_until timestamptz, state text,
    is_declined boolean, attributed_by_time boolean, phases bigint, top_phase integer,
    progress integer, holes bigint, has_unnumbered boolean, is_across boolean,
    numbered_phases bigint, numbering text, hole_words text, day_words text, oldest timestamptz,
    newest timestamptz, errors text);

-- What is read of the account is read once.
CREATE FUNCTION coexsync.account_proof(of_account integer) RETURNS SETOF coexsync.account_proof
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 2
SET search_path = pg_catalog, pg_temp
SET jit = off AS $$
DECLARE
    activations coexsync.activation_t[] := coexsync.account_activations(of_account);
    chunks coexsync.chunk_said[] := coexsync.account_chunks(of_account, activations);
BEGIN
    RETURN QUERY
    SELECT t.onboarded_at, t.is_inferred, t.history_requested_at, t.sent_after, t.sent_until,
        CASE WHEN d.is_declined AND p.phases IS NULL THEN 'declined'
            WHEN p.phases IS NULL THEN 'no_data'
            WHEN p.progress < 100 OR p.holes > 0 OR d.is_declined OR d.has_failed
                THEN 'incomplete'
            WHEN p.has_unnumbered OR p.progress IS NULL THEN 'unprovable'
            ELSE 'complete' END,
        coalesce(d.is_declined, false), coalesce(d.attributed_by_time, false), p.phases,
        p.top_phase, p.progress, p.holes, p.has_unnumbered, n.is_across, n.numbered_phases,
        n.numbering, p.hole_words, p.day_words, p.oldest, p.newest, d.errors
    FROM unnest(activations) AS t
    LEFT JOIN (SELECT c.onboarded_at, bool_or(c.error_code = 2593109) AS is_declined,
            bool_or(c.attributed_by_time) AS attributed_by_time,
            bool_or(c.error_code <> 2593109 AND NOT CASE
                WHEN c.chunk_order >= 0 AND c.phase IS NULL THEN c.is_number_there
                WHEN c.chunk_order >= 0 THEN c.is_chunk_there
                WHEN c.phase IS NOT NULL THEN c.is_phase_there ELSE true END) AS has_failed,
            string_agg(DISTINCT CASE c.error_code WHEN 0 THEN 'not said'
                    ELSE c.error_code::text END, ', ')
                FILTER (WHERE c.error_code <> 2593109) AS errors
        FROM (SELECT c.*, bool_or(c.is_data AND c.error_code IS NULL) OVER (PARTITION BY
                c.onboarded_at, c.phase, c.chunk_order) AS is_chunk_there,
                bool_or(c.is_data AND c.error_code IS NULL) OVER (PARTITION BY c.onboarded_at,
                c.chunk_order) AS is_number_there,
                bool_or(c.is_data AND c.error_code IS NULL) OVER (PARTITION BY c.onboarded_at,
                c.phase) AS is_phase_there
            FROM unnest(chunks) AS c) AS c
        GROUP BY c.onboarded_at) AS d ON d.onboarded_at IS NOT DISTINCT FROM t.onboarded_at
    LEFT JOIN (SELECT c.onboarded_at, count(*) AS phases, max(c.phase) AS top_phase,
            (array_agg(c.progress ORDER BY c.phase DESC NULLS LAST))[1] AS progress,
            sum(c.holes)::bigint AS holes, bool_or(c.chunks = 0) AS has_unnumbered,
            string_agg(CASE WHEN c.phase IS NULL THEN '' ELSE 'phase ' || c.phase || ': ' END
                || CASE WHEN length(r.ranges) > 200 THEN left(r.ranges, 200) || '...'
                    WHEN c.holes > cardinality(c.missing) THEN r.ranges || ', ...'
                    ELSE r.ranges END, '; ' ORDER BY c.phase) FILTER (WHERE c.holes > 0)
                AS hole_words,
            string_agg(c.phase::text, ', ' ORDER BY c.phase) FILTER (WHERE NOT t.is_inferred
                AND (c.oldest < t.first_day - d.until OR c.newest > t.last_day - d.since))
                AS day_words,
            min(c.oldest) AS oldest, max(c.newest) AS newest
        FROM coexsync.chunk_coverage(chunks) AS c
        CROSS JOIN LATERAL (SELECT coexsync.int_ranges(c.missing) AS ranges) AS r
        JOIN (SELECT t.onboarded_at, t.is_inferred,
                least(t.onboarded_at, t.history_requested_at) AS first_day,
                greatest(t.onboarded_at, coalesce(t.history_requested_at,
                    t.onboarded_at + interval '24 hours')) AS last_day
            FROM unnest(activations) AS t) AS t
            ON t.onboarded_at IS NOT DISTINCT FROM c.onboarded_at
        LEFT JOIN (VALUES (0, interval '0 hours', interval '24 hours'),
            (1, '24 hours', '2160 hours'), (2, '2160 hours', '4320 hours'))
            AS d(phase, since, until) ON d.phase = c.phase
        GROUP BY c.onboarded_at) AS p ON p.onboarded_at IS NOT DISTINCT FROM t.onboarded_at
    LEFT JOIN coexsync.chunk_numbering(chunks) AS n
        ON n.onboarded_at IS NOT DISTINCT FROM t.onboarded_at;
END $$;

CREATE VIEW coexsync.activation_proof AS
SELECT a.account_id, p.*
FROM coexsync.account AS a
CROSS JOIN LATERAL coexsync.account_proof(a.account_id) AS p;

-- ---- media --------------------------------------------------------------------------------------

CREATE TYPE coexsync.media_item AS (wamid text COLLATE "C", shown_wamid text COLLATE "C",
    thread_id text COLLATE "C", sent_at timestamptz, media_id text COLLATE "C",
    mime_type text COLLATE "C", filename text COLLATE "C", sha256 bytea, received_at timestamptz);

-- Assets, and placeholders without one under any of their wamids, with what the message that it is
-- shown in says (messages, 0002): twins, which have one key, conversation and direction, are one.
-- Planned by itself, with room to hash, and never to loop: a placeholder may be any fifth message.
CREATE FUNCTION coexsync.media_items(of_account integer) RETURNS SETOF coexsync.media_item
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100000
SET search_path = pg_catalog, pg_temp
SET enable_mergejoin = off SET enable_nestloop = off SET work_mem = '64MB'
SET parallel_tuple_cost = 0 SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    twins bigint[] := ARRAY(SELECT t.hash FROM coexsync.twin_hashes(of_account, NULL) AS t(hash));
    files bigint[] := ARRAY(SELECT hashtextextended(a.wamid, 0) FROM coexsync.media_asset AS a
        WHERE a.account_id = of_account);
BEGIN
    RETURN QUERY
    WITH near AS MATERIALIZED (
        SELECT m.wamid, m.thread_id, m.sent_at, m.thread_from, m.time_from,
            coexsync.content_class(m.type) AS class, min(m.wamid) OVER w AS shown
        FROM coexsync.messages_of_keys(of_account, twins) AS m
        WINDOW w AS (PARTITION BY m.key, m.conversation_id, m.direction,
            CASE WHEN m.conversation_id IS NULL OR m.direction IS NULL THEN m.wamid END)
    ), twin AS (
        -- of the merged columns (twin of related_messages_in) those that are needed here; a
        -- placeholder where none has content
        SELECT n.shown,
            (max(ARRAY[(n.thread_id ~ '^[0-9]+$')::integer::text,
                coexsync.source_rank(n.thread_from)::text, n.thread_id] COLLATE "C"))[3] AS thread_id,
            (min(ARRAY[to_timestamp(-coexsync.time_rank(n.time_from)), n.sent_at]))[2] AS sent_at,
            max(n.class) = 4 AS is_placeholder
        FROM near AS n
        GROUP BY n.shown
    ), twin_item AS MATERIALIZED (
        SELECT n.wamid, n.shown, t.thread_id, t.sent_at, t.is_placeholder, a.media_id, a.mime_type,
            a.filename, a.sha256, a.received_at, bool_or(a.media_id IS NOT NULL)
                OVER (PARTITION BY n.shown) AS has_file
        FROM near AS n
        JOIN twin AS t ON t.shown = n.shown
        LEFT JOIN coexsync.media_asset AS a ON a.account_id = of_account AND a.wamid = n.wamid
    )
    SELECT coalesce(m.wamid, a.wamid), coalesce(m.wamid, a.wamid), m.thread_id, m.sent_at,
        a.media_id, a.mime_type, a.filename, a.sha256, a.received_at
    FROM (SELECT * FROM coexsync.message AS m
        WHERE m.account_id = of_account AND (m.type = 'media_placeholder'
            OR CASE WHEN hashtextextended(m.wamid, 0) = ANY (files) THEN true END)) AS m
    FULL JOIN (SELECT * FROM coexsync.media_asset AS a WHERE a.account_id = of_account) AS a
        ON a.wamid = m.wamid
    WHERE CASE WHEN hashtextextended(m.key, 0) = ANY (twins) THEN true END IS NOT TRUE
    UNION ALL
    SELECT t.wamid, t.shown, t.thread_id, t.sent_at, t.media_id, t.mime_type, t.filename, t.sha256,
        t.received_at
    FROM twin_item AS t
    WHERE t.media_id IS NOT NULL OR NOT t.has_file AND t.is_placeholder AND t.wamid = t.shown;
END $$;

CREATE TYPE coexsync.media_judged AS (account_id integer, phone_number_id text COLLATE "C",
    wamid text COLLATE "C", thread_id text COLLATE "C", sent_at timestamptz, state text COLLATE "C",
    media_id text COLLATE "C", mime_type text COLLATE "C", filename text COLLATE "C", sha256 bytea,
    size_bytes bigint, path text COLLATE "C", deadline_at timestamptz, outside_window boolean,
    borderline boolean, onboarded_at timestamptz, shown_wamid text COLLATE "C",
    reason text COLLATE "C");

-- Look-back and id life are inclusive. The id lives from received_at, else from the later of the
-- activation and the message. A file counts as downloaded only against a hash that was announced, by
-- whichever payload and whenever. reason: why it is lost; null where the state says all.
CREATE FUNCTION coexsync.media_as_of(as_of timestamptz,
    max_age interval DEFAULT '336 hours', id_life interval DEFAULT '168 hours')
RETURNS SETOF coexsync.media_judged
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT c.account_id, c.phone_number_id, j.*
    FROM coexsync.account AS c
    CROSS JOIN LATERAL (
        WITH proof AS MATERIALIZED (
            SELECT * FROM coexsync.activation_proof AS p WHERE p.account_id = c.account_id
        )
        SELECT i.wamid, i.thread_id, i.sent_at,
            CASE
                WHEN i.media_id IS NULL AND w.is_old THEN 'too_old'
                WHEN i.media_id IS NULL AND p.state = 'complete'
                    AND as_of >= p.onboarded_at + interval '24 hours' THEN 'never_announced'
                WHEN i.media_id IS NULL THEN 'awaiting'
                WHEN f.outcome IN ('downloaded', 'unverified') AND f.sha256 <> i.sha256
                    THEN 'mismatch'
                WHEN f.outcome = 'unverified' AND f.sha256 = i.sha256 THEN 'downloaded'
                WHEN f.outcome IN ('downloaded', 'unverified', 'mismatch', 'too_large', 'refused',
                    'id_expired') THEN f.outcome
                WHEN as_of > d.at THEN 'id_expired'
                ELSE 'announced' END,
            i.media_id, i.mime_type, i.filename, coalesce(i.sha256, f.sha256), f.size_bytes, f.path,
            d.at, i.media_id IS NOT NULL AND w.is_old,
            coalesce(i.sent_at >= least(p.onboarded_at, p.history_requested_at) - max_age
                AND i.sent_at < greatest(p.onboarded_at, p.history_requested_at) - max_age
                AND p.history_requested_at IS NOT NULL, false),
            p.onboarded_at, i.shown_wamid,
            CASE
                WHEN f.outcome IN ('downloaded', 'unverified')
                    THEN CASE WHEN f.sha256 <> i.sha256 THEN 'hash_differs' END
                WHEN f.outcome <> 'failed' THEN f.reason
                WHEN as_of > d.at THEN CASE WHEN f.outcome IS NULL THEN 'not_tried'
                    ELSE f.reason END END
        FROM coexsync.media_items(c.account_id) AS i
        LEFT JOIN proof AS p ON coalesce(i.sent_at, 'infinity') > p.sent_after
            AND coalesce(i.sent_at, 'infinity') <= p.sent_until
        LEFT JOIN coexsync.media_file AS f ON f.account_id = c.account_id
            AND f.wamid = i.wamid AND f.media_id = i.media_id
        CROSS JOIN LATERAL (
            SELECT coalesce(i.sent_at < p.onboarded_at - max_age, false) AS is_old) AS w
        CROSS JOIN LATERAL (SELECT CASE WHEN i.media_id IS NOT NULL
            THEN coalesce(i.received_at, greatest(p.onboarded_at, i.sent_at)) + id_life END AS at)
            AS d) AS j
    WHERE c.account_id > 0;
END;

CREATE VIEW coexsync.media AS
SELECT * FROM coexsync.media_as_of(now());

-- ---- notes --------------------------------------------------------------------------------------

CREATE TYPE coexsync.dangling_ref AS (kind text COLLATE "C", at timestamptz,
    thread_id text COLLATE "C");

-- Replies, and events by their kind, whose target never came: no message has its id or its key.
-- (One id has one key.) A target that fits several messages has come.
CREATE FUNCTION coexsync.dangling_refs(of_account integer) RETURNS SETOF coexsync.dangling_ref
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 200
SET search_path = pg_catalog, pg_temp
SET enable_mergejoin = off SET enable_nestloop = off SET work_mem = '64MB'
SET parallel_tuple_cost = 0 SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    wanted bigint[] := ARRAY(SELECT t.hash FROM coexsync.ref_hashes(of_account, NULL) AS t(hash));
BEGIN
    RETURN QUERY
    WITH found AS MATERIALIZED (
        SELECT m.key FROM coexsync.messages_of_keys(of_account, wanted) AS m
    )
    SELECT 'reply' COLLATE "C", m.sent_at, m.thread_id
    FROM coexsync.message AS m
    WHERE m.account_id = of_account AND m.reply_to <> 'M0'
        AND NOT EXISTS (SELECT FROM found AS f WHERE f.key = m.reply_key)
    UNION ALL
    SELECT e.kind::text COLLATE "C", e.at, NULL
    FROM coexsync.message_event AS e
    WHERE e.account_id = of_account AND e.target_key <> 'M0'
        AND NOT EXISTS (SELECT FROM found AS f WHERE f.key = e.target_key);
END $$;

-- Days (UTC) without any message, though the same weekday had 20 or more the last time before and
-- the first time after the silence: so nobody's day off is one. Strictly between since and until.
CREATE FUNCTION coexsync.silent_days(of_account integer, since timestamptz, until timestamptz)
RETURNS TABLE (day date)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, pg_temp
SET jit = off SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    RETURN QUERY
    WITH busy AS MATERIALIZED (
        -- one number a message is all that the scan computes: it is most of the time
        SELECT (d.bin AT TIME ZONE 'UTC')::date AS day, d.messages
        FROM (SELECT date_bin('1 day', m.sent_at, '1970-01-01 00:00:00+00') AS bin,
                count(*) AS messages
            FROM coexsync.message AS m
            WHERE m.account_id = of_account AND m.sent_at >= since AND m.sent_at <= until
            GROUP BY 1) AS d
    ), gap AS (
        SELECT b.day AS before, lead(b.day) OVER (ORDER BY b.day) AS after FROM busy AS b
    )
    SELECT s.day
    FROM gap AS g
    -- days are numbers here: as moments of the session's zone a day may have no midnight
    CROSS JOIN LATERAL generate_series(1, g.after - g.before - 1) AS n(days)
    CROSS JOIN LATERAL (SELECT g.before + n.days AS day) AS s
    -- the weeks from a day to the nearest like it on either side of the silence
    JOIN busy AS b ON b.day = s.day - 7 * ((n.days + 6) / 7)
    JOIN busy AS a ON a.day = s.day + 7 * ((g.after - s.day + 6) / 7)
    WHERE b.messages >= 20 AND a.messages >= 20;
END $$;

-- Notes of an account: how much dangles, by activation; at null is of the latest.
CREATE FUNCTION coexsync.dangling_in(of_account integer)
RETURNS TABLE (onboarded_at timestamptz, replies bigint, conversations bigint, changes bigint,
    statuses bigint)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT t.onboarded_at, count(*) FILTER (WHERE r.kind = 'reply'),
        count(DISTINCT coalesce(g.conversation_id, r.thread_id)) FILTER (WHERE r.kind = 'reply'),
        count(*) FILTER (WHERE r.kind IN ('edit', 'revoke', 'reaction')),
        count(*) FILTER (WHERE r.kind = 'status')
    FROM coexsync.dangling_refs(of_account) AS r
    JOIN coexsync.activation_t AS t ON t.account_id = of_account
        AND coalesce(r.at, 'infinity') > t.sent_after AND coalesce(r.at, 'infinity') <= t.sent_until
    LEFT JOIN coexsync.account_names(of_account) AS g ON g.identity = r.thread_id
    GROUP BY t.onboarded_at;
END;

-- ---- verdict ------------------------------------------------------------------------------------

-- To the second, as sentences say it.
CREATE FUNCTION coexsync.second_of(at timestamptz) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
END;

-- {"a": 1, "b": 2} is 'a 1, b 2'.
CREATE FUNCTION coexsync.tally_words(tally jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT string_agg(t.key || ' ' || t.value, ', ' ORDER BY t.key COLLATE "C")
    FROM jsonb_each_text(tally) AS t;
END;

CREATE TYPE coexsync.activation_verdict AS (account_id integer, phone_number_id text COLLATE "C",
    onboarded_at timestamptz, verdict text COLLATE "C", reasons text[] COLLATE "C",
    sentences text[], is_inferred boolean);

CREATE TYPE coexsync.activation_judgement AS (account_id integer,
    phone_number_id text COLLATE "C", onboarded_at timestamptz, verdict text COLLATE "C",
    reasons text[] COLLATE "C", sentences text[], is_inferred boolean,
    history_requested_at timestamptz, media jsonb);

-- One line an activation: the verdict, and each reason that holds, by its code and by a sentence,
-- whatever the verdict. Those from media_awaited on are reservations: none of them changes the verdict.
-- Rejects are those of the account. What nobody's payloads (account 0) may hold is a reservation of every
-- account, left out where only facts of the account count: those given to an account since are no longer
-- nobody's. media: what the verdict counts of the files, [{"state": ..., "reason": ..., "files": ...,
-- "deadline_at": ...}], null where there are none.
-- What cannot be told: which conversations end early. Chunks bound neither dates nor threads, so a
-- conversation that lost its end looks like one that ended; only a reply to a message that is not
-- there proves that one is missing.
CREATE FUNCTION coexsync.judgement_as_of(as_of timestamptz, max_age interval DEFAULT '336 hours',
    id_life interval DEFAULT '168 hours', of_account_alone boolean DEFAULT false)
RETURNS SETOF coexsync.activation_judgement
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT a.account_id, a.phone_number_id, v.*
    FROM coexsync.account AS a
    CROSS JOIN LATERAL (
        WITH media AS MATERIALIZED (
            SELECT m.onboarded_at, sum(m.files) FILTER (WHERE m.is_lost) AS lost,
                jsonb_object_agg(concat_ws(': ', m.state, m.reason), m.files)
                    FILTER (WHERE m.is_lost) AS lost_by_reason,
                sum(m.files) FILTER (WHERE m.state = 'awaiting') AS awaited,
                -- one item a state, reason and age, of files that can be fetched also an hour from
                -- as_of on
                jsonb_path_query_array(jsonb_agg(m.items), '$[*][*]') AS states
            FROM (SELECT g.onboarded_at, g.state, g.reason, g.state IN ('never_announced',
                    'id_expired', 'mismatch', 'too_large', 'refused') AS is_lost,
                    sum(g.files) AS files,
                    jsonb_agg(jsonb_build_object('state', g.state, 'reason', g.reason, 'age', g.age,
                        'hour', g.hour, 'files', g.files, 'deadline_at', g.deadline_at)) AS items
                FROM (SELECT f.onboarded_at, f.state, f.reason,
                        CASE WHEN f.outside_window THEN 'outside'
                            WHEN f.state = 'too_old' THEN 'older'
                            WHEN f.sent_at IS NULL THEN 'undated' ELSE 'window' END AS age,
                        CASE WHEN f.state = 'announced' THEN floor(extract(epoch
                            FROM f.deadline_at - as_of) / 3600) END AS hour,
                        count(*) AS files,
                        min(f.deadline_at) FILTER (WHERE f.state = 'announced') AS deadline_at
                    FROM coexsync.media_as_of(as_of, max_age, id_life) AS f
                    WHERE f.account_id = a.account_id
                    GROUP BY 1, 2, 3, 4, 5) AS g
                GROUP BY g.onboarded_at, g.state, g.reason) AS m
            GROUP BY m.onboarded_at
        ), dangling AS MATERIALIZED (
            SELECT * FROM coexsync.dangling_in(a.account_id)
        ), rejected AS MATERIALIZED (
            SELECT sum(j.items) AS items, jsonb_object_agg(j.code, j.items) AS by_code
            FROM (SELECT r.code, sum(r.items)::bigint AS items FROM coexsync.reject AS r
                WHERE r.account_id = a.account_id GROUP BY r.code) AS j
        ), bare AS MATERIALIZED (
            SELECT count(*) AS payloads FROM coexsync.payload AS y
            WHERE y.account_id = a.account_id AND NOT EXISTS (
                SELECT FROM coexsync.payload_raw AS w
                WHERE w.account_id = y.account_id AND w.sha256 = coexsync.raw_sha256(y))
        ), nobodys AS MATERIALIZED (
            SELECT count(*) AS payloads FROM coexsync.payload AS y
            WHERE y.account_id = 0 AND NOT (y.accounts = 1 AND EXISTS (
                SELECT FROM coexsync.payload AS g WHERE g.sha256 = y.sha256 AND g.account_id <> 0
                    AND g.kind <> 'excluded'))
        )
        SELECT p.onboarded_at,
            CASE WHEN p.state = 'complete' AND (j.items > 0 OR m.lost > 0)
                THEN 'complete_with_loss' ELSE p.state END,
            coalesce(r.codes, '{}'), coalesce(r.sentences, '{}'), p.is_inferred,
            p.history_requested_at, m.states
        FROM coexsync.activation_proof AS p
        CROSS JOIN rejected AS j
        CROSS JOIN bare AS n
        CROSS JOIN nobodys AS u
        LEFT JOIN media AS m ON m.onboarded_at IS NOT DISTINCT FROM p.onboarded_at
        LEFT JOIN dangling AS g ON g.onboarded_at IS NOT DISTINCT FROM p.onboarded_at
        -- not as the session writes dates: an archive has these words
        LEFT JOIN LATERAL (SELECT count(*) AS days, string_agg(to_char(d.day::timestamp, 'YYYY-MM-DD'),
                ', ' ORDER BY d.day) FILTER (WHERE d.place <= 5) AS words
            FROM (SELECT s.day, row_number() OVER (ORDER BY s.day) AS place
                FROM coexsync.silent_days(a.account_id, p.oldest, p.newest) AS s) AS d) AS s
            ON p.oldest < p.newest
        CROSS JOIN LATERAL (SELECT array_agg(v.code COLLATE "C" ORDER BY v.place) AS codes,
                array_agg(v.sentence ORDER BY v.place) AS sentences
            FROM (VALUES
                (1, p.state = 'declined', 'declined',
                    'The business turned history sharing off; nothing was shared.'),
                (2, p.state = 'no_data', 'no_data',
                    'No history has come.'),
                (3, p.state = 'no_data' AND p.history_requested_at <= as_of, 'request_unanswered',
                    format('History was requested at %s, and until %s nothing has come.',
                        coexsync.second_of(p.history_requested_at), coexsync.second_of(as_of))),
                (4, p.errors IS NOT NULL, 'chunk_errors',
                    format('In the place of a part of the history errors came, by code: %s.',
                        p.errors)),
                (5, p.is_declined AND p.phases > 0, 'declined_after_data',
                    'History sharing was turned off after a part had come.'),
                (6, p.progress < 100, 'progress_below_100',
                    format('The latest phase has reached %s percent.', p.progress)),
                (7, p.holes > 0, 'holes',
                    format('Chunks missing between those that came: %s (%s), numbered %s.',
                        p.holes, p.hole_words, p.numbering)),
                (8, p.has_unnumbered, 'no_chunk_numbers',
                    'The payloads number no chunks, so a missing one cannot be seen.'),
                (9, p.phases > 0 AND p.progress IS NULL, 'progress_not_said',
                    'The payloads of the latest phase do not say how far it has come.'),
                (10, j.items > 0, 'rejects',
                    format('Payloads or items of them that could not be used: %s (%s).', j.items,
                        coexsync.tally_words(j.by_code))),
                (11, m.lost > 0, 'media_lost',
                    format('Media files that cannot be had: %s (%s).', m.lost,
                        coexsync.tally_words(m.lost_by_reason))),
                (12, m.awaited > 0, 'media_awaited',
                    format('Placeholders young enough for a file, and none announced yet: %s.',
                        m.awaited)),
                (13, p.is_across AND p.numbered_phases > 1, 'numbering_assumed',
                    format('Chunks are taken to be numbered %s; numbered in each phase, some '
                        'would be missing.', p.numbering)),
                (14, NOT p.is_across, 'phase_end_assumed',
                    format('Chunks are numbered %s, so a loss at the end of a phase cannot be '
                        'seen.', p.numbering)),
                (15, p.progress = 100 AND p.top_phase < 2, 'older_phases_unseen',
                    format('Progress is 100 percent in phase %s; nothing older has come.',
                        p.top_phase)),
                (16, p.attributed_by_time, 'attributed_by_time',
                    'Some chunks were assigned to this activation by the time of their messages.'),
                (17, p.onboarded_at > as_of AND NOT p.is_inferred, 'onboarded_in_future',
                    format('The onboarding, at %s, lies after the moment of this judgement, %s.',
                        coexsync.second_of(p.onboarded_at), coexsync.second_of(as_of))),
                (18, p.newest > greatest(p.onboarded_at, p.history_requested_at)
                        + interval '24 hours' AND NOT p.is_inferred, 'history_after_onboarding',
                    format('The history goes on until %s, more than a day after the onboarding, %s.',
                        coexsync.second_of(p.newest), coexsync.second_of(p.onboarded_at))),
                (19, p.day_words IS NOT NULL, 'dates_outside_phase',
                    format('Messages lie outside the days of their phase: phase %s. The platform '
                        'does not keep to the days that it names.', p.day_words)),
                (20, s.days > 0, 'silent_days',
                    format('Days without any message, though the weekday was busy before and '
                        'after: %s (%s%s).', s.days, s.words, CASE WHEN s.days > 5 THEN ', ...'
                        ELSE '' END)),
                (21, g.replies > 0, 'dangling_replies',
                    format('Replies to messages that have not come: %s, in %s conversations.',
                        g.replies, g.conversations)),
                (22, g.changes > 0, 'dangling_events',
                    format('Edits, deletions and reactions of messages that have not come: %s.',
                        g.changes)),
                (23, g.statuses > 0, 'dangling_statuses',
                    format('Delivery statuses of messages that have not come: %s.', g.statuses)),
                (24, n.payloads > 0, 'payloads_without_raw',
                    format('Payloads stored without their raw bytes: %s.', n.payloads)),
                (25, u.payloads > 0 AND NOT of_account_alone, 'unusable_payloads',
                    format('Payloads that cannot be used and name no number: %s; they may belong '
                        'to this one.', u.payloads))
            ) AS v(place, holds, code, sentence)
            WHERE v.holds) AS r
        WHERE p.account_id = a.account_id) AS v;
END;

CREATE FUNCTION coexsync.verdict_as_of(as_of timestamptz,
    max_age interval DEFAULT '336 hours', id_life interval DEFAULT '168 hours',
    of_account_alone boolean DEFAULT false)
RETURNS SETOF coexsync.activation_verdict
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT account_id, phone_number_id, onboarded_at, verdict, reasons, sentences, is_inferred
    FROM coexsync.judgement_as_of(as_of, max_age, id_life, of_account_alone);
END;

CREATE VIEW coexsync.verdict AS
SELECT * FROM coexsync.verdict_as_of(now());
