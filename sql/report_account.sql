-- $1::integer account_id, $2::timestamptz as_of
-- Times are microseconds since 1970.
SELECT a.phone_number_id, l.*, m.*,
    (SELECT count(*) FROM coexsync.payload AS p WHERE p.account_id = a.account_id
        AND NOT EXISTS (SELECT FROM coexsync.payload_raw AS r
            WHERE r.account_id = p.account_id AND r.sha256 = coexsync.raw_sha256(p))) AS payloads_without_raw,
    (SELECT count(*) FROM coexsync.identity_proposal AS i WHERE i.account_id = a.account_id)
        AS proposals,
    (SELECT count(DISTINCT e.identity) FROM coexsync.contact_event AS e
        WHERE e.account_id = a.account_id) AS known_contacts,
    (SELECT count(*) FROM coexsync.message_event AS e WHERE e.account_id = a.account_id)
        AS stored_events
FROM coexsync.account AS a
CROSS JOIN LATERAL (
    SELECT count(*) AS payloads,
        count(*) FILTER (WHERE (counts ->> 'rejects')::bigint > 0) AS rejected_payloads,
        coalesce(sum((counts ->> 'seen')::bigint), 0) AS seen,
        coalesce(sum((counts ->> 'inserted')::bigint), 0) AS inserted,
        coalesce(sum((counts ->> 'enriched')::bigint), 0) AS enriched,
        coalesce(sum((counts ->> 'duplicate')::bigint), 0) AS duplicate,
        coalesce(sum((counts ->> 'conflicting')::bigint), 0) AS conflicting,
        coalesce(sum((counts ->> 'rejected')::bigint), 0) AS rejected,
        coalesce(sum((counts ->> 'excluded')::bigint), 0) AS excluded,
        coalesce(sum((counts ->> 'events')::bigint), 0) AS events,
        coalesce(sum((counts ->> 'contacts')::bigint), 0) AS contacts,
        coalesce(sum((counts ->> 'chunks')::bigint), 0) AS chunks,
        coalesce(sum((counts ->> 'rejects')::bigint), 0) AS rejects,
        coalesce(sum((counts ->> 'text_repaired')::bigint), 0) AS text_repaired,
        coalesce(sum((counts ->> 'time_unusable')::bigint), 0) AS time_unusable,
        coalesce(sum((counts ->> 'direction_unknown')::bigint), 0) AS direction_unknown,
        coalesce(sum((counts ->> 'types_unknown')::bigint), 0) AS types_unknown,
        coalesce(sum((counts ->> 'group_events')::bigint), 0) AS group_events
    FROM coexsync.payload AS p WHERE p.account_id = a.account_id
) AS l
CROSS JOIN LATERAL (
    -- by thread first, so that the messages are read once, and a conversation is what its threads are;
    -- of $1, not of a, which would bar a parallel scan
    SELECT coalesce(sum(t.messages), 0)::bigint AS messages,
        coalesce(sum(t.inbound), 0)::bigint AS inbound,
        coalesce(sum(t.outbound), 0)::bigint AS outbound,
        (extract(epoch FROM min(t.oldest)) * 1000000)::bigint AS oldest_us,
        (extract(epoch FROM max(t.newest)) * 1000000)::bigint AS newest_us,
        coalesce(sum(t.conflicts), 0)::bigint AS conflicts,
        count(DISTINCT coalesce(g.conversation_id, t.thread_id)) AS conversations
    FROM (SELECT thread_id, count(*) AS messages,
            count(*) FILTER (WHERE direction = 'inbound') AS inbound,
            count(*) FILTER (WHERE direction = 'outbound') AS outbound,
            min(sent_at) AS oldest, max(sent_at) AS newest,
            count(*) FILTER (WHERE conflicts <> 0) AS conflicts
        FROM coexsync.message WHERE account_id = $1::integer
        GROUP BY thread_id) AS t
    LEFT JOIN coexsync.account_names(a.account_id) AS g ON g.identity = t.thread_id
) AS m
WHERE a.account_id = $1::integer AND $2::timestamptz IS NOT NULL
