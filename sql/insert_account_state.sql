-- $1::integer account_id, $2::timestamptz as_of; in hours: $3::integer max_age, $4::integer id_life
-- $5::boolean is_after
-- needs: account_state
-- Names of contacts, messages in conflict, files and items by what became of them.
INSERT INTO pg_temp.account_state (account_id, is_after, kind, name, value)
SELECT $1::integer, $5::boolean, s.kind, s.name, s.value
FROM (
    SELECT 'contact' AS kind, identity AS name, display_name AS value
    FROM coexsync.contacts WHERE account_id = $1::integer
    UNION ALL
    SELECT 'conflict', wamid, coexsync.conflict_words(conflicts)
    FROM coexsync.message WHERE account_id = $1::integer AND conflicts <> 0
    UNION ALL
    SELECT 'file', state, count(*)::text
    FROM coexsync.media_as_of($2::timestamptz, make_interval(hours => $3::integer),
        make_interval(hours => $4::integer))
    WHERE account_id = $1::integer AND state IN ('too_old', 'never_announced', 'id_expired')
    GROUP BY state
    UNION ALL
    SELECT 'item', code, sum(items)::text
    FROM coexsync.reject WHERE account_id = $1::integer GROUP BY code
) AS s
