-- The functions and views of 0004 again, word by word, behind those that need them.
DROP VIEW coexsync.verdict, coexsync.media;
DROP FUNCTION coexsync.verdict_as_of(timestamptz, interval, interval, boolean),
    coexsync.judgement_as_of(timestamptz, interval, interval, boolean),
    coexsync.tally_words(jsonb), coexsync.second_of(timestamptz), coexsync.dangling_in(integer),
    coexsync.silent_days(integer, timestamptz, timestamptz), coexsync.dangling_refs(integer),
    coexsync.media_as_of(timestamptz, interval, interval), coexsync.media_items(integer);
DROP TYPE coexsync.dangling_ref, coexsync.media_item, coexsync.activation_verdict,
    coexsync.activation_judgement, coexsync.media_judged;
DROP VIEW coexsync.activation_proof, coexsync.coverage;
DROP FUNCTION coexsync.account_proof(integer),
    coexsync.chunk_coverage(coexsync.chunk_said[]), coexsync.chunk_numbering(coexsync.chunk_said[]),
    coexsync.chunk_numbers(coexsync.chunk_said[]),
    coexsync.account_chunks(integer, coexsync.activation_t[]),
    coexsync.account_activations(integer);
DROP TYPE coexsync.account_proof, coexsync.chunk_said;
DROP VIEW coexsync.chunk_attributed, coexsync.activation_t;

-- ---- activations --------------------------------------------------------------------------------

-- The activations of an account. Where none was given but history came, one is inferred: its time
-- is that of the newest message of the history, null if no message tells it. Messages sent after
-- sent_after and until sent_until belong to it: the earliest not before them, else the latest.
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
    WHERE m.account_id = a.account_id AND m.streams & 1 <> 0) AS h
WHERE NOT EXISTS (SELECT FROM coexsync.activation AS t WHERE t.account_id = a.account_id)
    AND (h.newest IS NOT NULL
        OR EXISTS (SELECT FROM coexsync.chunk AS c WHERE c.account_id = a.account_id));

-- Which activation a chunk belongs to, payload by payload. rule 1: linked, to the earliest of its
-- links not before its newest message (one without messages: to each); 2: the latest when it was
-- received; 3: the only one; 4: by time, the earliest not before its newest message, else the
-- latest.
CREATE VIEW coexsync.chunk_attributed AS
SELECT c.account_id, r.onboarded_at, c.sha256, c.pointer, c.phase, c.chunk_order, c.progress,
    c.messages, c.oldest, c.newest, c.error_code,
    c.messages > 0 OR (c.error_code IS NULL
        AND coalesce(c.phase, c.chunk_order, c.progress) IS NOT NULL) AS is_data,
    r.rule = 4 AS attributed_by_time
