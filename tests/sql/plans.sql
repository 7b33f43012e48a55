-- Plans where the planner knows of other accounts only, as it does when a second customer comes: a
-- message and an event are found by their keys, a conversation by its thread, its events by targets.
INSERT INTO coexsync.account (account_id, name) VALUES (1, '100'), (2, '200');
INSERT INTO coexsync.message
SELECT 2, 'wamid.' || i, 'KEY' || i, (15550000000 + i % 100)::text, 'inbound', now(), 'text', 'x', NULL,
    NULL, NULL, NULL, NULL, 1, 1, 1, 1, 1, 0
FROM generate_series(1, 20000) AS i;
INSERT INTO coexsync.message_event
SELECT 2, 'status:' || i, 'wamid.' || i, 'KEY' || i, 'status', 'read', NULL, now(), NULL
FROM generate_series(1, 20000) AS i;
ANALYZE coexsync.message, coexsync.message_event;

CREATE FUNCTION facts.plan_of(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN plan::text;
END $$;
CREATE FUNCTION facts.index_of(query text) RETURNS text
LANGUAGE sql AS $$ SELECT substring(facts.plan_of(query) FROM '"Index Name": "([a-z_]+)"') $$;

SELECT facts.is('by wamid', facts.index_of(
    $$SELECT * FROM coexsync.message WHERE account_id = 1 AND wamid = 'wamid.1' LIMIT 1$$),
    'message_pkey');
SELECT facts.is('by thread', facts.index_of($$SELECT * FROM coexsync.message
    WHERE account_id = 2 AND thread_id = ANY (ARRAY(SELECT '15550000001'::text COLLATE "C"))$$),
    'message_thread_idx');
SELECT facts.is('by event', facts.index_of(
    $$SELECT * FROM coexsync.message_event WHERE account_id = 1 AND event_id = 'status:1' LIMIT 1$$),
    'message_event_pkey');
SELECT facts.is('by target', facts.index_of($$SELECT * FROM coexsync.message_event
    WHERE account_id = 2 AND target_key <> 'M0'
    AND target_key = ANY (ARRAY(SELECT 'KEY1'::text COLLATE "C"))$$), 'message_event_target_idx');

-- Whether a new account has rows: nobody else's are read.
\set read_account `sed "s/\$1::text/'100'/" sql/read_account.sql`
SELECT facts.is('read_account', substring(facts.plan_of(:'read_account')
    FROM '"Seq Scan"[^}]*"Relation Name": "(message|message_event)"'), NULL);

-- The replies of an account meet its messages by hash: a loop would go through all for each, a merge
-- would sort all.
SELECT facts.is('replies', substring(facts.plan_of('SELECT * FROM coexsync.messages WHERE account_id = 1')
    FROM '"(Hash Cond|Join Filter)": "[^"]*reply_to'), 'Hash Cond');

-- The views take the accounts one by one: of some, which no autovacuum counts, as many are expected.
INSERT INTO coexsync.account (account_id, name) SELECT i, 'a' || i FROM generate_series(3, 9) AS i;
SELECT facts.is('accounts', (substring(facts.plan_of('SELECT * FROM coexsync.account')
    FROM '"Plan Rows": ([0-9]+)')::integer < 20)::text, 'true');
