-- $1::boolean as JSON
-- A run whose heartbeat is older than five minutes has been interrupted.
SELECT CASE WHEN $1::boolean
    THEN json_build_object('run_id', run_id, 'command', command, 'state', state,
        'started_at', started, 'ended_at', ended, 'exit_code', exit_code,
        'tool_version', tool_version, 'counts', counts)::text
    ELSE format('%s  %s  %-8s  %-11s  %s', left(run_id::text, 8), started, command, state,
        CASE state
            WHEN 'done' THEN CASE WHEN counts ? 'files' THEN format('%s files, %s downloaded',
                counts ->> 'files', (counts ->> 'downloaded')::bigint
                    + (counts ->> 'unverified')::bigint)
                ELSE format('%s payloads, %s known, %s messages seen, %s inserted',
                coalesce(counts ->> 'payloads', '0'), coalesce(counts ->> 'known', '0'),
                coalesce(counts ->> 'seen', '0'), coalesce(counts ->> 'inserted', '0')) END
            WHEN 'running' THEN 'wait for it'
            ELSE 'give the same command again: it goes on where it stopped' END) END
FROM (
    SELECT *,
        to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started,
        to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS ended,
        CASE WHEN exit_code IN (0, 3) THEN 'done'
            WHEN ended_at IS NOT NULL THEN 'exit ' || exit_code
            WHEN heartbeat_at < now() - interval '5 minutes' THEN 'interrupted'
            ELSE 'running' END AS state
    FROM coexsync.run
) AS r
ORDER BY started_at DESC, run_id
LIMIT 50