FROM (SELECT d.*, row_number() OVER (
            PARTITION BY d.account_id, d.sha256
            ORDER BY d.rule, CASE WHEN d.rule <> 2 AND d.onboarded_at >= d.newest
                THEN d.onboarded_at END, d.onboarded_at DESC) AS place
    FROM (SELECT p.account_id, p.sha256, p.newest, t.onboarded_at,
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

-- ---- completeness -------------------------------------------------------------------------------

-- Each chunk_order once, with the number that its run of holes would begin with (hole_from, a
-- hole if below chunk_order) and the phase it lies under. Numbers begin at 0 if there is a 0,
-- else at 1. Across phases is possible if no number occurs in two phases; then it never has more
-- holes than numbering per phase (each of its holes lies below the highest number of some phase,
-- and is a hole there too), so it is the reading used; with numbers in more than one phase
-- the two always disagree.
CREATE VIEW coexsync.chunk_number AS
SELECT n.account_id, n.onboarded_at, n.phase, n.chunk_order, n.is_across,
    CASE WHEN n.is_across THEN lag(n.phase, 1, n.phase) OVER across ELSE n.phase END AS hole_phase,
    CASE WHEN n.is_across THEN coalesce(lag(n.chunk_order) OVER across + 1, n.first_order)
        ELSE coalesce(lag(n.chunk_order) OVER within + 1, n.first_order) END AS hole_from
FROM (SELECT o.account_id, o.onboarded_at, o.phase, o.chunk_order,
        least(1, min(o.chunk_order) OVER (PARTITION BY o.account_id, o.onboarded_at))
            AS first_order,
        max(o.phases) OVER (PARTITION BY o.account_id, o.onboarded_at) = 1 AS is_across
    FROM (SELECT DISTINCT c.account_id, c.onboarded_at, c.phase, c.chunk_order,
            dense_rank() OVER (PARTITION BY c.account_id, c.onboarded_at, c.chunk_order
                    ORDER BY c.phase)
                + dense_rank() OVER (PARTITION BY c.account_id, c.onboarded_at, c.chunk_order
                    ORDER BY c.phase DESC) - 1 AS phases
        FROM coexsync.chunk_attributed AS c
        WHERE c.is_data AND c.chunk_order >= 0) AS o) AS n
WINDOW across AS (PARTITION BY n.account_id, n.onboarded_at ORDER BY n.chunk_order),
    within AS (PARTITION BY n.account_id, n.onboarded_at, n.phase ORDER BY n.chunk_order);

-- What came of each phase of an activation. Of one run of holes missing lists 10,000 at most: a
-- number out of its mind must not fill the memory; holes counts all.
CREATE VIEW coexsync.coverage AS
SELECT c.account_id, a.phone_number_id, c.onboarded_at, c.phase, c.chunks, c.lowest_order,
    c.highest_order, coalesce(h.missing, '{}') AS missing, c.progress, c.messages, c.oldest,
    c.newest, coalesce(h.holes, 0) AS holes
FROM (SELECT account_id, onboarded_at, phase, count(DISTINCT chunk_order) AS chunks,
        min(chunk_order) AS lowest_order, max(chunk_order) AS highest_order,
        max(progress) AS progress, sum(messages) AS messages, min(oldest) AS oldest,
        max(newest) AS newest
    FROM coexsync.chunk_attributed
    WHERE is_data
    GROUP BY account_id, onboarded_at, phase) AS c
JOIN coexsync.account AS a ON a.account_id = c.account_id
LEFT JOIN (SELECT n.account_id, n.onboarded_at, n.hole_phase,
        array_agg(s.hole ORDER BY s.hole) AS missing,
        sum(n.chunk_order - n.hole_from) FILTER (WHERE s.hole = n.hole_from) AS holes
    FROM coexsync.chunk_number AS n
    CROSS JOIN LATERAL generate_series(n.hole_from,
        least(n.chunk_order::bigint - 1, n.hole_from::bigint + 9999)::integer) AS s(hole)
    GROUP BY n.account_id, n.onboarded_at, n.hole_phase) AS h
    ON h.account_id = c.account_id AND h.onboarded_at IS NOT DISTINCT FROM c.onboarded_at
        AND h.hole_phase IS NOT DISTINCT FROM c.phase;

-- What the chunks alone prove of an activation. state: a verdict without what was lost.
CREATE VIEW coexsync.activation_proof AS
SELECT t.account_id, t.onboarded_at, t.is_inferred, t.history_requested_at, t.sent_after,
    t.sent_until,
    CASE WHEN d.is_declined AND p.phases IS NULL THEN 'declined'
        WHEN p.phases IS NULL THEN 'no_data'
        WHEN p.progress < 100 OR p.holes > 0 OR d.is_declined THEN 'incomplete'
        WHEN p.has_unnumbered OR p.progress IS NULL THEN 'unprovable'
        ELSE 'complete' END AS state,
    coalesce(d.is_declined, false) AS is_declined,
    coalesce(d.attributed_by_time, false) AS attributed_by_time,
    p.phases, p.top_phase, p.progress, p.holes, p.has_unnumbered, n.is_across,
    n.numbered_phases
FROM coexsync.activation_t AS t
LEFT JOIN (SELECT account_id, onboarded_at, bool_or(error_code = 2593109) AS is_declined,
        bool_or(attributed_by_time) AS attributed_by_time
    FROM coexsync.chunk_attributed GROUP BY account_id, onboarded_at) AS d
    ON d.account_id = t.account_id AND d.onboarded_at IS NOT DISTINCT FROM t.onboarded_at
LEFT JOIN (SELECT account_id, onboarded_at, count(*) AS phases, max(phase) AS top_phase,
        (array_agg(progress ORDER BY phase DESC NULLS LAST))[1] AS progress,
        sum(holes)::bigint AS holes, bool_or(chunks = 0) AS has_unnumbered
    FROM coexsync.coverage GROUP BY account_id, onboarded_at) AS p
    ON p.account_id = t.account_id AND p.onboarded_at IS NOT DISTINCT FROM t.onboarded_at
LEFT JOIN (SELECT account_id, onboarded_at, bool_and(is_across) AS is_across,
        count(DISTINCT coalesce(phase, -1)) AS numbered_phases
    FROM coexsync.chunk_number GROUP BY account_id, onboarded_at) AS n
    ON n.account_id = t.account_id AND n.onboarded_at IS NOT DISTINCT FROM t.onboarded_at;

-- ---- media --------------------------------------------------------------------------------------

CREATE TYPE coexsync.media_judged AS (account_id integer, phone_number_id text COLLATE "C",
    wamid text COLLATE "C", thread_id text COLLATE "C", sent_at timestamptz, state text COLLATE "C",
    media_id text COLLATE "C", mime_type text COLLATE "C", filename text COLLATE "C", sha256 bytea,
    size_bytes bigint, path text COLLATE "C", deadline_at timestamptz, outside_window boolean,
    borderline boolean, onboarded_at timestamptz, shown_wamid text COLLATE "C",
    reason text COLLATE "C");

-- Assets, and placeholders without one under any of their wamids. Look-back and id life are
-- inclusive. The id lives from received_at, else from the later of the activation and the
-- message. A file counts as downloaded only against a hash that was announced, by whichever
-- payload and whenever. reason: why it is lost; null where the state says all.
CREATE FUNCTION coexsync.media_as_of(as_of timestamptz, max_age interval DEFAULT '14 days',
    id_life interval DEFAULT '7 days')
RETURNS SETOF coexsync.media_judged
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT c.account_id, c.phone_number_id, j.*
    FROM coexsync.account AS c
    CROSS JOIN LATERAL (
        WITH shown AS MATERIALIZED (
            SELECT s.wamid, s.thread_id, s.sent_at, s.type, s.aliases
            FROM coexsync.messages_in(c.account_id, NULL) AS s
            WHERE s.type = 'media_placeholder' OR s.aliases <> '{}' OR s.wamid IN (
                SELECT a.wamid FROM coexsync.media_asset AS a WHERE a.account_id = c.account_id)
        ), asset AS (
            SELECT a.*, coalesce(t.shown, a.wamid) AS shown_wamid
            FROM coexsync.media_asset AS a
            LEFT JOIN (SELECT s.wamid AS shown, unnest(s.aliases) AS wamid FROM shown AS s) AS t
                ON t.wamid = a.wamid
            WHERE a.account_id = c.account_id
        ), item AS (
            SELECT coalesce(a.wamid, s.wamid) AS wamid, s.wamid AS shown_wamid, s.thread_id,
                s.sent_at, a.media_id, a.mime_type, a.filename, a.sha256, a.received_at
            FROM shown AS s
            LEFT JOIN asset AS a ON a.shown_wamid = s.wamid
            WHERE a.media_id IS NOT NULL OR s.type = 'media_placeholder'
            UNION ALL
            SELECT a.wamid, a.wamid, NULL, NULL, a.media_id, a.mime_type, a.filename, a.sha256,
                a.received_at
            FROM coexsync.media_asset AS a
            WHERE a.account_id = c.account_id AND NOT EXISTS (SELECT FROM coexsync.message AS m
                WHERE m.account_id = c.account_id AND m.wamid = a.wamid)
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
        FROM item AS i
        LEFT JOIN coexsync.activation_proof AS p ON p.account_id = c.account_id
            AND coalesce(i.sent_at, 'infinity') > p.sent_after
            AND coalesce(i.sent_at, 'infinity') <= p.sent_until
        LEFT JOIN coexsync.media_file AS f ON f.account_id = c.account_id
            AND f.wamid = i.wamid AND f.media_id = i.media_id
        CROSS JOIN LATERAL (
            SELECT coalesce(i.sent_at < p.onboarded_at - max_age, false) AS is_old) AS w
        CROSS JOIN LATERAL (SELECT CASE WHEN i.media_id IS NOT NULL
            THEN coalesce(i.received_at, greatest(p.onboarded_at, i.sent_at)) + id_life END AS at)
            AS d) AS j;
END;

CREATE VIEW coexsync.media AS
SELECT * FROM coexsync.media_as_of(now());

-- ---- verdict ------------------------------------------------------------------------------------

CREATE TYPE coexsync.activation_verdict AS (account_id integer, phone_number_id text COLLATE "C",
    onboarded_at timestamptz, verdict text COLLATE "C", reasons text[] COLLATE "C",
    sentences text[], is_inferred boolean);

-- One line an activation. Each reason that holds is named, by its code and by a sentence,
-- whatever the verdict: those of a better verdict are its reservations. Rejects are those of the
-- account. What nobody's payloads (account 0) may hold is a reservation of every account, left out
-- where only facts of the account count: those given to an account since are no longer nobody's.
CREATE FUNCTION coexsync.verdict_as_of(as_of timestamptz, max_age interval DEFAULT '14 days',
    id_life interval DEFAULT '7 days', of_account_alone boolean DEFAULT false)
RETURNS SETOF coexsync.activation_verdict
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.account_id, a.phone_number_id, p.onboarded_at,
        CASE WHEN p.state = 'complete' AND l.rejects + l.media_lost > 0
            THEN 'complete_with_loss' ELSE p.state END,
        coalesce(r.codes, '{}'), coalesce(r.sentences, '{}'), p.is_inferred
    FROM coexsync.activation_proof AS p
    JOIN coexsync.account AS a ON a.account_id = p.account_id
    LEFT JOIN (SELECT account_id, onboarded_at, count(*) AS files
        FROM coexsync.media_as_of(as_of, max_age, id_life)
        WHERE state IN ('never_announced', 'id_expired', 'mismatch', 'too_large', 'refused')
        GROUP BY account_id, onboarded_at) AS m
        ON m.account_id = p.account_id AND m.onboarded_at IS NOT DISTINCT FROM p.onboarded_at
    LEFT JOIN (SELECT account_id, sum(items)::bigint AS items FROM coexsync.reject
        GROUP BY account_id) AS j
        ON j.account_id = p.account_id
    LEFT JOIN (SELECT y.account_id, count(*) AS payloads FROM coexsync.payload AS y
        WHERE NOT EXISTS (SELECT FROM coexsync.payload_raw AS w
            WHERE w.account_id = y.account_id AND w.sha256 = coexsync.raw_sha256(y))
        GROUP BY y.account_id) AS n ON n.account_id = p.account_id
    CROSS JOIN (SELECT count(*) AS payloads FROM coexsync.payload AS y
        WHERE y.account_id = 0 AND NOT (y.accounts = 1 AND EXISTS (
            SELECT FROM coexsync.payload AS g WHERE g.sha256 = y.sha256 AND g.account_id <> 0
                AND g.kind <> 'excluded'))) AS u
    CROSS JOIN LATERAL (SELECT coalesce(j.items, 0) AS rejects, coalesce(m.files, 0) AS media_lost)
        AS l
    CROSS JOIN LATERAL (SELECT array_agg(v.code COLLATE "C" ORDER BY v.place) AS codes,
            array_agg(v.sentence ORDER BY v.place) AS sentences
        FROM (VALUES
            (1, p.state = 'declined', 'declined',
                'The business turned history sharing off; nothing was shared.'),
            (2, p.state = 'no_data', 'no_data',
                'No history has come.'),
            (3, p.is_declined AND p.phases > 0, 'declined_after_data',
                'History sharing was turned off after a part had come.'),
            (4, p.progress < 100, 'progress_below_100',
                format('The latest phase has reached %s percent.', p.progress)),
            (5, p.holes > 0, 'holes',
                format('Chunks missing between those that came: %s.', p.holes)),
            (6, p.has_unnumbered, 'no_chunk_numbers',
                'The payloads number no chunks, so a missing one cannot be seen.'),
            (7, p.phases > 0 AND p.progress IS NULL, 'progress_not_said',
                'The payloads of the latest phase do not say how far it has come.'),
            (8, l.rejects > 0, 'rejects',
                format('Payloads or items of them that could not be used: %s.', l.rejects)),
            (9, l.media_lost > 0, 'media_lost',
                format('Media files that cannot be had: %s.', l.media_lost)),
            (10, p.is_across AND p.numbered_phases > 1, 'numbering_assumed',
                'Chunks are taken to be numbered across phases; numbered in each phase, some '
                'would be missing.'),
            (11, NOT p.is_across, 'phase_end_assumed',
                'Chunks are numbered in each phase, so a loss at the end of one cannot be seen.'),
            (12, p.progress = 100 AND p.top_phase < 2, 'older_phases_unseen',
                format('Progress is 100 percent in phase %s; nothing older has come.',
                    p.top_phase)),
            (13, p.attributed_by_time, 'attributed_by_time',
                'Some chunks were assigned to this activation by the time of their messages.'),
            (14, n.payloads > 0, 'payloads_without_raw',
                format('Payloads stored without their raw bytes: %s.', n.payloads)),
            (15, u.payloads > 0 AND NOT of_account_alone, 'unusable_payloads',
                format('Payloads that cannot be used and name no number: %s; they may belong to '
                    'this one.', u.payloads))
        ) AS v(place, holds, code, sentence)
        WHERE v.holds) AS r;
END;

CREATE VIEW coexsync.verdict AS
SELECT * FROM coexsync.verdict_as_of(now());
