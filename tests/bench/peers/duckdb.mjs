// duckdb.mjs FOLDER: read_json to a CSV file; psql COPYs it to a temp table and inserts from there.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const folder = process.argv[2];
const work = mkdtempSync(`${folder}.duckdb-`);
const csv = `${work}/message.csv`;

// What is read of a payload; the rest is skipped while it is parsed.
const message = `STRUCT("from" VARCHAR, "to" VARCHAR, id VARCHAR, timestamp BIGINT, type VARCHAR,
    "text" STRUCT(body VARCHAR), image STRUCT(caption VARCHAR), video STRUCT(caption VARCHAR),
    document STRUCT(caption VARCHAR), history_context STRUCT(status VARCHAR))[]`;
const entry = `STRUCT(changes STRUCT(value STRUCT(
    metadata STRUCT(phone_number_id VARCHAR, display_phone_number VARCHAR),
    history STRUCT(threads STRUCT(id VARCHAR, messages ${message})[])[],
    messages ${message}, message_echoes ${message}))[])[]`;

const rows = `
WITH change AS (
    SELECT unnest(flatten([e.changes for e in entry])).value AS v
    FROM read_json('${folder}/*', columns = {entry: '${entry}'}, maximum_object_size = 16777216)
), thread AS (
    SELECT v.metadata AS metadata, unnest(flatten([h.threads for h in v.history])) AS thread FROM change
), item AS (
    SELECT metadata, thread.id AS thread, unnest(thread.messages) AS m FROM thread
    UNION ALL
    SELECT v.metadata, NULL, unnest(v.messages) FROM change
    UNION ALL
    SELECT v.metadata, NULL, unnest(v.message_echoes) FROM change
)
SELECT DISTINCT ON (metadata.phone_number_id, m.id) metadata.phone_number_id, m.id,
    coalesce(thread, m."to", m."from"),
    CASE WHEN m."from" = metadata.display_phone_number THEN 'outbound' ELSE 'inbound' END,
    to_timestamp(m.timestamp), m.type,
    coalesce(m."text".body, m.image.caption, m.video.caption, m.document.caption),
    lower(m.history_context.status)
FROM item WHERE m.type NOT IN ('edit', 'revoke', 'reaction')`;

try {
    const db = await (await DuckDBInstance.create()).connect();
    await db.run(`COPY (${rows}) TO '${csv}' (FORMAT csv, HEADER false)`);
    execFileSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', '-1',
        '-c', 'CREATE TEMP TABLE stage (LIKE message)',
        '-c', `\\copy stage FROM '${csv}' (FORMAT csv)`,
        '-c', 'INSERT INTO message SELECT * FROM stage ON CONFLICT DO NOTHING'],
    { stdio: ['ignore', 'inherit', 'inherit'] });
} finally {
    rmSync(work, { recursive: true });
}
