// rows.mjs upsert|find FOLDER: a message at a time and a commit each, as web applications do it:
// one upsert; or look whether it is there, then create it.
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

const noMessages = new Set(['edit', 'revoke', 'reaction']);

function* items(value) {
    for (const history of value.history ?? []) {
        for (const thread of history.threads ?? []) {
            for (const message of thread.messages) yield [thread.id, message];
        }
    }
    for (const message of value.messages ?? []) yield [message.from, message];
    for (const message of value.message_echoes ?? []) yield [message.to, message];
}

function* rows(document) {
    for (const { value } of document.entry.flatMap((entry) => entry.changes)) {
        const { phone_number_id: account, display_phone_number: business } = value.metadata;
        for (const [thread, m] of items(value)) {
            if (noMessages.has(m.type)) continue;
            yield [account, m.id, thread, m.from === business ? 'outbound' : 'inbound',
                new Date(m.timestamp * 1000), m.type, m.text?.body ?? m[m.type]?.caption ?? null,
                m.history_context?.status?.toLowerCase() ?? null];
        }
    }
}

const insert = `INSERT INTO message (account, wamid, thread, direction, sent_at, type, body, status)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
const ways = {
    upsert: (db, row) => db.query({
        name: 'upsert',
        text: `${insert} ON CONFLICT (account, wamid) DO UPDATE SET type = EXCLUDED.type,
            body = EXCLUDED.body, status = coalesce(EXCLUDED.status, message.status)`,
        values: row,
    }),
    find: async (db, row) => {
        const found = await db.query({
            name: 'find',
            text: 'SELECT * FROM message WHERE account = $1 AND wamid = $2',
            values: row.slice(0, 2),
        });
        if (found.rowCount === 0) await db.query({ name: 'create', text: insert, values: row });
    },
};

const [way, folder] = process.argv.slice(2);
const db = new pg.Client({ database: process.env.PGDATABASE });
await db.connect();
for (const name of readdirSync(folder).sort()) {
    for (const line of readFileSync(`${folder}/${name}`, 'utf8').split('\n').filter(Boolean)) {
        for (const row of rows(JSON.parse(line))) await ways[way](db, row);
    }
}
await db.end();
