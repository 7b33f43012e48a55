-- $1::boolean as JSON
-- A run whose heartbeat is older than five minutes has been interrupted. What began later than one of
-- the latest is among them, too.
WITH latest AS MATERIALIZED (
    SELECT * FROM coexsync.run ORDER BY started_at DESC, run_id LIMIT 50
)
SELECT CASE WHEN $1::boolean
    THEN json_build_object('run_id', run_id, 'command', command, 'state', state,
        'started_at', started, 'ended_at', ended, 'heartbeat_at', heartbeat,
        'exit_code', exit_code, 'tool_version', tool_version, 'counts', counts,
        'percent', percent, 'next', next, 'next_step', step)::text
    ELSE format('%s  %s  %-8s  %-11s  %s', left(run_id::text, 8), started, command, state,
        CASE next WHEN 'none' THEN said
            WHEN 'wait' THEN format('%s%s; %s', percent || ' % read, ', said, step)
            ELSE step END) END
FROM (
    SELECT *,
        CASE WHEN state = 'running' AND (counts ->> 'bytes_total')::numeric > 0
            THEN least(100, floor((counts ->> 'bytes_read')::numeric * 100
                / (counts ->> 'bytes_total')::numeric))::integer END AS percent,
        CASE WHEN counts ? 'files' THEN format('%s files, %s downloaded', counts ->> 'files',
                (counts ->> 'downloaded')::bigint + (counts ->> 'unverified')::bigint)
            ELSE format('%s payloads, %s known, %s messages seen, %s inserted',
                coalesce(counts ->> 'payloads', '0'), coalesce(counts ->> 'known', '0'),
                coalesce(counts ->> 'seen', '0'), coalesce(counts ->> 'inserted', '0'))
            END || CASE WHEN (counts ->> 'rejects')::bigint > 0
                THEN format(', %s rejected items', counts ->> 'rejects') ELSE '' END AS said,
        CASE next
            WHEN 'wait' THEN format('heard of %s s ago', greatest(0, heard_s))
            WHEN 'superseded' THEN 'a later one has ended well'
            WHEN 'again' THEN 'give the same command again: it goes on where it stopped'
            WHEN 'mend' THEN 'a file cannot be read or written, the disk is full or memory ran '
                || 'out: mend it, then give the same command again'
            WHEN 'inspect' THEN 'nothing was usable: coexsync inspect SOURCE says why'
            WHEN 'look' THEN CASE exit_code
                WHEN 77 THEN 'a right is missing, of the token (coexsync check -' || '-graph tells '
                    || 'more), in the database or to a file'
                ELSE 'coexsync help exit says what that means' END END AS step
    FROM (
        SELECT *,
            CASE WHEN state IN ('done', 'running')
                THEN CASE state WHEN 'done' THEN 'none' ELSE 'wait' END
                WHEN EXISTS (SELECT FROM latest AS l WHERE l.command = r.command
                    AND l.started_at > r.started_at AND l.exit_code IN (0, 3)) THEN 'superseded'
                WHEN state = 'interrupted' OR exit_code IN (69, 75, 130, 143) THEN 'again'
                WHEN exit_code IN (73, 74) THEN 'mend'
                WHEN exit_code = 65 THEN 'inspect'
                ELSE 'look' END AS next
        FROM (
            SELECT *,
                to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started,
                to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS ended,
                to_char(heartbeat_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS heartbeat,
                extract(epoch FROM now() - heartbeat_at)::bigint AS heard_s,
                CASE WHEN exit_code IN (0, 3) THEN 'done'
                    WHEN ended_at IS NOT NULL THEN 'exit ' || exit_code
                    WHEN heartbeat_at < now() - interval '5 minutes' THEN 'interrupted'
                    ELSE 'running' END AS state
            FROM latest
        ) AS r
    ) AS r
) AS r
ORDER BY started_at DESC, run_id
