-- Plans where the planner knows of other accounts only, as it does when a second customer comes: a
-- message and an event are found by their keys, a conversation by its thread, its events by targets.
-- What autovacuum may have counted after the tests before this one goes as well.
TRUNCATE coexsync.message, coexsync.message_event, coexsync.payload, coexsync.chunk;
INSERT INTO coexsync.account (account_id, name) VALUES (1, '100'), (2, '200');
INSERT INTO coexsync.message
SELECT 2, 'wamid.' || i, 'KEY' || i, (15550000000 + i % 100)::text, 'inbound', now(), 'text', 'x', NULL,
    NULL, NULL, NULL, NULL, 1, 1, 1, 1, 1, 0
FROM generate_series(1, 20000) AS i;
INSERT INTO coexsync.message_event
SELECT 2, 'status:' || i, 'wamid.' || i, 'KEY' || i, 'status', 'read', NULL, now(), NULL
FROM generate_series(1, 20000) AS i;

CREATE FUNCTION facts.plan_of(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN plan::text;
END $$;
CREATE FUNCTION facts.index_of(query text) RETURNS text
LANGUAGE sql AS $$ SELECT substring(facts.plan_of(query) FROM '"Index Name": "([a-z_]+)"') $$;

-- The replies of an account meet its messages by hash, also where nobody has counted either: a loop
-- would go through all for each, a merge would sort all.
CREATE FUNCTION facts.meeting_of_replies(of_account integer) RETURNS text
LANGUAGE sql AS $$
    SELECT substring(facts.plan_of('SELECT * FROM coexsync.messages WHERE account_id = ' || of_account)
        FROM '"(Hash Cond|Join Filter|Merge Cond)": "([^"]|\\")*reply_wamid')
$$;
SELECT facts.is('replies, nothing counted', facts.meeting_of_replies(2), 'Hash Cond');
ANALYZE coexsync.message, coexsync.message_event;
SELECT facts.is('replies', facts.meeting_of_replies(2), 'Hash Cond');
SELECT facts.is('replies of one that is not known', facts.meeting_of_replies(1), 'Hash Cond');

-- Tables of rows of all accounts that are read whole.
CREATE FUNCTION facts.whole_reads(query text) RETURNS text
LANGUAGE sql AS $$
    SELECT string_agg(m[1], ',') FROM regexp_matches(facts.plan_of(query),
        '"Seq Scan"[^{}]*?"Relation Name": "(message|message_event|payload|chunk)"', 'g') AS m
$$;

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
SELECT facts.is('read_account', facts.whole_reads(:'read_account'), NULL);

-- Which accounts have payloads or chunks: those of others are not read for each.
INSERT INTO coexsync.payload
SELECT 100 + i % 50, sha256(convert_to(i::text, 'UTF8')), 1, '00000000-0000-0000-0000-000000000000', 'x', 1,
    'history', NULL, NULL, 'absent', NULL, 1, true, '{}', NULL, NULL
FROM generate_series(1, 20000) AS i;
INSERT INTO coexsync.chunk
SELECT 100 + i % 50, sha256(convert_to(i::text, 'UTF8')), '/', 0, i, 1, 0, NULL, NULL, NULL
FROM generate_series(1, 20000) AS i;
-- A page of what is to be replayed: row by row, by index, as the function has its body planned.
CREATE FUNCTION facts.plan_of_body(function regproc, VARIADIC arguments text[]) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    f pg_proc := (SELECT p FROM pg_proc AS p WHERE p.oid = function);
    query text := f.prosrc;
BEGIN
    FOR i IN 1 .. f.pronargs LOOP
        query := regexp_replace(query, '\m' || f.proargnames[i] || '\M', arguments[i], 'g');
    END LOOP;
    PERFORM set_config(split_part(c, '=', 1), split_part(c, '=', 2), true) FROM unnest(f.proconfig) AS c;
    RETURN facts.plan_of(query);
END $$;
CREATE FUNCTION facts.nodes_of_body(function regproc, VARIADIC arguments text[]) RETURNS text
LANGUAGE sql AS $$
    SELECT string_agg(DISTINCT m[1], ', ' ORDER BY m[1])
    FROM regexp_matches(facts.plan_of_body(function, VARIADIC arguments), '"Node Type": "([^"]+)"', 'g') AS m
$$;
SAVEPOINT settings;
SELECT facts.is('a page to replay', facts.nodes_of_body('coexsync.stored_payloads', '1', '$$\x80$$::bytea',
    'NULL::text', '1', 'true'), 'Index Only Scan, Index Scan, Limit');
-- of one account: from its first payload on, and not beyond its last
SELECT facts.is('a page of one account', (substring(facts.plan_of_body('coexsync.stored_payloads', '1',
    '$$\x80$$::bytea', '$$200$$::text', '1', 'true')
    FROM '"Index Cond": "[^"]*(account_id >= [^"]*account_id <= )') IS NOT NULL)::text, 'true');
ROLLBACK TO settings;

ANALYZE coexsync.payload, coexsync.chunk;
-- A page of the ledger, in the order of the index: nothing is sorted, of an account that is not known
-- either.
CREATE FUNCTION facts.sorts(query text) RETURNS boolean
LANGUAGE sql AS $$ SELECT facts.plan_of(query) LIKE '%"Sort"%' $$;
SET LOCAL enable_sort = off;
SET LOCAL enable_bitmapscan = off;
SET LOCAL enable_seqscan = off;
SELECT facts.is('the settings of payloads_from do', facts.sorts(
    $$SELECT * FROM coexsync.payload WHERE account_id = 1 AND sha256 >= '\x80' ORDER BY sha256 LIMIT 1000$$)::text,
    'false');
RESET enable_sort;
RESET enable_bitmapscan;
RESET enable_seqscan;
SELECT facts.is('and are its own, also of ' || oid::regproc, (SELECT string_agg(c, ' ' ORDER BY c) FROM unnest(proconfig) AS c),
    'enable_bitmapscan=off enable_seqscan=off enable_sort=off jit=off search_path=pg_catalog, pg_temp')
FROM pg_proc WHERE oid IN ('coexsync.payloads_from'::regproc, 'coexsync.stored_payloads'::regproc);

-- Raw bytes meet the ledger by their hash, not all of an account by its id: sql/check_raw_payload.sql,
-- as sql/prefer_hash_joins.sql has it planned.
\i sql/prefer_hash_joins.sql
\set check_raw `cat sql/check_raw_payload.sql`
SELECT facts.is('raw bytes', (facts.plan_of(:'check_raw') ~ '"Hash Cond": "[^"]*COALESCE\(p\.frame')::text, 'true');
-- The digest of one account, of which an archive is made, reads nobody else's rows.
\set digest_message `sed "s/\$1::integer/1/g" sql/digest_message.sql`
\set digest_message_event `sed "s/\$1::integer/1/g" sql/digest_message_event.sql`
\set digest_payload `sed "s/\$1::integer/1/g" sql/digest_payload.sql`
\set digest_chunk `sed "s/\$1::integer/1/g" sql/digest_chunk.sql`
SELECT facts.is('digest of one account', concat(facts.whole_reads(:'digest_message'),
    facts.whole_reads(:'digest_message_event'), facts.whole_reads(:'digest_payload'),
    facts.whole_reads(:'digest_chunk')), '');
SELECT set_config('enable_nestloop', 'on', true), set_config('enable_mergejoin', 'on', true);

\set list_accounts `cat sql/list_accounts.sql`
\set list_next_steps `sed "s/\$1::/true::/; s/\$2::timestamptz/now()/; s/\$3::integer/168/g; s/\$4::text/NULL::text/g" sql/list_next_steps.sql`
SELECT facts.is('list_accounts', facts.whole_reads(:'list_accounts'), NULL);
\set list_outdated `sed "s/\$1::/true::/; s/\$2::/2::/; s/\$3::text/'100'/g" sql/list_outdated.sql`
SELECT facts.is('payloads of one account to replay', facts.whole_reads(:'list_outdated'), NULL);
-- Of many accounts it seems dear, and is not compiled.
SET LOCAL jit = on;
\i sql/take_time.sql
SELECT facts.is('questions are not compiled', current_setting('jit'), 'off');
-- What came of later runs is looked for among the latest, not among those of all years.
\set list_runs `sed "s/\$1::/true::/" sql/list_runs.sql`
SELECT facts.is('runs are read once', (SELECT count(*)
    FROM regexp_matches(facts.plan_of(:'list_runs'), '"Relation Name": "run"', 'g'))::text, '1');
-- Who has many files whose time is over is asked for the messages of none of them.
SELECT facts.is('files whose time is over', (facts.plan_of(:'list_next_steps')
    ~ '"Filter": "..received_at IS NULL. OR')::text, 'true');
-- (of messages, which are all of one account here, it does)
SELECT facts.is('status', facts.whole_reads(:'list_next_steps'), 'message');
SELECT facts.is('activation_t',
    facts.whole_reads('SELECT * FROM coexsync.activation_t WHERE account_id = 1'), 'message');

-- The views take the accounts one by one: of some, which no autovacuum counts, as many are expected.
INSERT INTO coexsync.account (account_id, name) SELECT i, 'a' || i FROM generate_series(3, 9) AS i;
SELECT facts.is('accounts', (substring(facts.plan_of('SELECT * FROM coexsync.account')
    FROM '"Plan Rows": ([0-9]+)')::integer < 20)::text, 'true');

-- Messages of announced files, and payloads that are applied again, are found one by one: a join would
-- read all of an account for each, where it was counted while there was nothing.
CREATE FUNCTION facts.has_condition(query text, condition text) RETURNS text
LANGUAGE sql AS $$ SELECT (strpos(facts.plan_of(query), '"Index Cond": "' || condition) > 0)::text $$;
UPDATE pg_class SET relpages = 100, reltuples = 0 WHERE oid IN ('coexsync.message'::regclass,
    'coexsync.media_asset'::regclass, 'coexsync.payload'::regclass, 'coexsync.payload_raw'::regclass);
SELECT facts.is('messages of files', facts.has_condition(:'list_next_steps',
    '((account_id = a.account_id) AND (wamid = m.wamid))'), 'true');
CREATE TEMP TABLE stage_payload ON COMMIT DROP AS SELECT *, 0 AS part, 0 AS wave FROM coexsync.payload LIMIT 10;
\set merge_payload `sed "s/\$1::integer/1/g; s/\$2::bytea\[\]/'{}'::bytea[]/g" sql/merge_payload.sql`
SELECT facts.is('payloads again', facts.has_condition(:'merge_payload',
    '(sha256 = s.sha256)'), 'true');
SELECT facts.is('by their places', (facts.plan_of(:'merge_payload') LIKE '%"Tid Scan"%')::text, 'true');
