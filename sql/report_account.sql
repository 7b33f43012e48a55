-- $1::integer account_id, $2::timestamptz as_of
-- Times are microseconds since 1970.
SELECT a.phone_number_id, l.*, m.*, d.next_deadline_us,
    (SELECT count(*) FROM coexsync.payload AS p WHERE p.account_id = a.account_id
        AND NOT EXISTS (SELECT FROM coexsync.payload_raw AS r
            WHERE r.account_id = p.account_id AND r.sha256 = p.sha256)) AS payloads_without_raw,
    (SELECT count(*) FROM coexsync.conversations AS c WHERE c.account_id = a.account_id)
        AS conversations,
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
    SELECT count(*) AS messages, count(*) FILTER (WHERE direction = 'inbound') AS inbound,
        count(*) FILTER (WHERE direction = 'outbound') AS outbound,
        (extract(epoch FROM min(sent_at)) * 1000000)::bigint AS oldest_us,
        (extract(epoch FROM max(sent_at)) * 1000000)::bigint AS newest_us,
        count(*) FILTER (WHERE conflicts <> 0) AS conflicts
    FROM coexsync.message AS t WHERE t.account_id = a.account_id
) AS m
CROSS JOIN LATERAL (
    SELECT (extract(epoch FROM min(deadline_at)) * 1000000)::bigint AS next_deadline_us
    FROM coexsync.media_as_of($2::timestamptz) AS f
    WHERE f.account_id = a.account_id AND f.state = 'announced'
) AS d
WHERE a.account_id = $1::integer
