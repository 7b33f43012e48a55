-- $1::integer account_id, $2::integer wave, $3::integer until: of observations with this wave or a later
-- one before until (wave: how many observations of the key come before it in the batch)
-- needs: stage_message
-- The merge rule of messages: what m becomes when s is seen as well. A join in the sense of a
-- lattice: commutative, associative, idempotent. Of each key the first observation that changes the
-- row is merged, with the contents that those before it add. Those before it never will change it, for
-- rows only grow; the turn of those behind it (later) comes with the next wave. Rows are locked as they
-- are updated, keys ascending, and all of them by the first statement: to begin again at the first key
-- would make two writers wait in a ring. Rows that another transaction has changed meanwhile (missed)
-- are locked, and found by the same wave again.
WITH candidate AS (
    SELECT m.account_id, m.wamid, r.thread_id, r.direction, r.sent_at, r.type, r.body, r.content,
        r.extra, r.status, r.reply_to, r.reply_key, r.streams, r.content_stream, r.direction_from,
        r.thread_from, r.time_from, r.conflicts,
        m.place, m.made_by, s.wave, s.part, x.is_change, c.is_second, h.hash,
        v.stream AS version_stream, (r.conflicts & ~m.conflicts) <> 0 AS has_new_conflict,
        m.type AS old_type, m.body AS old_body, m.content AS old_content,
        m.content_stream AS old_stream,
        s.type AS seen_type, s.body AS seen_body, s.content AS seen_content,
        s.content_stream AS seen_stream
    FROM pg_temp.stage_message AS s
    CROSS JOIN LATERAL (
        SELECT message.*, ctid AS place, xmin AS made_by FROM coexsync.message
        WHERE account_id = $1::integer AND wamid = s.wamid
        LIMIT 1
    ) AS m
    -- Authority of who said it; of threads a phone number beats a BSUID whoever said it.
    CROSS JOIN LATERAL (
        SELECT
            coexsync.source_rank(m.direction_from) AS m_direction,
            coexsync.source_rank(s.direction_from) AS s_direction,
            coexsync.source_rank(m.thread_from) + CASE WHEN s.thread_id = m.thread_id THEN 0
                WHEN m.thread_id ~ '^[0-9]+$' THEN 10 ELSE 0 END AS m_thread,
            coexsync.source_rank(s.thread_from) + CASE WHEN s.thread_id = m.thread_id THEN 0
                WHEN s.thread_id ~ '^[0-9]+$' THEN 10 ELSE 0 END AS s_thread,
            coexsync.time_rank(m.time_from) AS m_time,
            coexsync.time_rank(s.time_from) AS s_time,
            coexsync.content_class(m.type) AS m_class,
            coexsync.content_class(s.type) AS s_class,
            m.type IS NOT DISTINCT FROM s.type AND m.body IS NOT DISTINCT FROM s.body
                AND m.content::text IS NOT DISTINCT FROM s.content::text AS is_same
        OFFSET 0 -- else each of these would be computed wherever it is named
    ) AS a
    -- Content: the greatest (class, stream, hash) wins. is_second: another real content. Hashes are
    -- computed where they decide.
    CROSS JOIN LATERAL (
        SELECT CASE WHEN a.is_same THEN false
                WHEN (a.s_class, s.content_stream) <> (a.m_class, m.content_stream)
                THEN (a.s_class, s.content_stream) > (a.m_class, m.content_stream)
                ELSE coexsync.content_hash(s.type, s.body, s.content)
                    > coexsync.content_hash(m.type, m.body, m.content) END AS s_wins,
            a.m_class = 5 AND a.s_class = 5 AND NOT a.is_same AS is_second
        OFFSET 0
    ) AS c
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.is_second THEN coexsync.content_hash(s.type, s.body, s.content) END AS hash
        OFFSET 0
    ) AS h
    LEFT JOIN LATERAL (
        SELECT stream FROM coexsync.message_version
        WHERE c.is_second AND account_id = $1::integer AND wamid = s.wamid
            AND content_sha256 = h.hash
        LIMIT 1
    ) AS v ON true
    CROSS JOIN LATERAL (
        SELECT
            CASE WHEN a.s_thread > a.m_thread THEN s.thread_id
                WHEN a.s_thread < a.m_thread THEN m.thread_id
                ELSE greatest(m.thread_id, s.thread_id) END AS thread_id,
            CASE WHEN a.s_thread > a.m_thread THEN s.thread_from
                WHEN a.s_thread < a.m_thread THEN m.thread_from
                ELSE m.thread_from | s.thread_from END AS thread_from,
            -- outbound is the greater
            CASE WHEN a.s_direction > a.m_direction THEN s.direction
                WHEN a.s_direction < a.m_direction THEN m.direction
                ELSE greatest(m.direction, s.direction) END AS direction,
            CASE WHEN a.s_direction > a.m_direction THEN s.direction_from
                WHEN a.s_direction < a.m_direction THEN m.direction_from
                ELSE m.direction_from | s.direction_from END AS direction_from,
            -- of equal authority the earlier
            CASE WHEN a.s_time > a.m_time THEN s.sent_at
                WHEN a.s_time < a.m_time THEN m.sent_at
                ELSE least(m.sent_at, s.sent_at) END AS sent_at,
            CASE WHEN a.s_time > a.m_time THEN s.time_from
                WHEN a.s_time < a.m_time THEN m.time_from
                ELSE m.time_from | s.time_from END AS time_from,
            CASE WHEN c.s_wins THEN s.type ELSE m.type END AS type,
            CASE WHEN c.s_wins THEN s.body ELSE m.body END AS body,
            CASE WHEN c.s_wins THEN s.content ELSE m.content END AS content,
            CASE WHEN a.is_same THEN greatest(m.content_stream, s.content_stream)
                WHEN c.s_wins THEN s.content_stream
                ELSE m.content_stream END AS content_stream,
            greatest(m.status, s.status) AS status,
            greatest(m.reply_to, s.reply_to) AS reply_to,
            CASE WHEN m.reply_to IS NULL OR s.reply_to > m.reply_to THEN s.reply_key
                ELSE m.reply_key END AS reply_key,
            CASE WHEN m.extra IS NULL OR s.extra::text COLLATE "C" > m.extra::text COLLATE "C"
                THEN coalesce(s.extra, m.extra) ELSE m.extra END AS extra,
            m.streams | s.streams AS streams,
            -- & and | have one precedence, so each pair has its brackets.
            -- A bit stands when sources of equal authority differ; a higher authority replaces it.
            (CASE WHEN a.s_direction > a.m_direction THEN s.conflicts & 1
                WHEN a.s_direction < a.m_direction THEN m.conflicts & 1
                ELSE ((m.conflicts | s.conflicts) & 1)
                    | (coalesce(m.direction <> s.direction, false))::integer END
            | CASE WHEN a.s_thread > a.m_thread THEN s.conflicts & 2
                WHEN a.s_thread < a.m_thread THEN m.conflicts & 2
                ELSE ((m.conflicts | s.conflicts) & 2)
                    | 2 * (coalesce(m.thread_id <> s.thread_id, false))::integer END
            | CASE WHEN a.s_time > a.m_time THEN s.conflicts & 4
                WHEN a.s_time < a.m_time THEN m.conflicts & 4
                ELSE ((m.conflicts | s.conflicts) & 4)
                    | 4 * (coalesce(m.sent_at <> s.sent_at, false))::integer END
            | ((m.conflicts | s.conflicts) & 8) | 8 * c.is_second::integer)::smallint AS conflicts
        OFFSET 0
    ) AS r
    CROSS JOIN LATERAL (
        SELECT (r.thread_id, r.direction, r.sent_at, r.status, r.reply_to, r.streams,
                r.content_stream, r.direction_from, r.thread_from, r.time_from, r.conflicts,
                r.extra::text)
            IS DISTINCT FROM
            (m.thread_id, m.direction, m.sent_at, m.status, m.reply_to, m.streams,
                m.content_stream, m.direction_from, m.thread_from, m.time_from, m.conflicts,
                m.extra::text)
            OR c.s_wins
            AS is_change
        OFFSET 0
    ) AS x
    WHERE s.account_id = $1::integer AND s.wave >= $2::integer AND s.wave < $3::integer
        AND (
            x.is_change
            OR (c.is_second AND v.stream IS NULL)
            OR (c.is_second AND v.stream < s.content_stream)
        )
), step AS (
    -- turn: the first that changes the row. known_stream: the best that gave this content before.
    SELECT c.*, min(wave) FILTER (WHERE is_change) OVER (PARTITION BY wamid) AS turn,
        greatest(version_stream, max(seen_stream) OVER (PARTITION BY wamid, hash ORDER BY wave
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS known_stream
    FROM candidate AS c
), taken AS (
    SELECT *, is_change OR known_stream IS NULL OR known_stream < seen_stream AS is_counted,
        has_new_conflict OR (is_second AND known_stream IS NULL) AS is_conflicting
    FROM step WHERE turn IS NULL OR wave <= turn
), chosen AS MATERIALIZED (
    SELECT DISTINCT ON (wamid) *,
        array_agg((seen_type, seen_body, seen_content)::coexsync.message_content) OVER w AS contents,
        array_agg(seen_stream) OVER w AS content_streams, count(*) OVER w AS observations,
        array_agg(part) FILTER (WHERE is_counted) OVER w AS parts,
        array_agg(is_conflicting) FILTER (WHERE is_counted) OVER w AS are_conflicting
    FROM taken
    WINDOW w AS (PARTITION BY wamid)
    ORDER BY wamid, wave DESC
), merged AS (
    UPDATE coexsync.message AS m
    SET thread_id = p.thread_id, direction = p.direction, sent_at = p.sent_at, type = p.type,
        body = p.body, content = p.content, extra = p.extra, status = p.status,
        reply_to = p.reply_to, reply_key = p.reply_key, streams = p.streams,
        content_stream = p.content_stream, direction_from = p.direction_from,
        thread_from = p.thread_from, time_from = p.time_from, conflicts = p.conflicts
    FROM chosen AS p
    -- By its place, whatever the planner believes of the table; not all servers look at the place again
    -- when they have waited for a lock.
    WHERE m.account_id = p.account_id AND m.ctid = p.place AND m.xmin = p.made_by
    RETURNING p.*
), version AS (
    -- Every distinct real content once there are two, the winner too; stream = the best that gave it.
    -- Who changes versions has updated the row of message before, so nobody else does.
    INSERT INTO coexsync.message_version AS v
        (account_id, wamid, content_sha256, type, body, content, stream)
    SELECT account_id, wamid, hash, (array_agg(type))[1], (array_agg(body))[1],
        (array_agg(content))[1], max(stream)
    FROM (
        SELECT p.account_id, p.wamid, x.type, x.body, x.content, x.stream,
            coexsync.content_hash(x.type, x.body, x.content) AS hash
        FROM merged AS p
        CROSS JOIN LATERAL (
            SELECT p.old_type, p.old_body, p.old_content, p.old_stream
            UNION ALL
            SELECT * FROM unnest(p.contents, p.content_streams)
        ) AS x (type, body, content, stream)
        WHERE (p.conflicts & 8) <> 0 AND x.stream > 0
    ) AS contents
    GROUP BY account_id, wamid, hash
    ORDER BY account_id, wamid, hash
    ON CONFLICT (account_id, wamid, content_sha256) DO UPDATE
    SET stream = excluded.stream
    WHERE v.stream < excluded.stream
)
SELECT CASE WHEN o.is_conflicting THEN 'conflicting' ELSE 'enriched' END, o.part, count(*)
FROM merged AS p
CROSS JOIN LATERAL unnest(p.parts, p.are_conflicting) AS o(part, is_conflicting)
GROUP BY 1, 2
UNION ALL
SELECT 'missed', 0, (SELECT count(*) FROM chosen) - (SELECT count(*) FROM merged)
UNION ALL
SELECT 'later', 0, (SELECT count(*) FROM candidate) - (SELECT coalesce(sum(observations), 0)::bigint FROM chosen)
