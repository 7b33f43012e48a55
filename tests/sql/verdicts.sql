-- Each verdict and its reasons, in their order. A case is an account onboarded on 1 March; its
-- chunks are phase:order:progress:messages:error.
CREATE TEMP TABLE want (account_id integer, name text, chunks text, verdict text, codes text)
    ON COMMIT DROP;
INSERT INTO want VALUES
    (1, 'complete', '0:1:30:10: 1:2:60:10: 2:3:100:10:', 'complete', 'numbering_assumed'),
    (2, 'complete, phase 0 alone', '0:1:100:10:', 'complete', 'older_phases_unseen'),
    (3, 'complete, 100 came first', '2:2:100:10: 2:1:80:10:', 'complete', ''),
    (4, 'complete, nothing to share', '2:1:100:0:', 'complete', ''),
    (5, 'declined', '-:-:-:0:2593109', 'declined', 'declined'),
    (6, 'no data', NULL, 'no_data', 'no_data'),
    (7, 'no data but an error', '-:-:-:0:131000', 'no_data', 'no_data,chunk_errors'),
    (8, 'progress below 100', '2:1:99:10:', 'incomplete', 'progress_below_100'),
    (9, '100 in an earlier phase', '0:1:100:10: 1:2:50:10:', 'incomplete',
        'progress_below_100,numbering_assumed'),
    (10, 'holes', '2:1:50:10: 2:3:100:10:', 'incomplete', 'holes'),
    (11, 'declined after data', '2:1:100:10: -:-:-:0:2593109', 'incomplete', 'declined_after_data'),
    (12, 'no numbers', '2:-:100:10:', 'unprovable', 'no_chunk_numbers'),
    (13, 'no numbers and below 100', '2:-:50:10:', 'incomplete',
        'progress_below_100,no_chunk_numbers'),
    (14, 'messages alone', '-:-:-:10:', 'unprovable', 'no_chunk_numbers,progress_not_said'),
    (15, 'progress not said', '2:1:-:10:', 'unprovable', 'progress_not_said'),
    (16, 'not said in the latest phase', '0:1:100:10: 1:2:-:10:', 'unprovable',
        'progress_not_said,numbering_assumed'),
    (17, 'in each phase', '0:1:20:10: 2:1:100:10:', 'complete', 'phase_end_assumed'),
    (18, 'rejects', '2:1:100:10:', 'complete_with_loss', 'rejects'),
    (19, 'rejects and holes', '2:2:100:10:', 'incomplete', 'holes,rejects'),
    (20, 'a file lost', '2:1:100:10:', 'complete_with_loss', 'media_lost'),
    (21, 'a file still to come', '2:1:100:10:', 'complete', ''),
    (22, 'without raw bytes', '2:1:100:10:', 'complete', 'payloads_without_raw'),
    (23, 'an error without code, of all', '2:1:100:0:0', 'no_data', 'no_data,chunk_errors'),
    (24, 'an error of a chunk', '2:1:100:10: 2:2:100:0:131000', 'incomplete', 'chunk_errors'),
    (25, 'its phase is another', '2:1:100:10: 1:1:100:0:131000', 'incomplete', 'chunk_errors'),
    (26, 'and the chunk came', '2:1:100:10: 2:2:100:0:131000 2:2:100:10:', 'complete',
        'chunk_errors'),
    (30, 'of a number without a phase, that came', '2:1:100:10: -:1:-:0:131000', 'complete',
        'chunk_errors'),
    (31, 'of a whole phase', '1:1:100:10: 2:-:-:0:131000', 'incomplete',
        'chunk_errors,older_phases_unseen'),
    (32, 'of a phase that came', '2:1:100:10: 2:-:-:0:131000', 'complete', 'chunk_errors'),
    (33, 'beside messages', '2:1:100:10:131000', 'incomplete', 'chunk_errors'),
    (27, 'an error of no chunk', '2:1:100:10: -:-:-:0:0', 'complete', 'chunk_errors'),
    (28, 'a number below 0 is none', '2:-1:100:10:', 'unprovable', 'no_chunk_numbers'),
    (29, 'nor among others', '2:-1:50:10: 2:2:100:10:', 'incomplete', 'holes');
INSERT INTO coexsync.account (account_id, name, phone_number_id)
SELECT account_id, name, 'p' || account_id FROM want;
INSERT INTO coexsync.activation SELECT account_id, '2026-03-01Z' FROM want;
INSERT INTO coexsync.chunk
SELECT w.account_id, '\x01', '/history/' || c.place, f.n[1], f.n[2], f.n[3], f.n[4], NULL, NULL,
    f.n[5]
FROM want AS w
CROSS JOIN LATERAL string_to_table(w.chunks, ' ') WITH ORDINALITY AS c(chunk, place)
CROSS JOIN LATERAL (SELECT array_agg(nullif(nullif(x.v, '-'), '')::integer ORDER BY x.place)
    FROM string_to_table(c.chunk, ':') WITH ORDINALITY AS x(v, place)) AS f(n);
INSERT INTO coexsync.reject VALUES (18, '\x01', '', 'unknown_shape', 'x'),
    (19, '\x01', '', 'unknown_shape', 'x');
-- one who sent a file and never announced it, and one who announced it and may yet be asked
INSERT INTO coexsync.message
SELECT a, 'w', 'w', '15550001111', 'inbound', '2026-02-20Z', 'media_placeholder', NULL, NULL, NULL,
    NULL, NULL, NULL, 1, 0, 1, 1, 1, 0 FROM unnest('{20,21}'::integer[]) AS a;
INSERT INTO coexsync.media_asset (account_id, wamid, media_id, received_at)
VALUES (21, 'w', '9001', '2026-03-01Z');
INSERT INTO coexsync.payload SELECT 22, '\x01', 1, '00000000-0000-0000-0000-000000000001', 'x', 1,
    'history', 'meta', NULL, 'absent', NULL, 1, true, '{}';

SELECT facts.is(w.name, format('%s|%s', v.verdict, array_to_string(v.reasons, ',')),
    w.verdict || '|' || w.codes)
FROM want AS w
LEFT JOIN coexsync.verdict_as_of('2026-03-03Z') AS v ON v.account_id = w.account_id;
SELECT facts.is('a sentence a reason', count(*)::text, '0') FROM coexsync.verdict
WHERE cardinality(reasons) <> cardinality(sentences) OR array_position(sentences, NULL) IS NOT NULL;
SELECT facts.is('one row each', format('%s|%s|%s', count(*), count(DISTINCT account_id),
    bool_and(phone_number_id = 'p' || account_id)), '33|33|t') FROM coexsync.verdict;

-- The clock alone makes the announced file a lost one.
SELECT facts.is('later', format('%s|%s', verdict, array_to_string(reasons, ',')),
    'complete_with_loss|media_lost')
FROM coexsync.verdict_as_of('2026-03-09Z') WHERE account_id = 21;
-- Not onboarded by anybody's word: declined is said all the same.
DELETE FROM coexsync.activation WHERE account_id = 5;
SELECT facts.is('declined without activation',
    format('%s|%s|%s', verdict, onboarded_at, is_inferred), 'declined||t')
FROM coexsync.verdict_as_of('2026-03-03Z') WHERE account_id = 5;

-- A payload of nobody is a reservation of everybody, until an account has it; that of a payload
-- which names others, too, stays. It is no fact of the account.
INSERT INTO coexsync.payload SELECT a, h, n, '00000000-0000-0000-0000-000000000001', 'x', 1, k,
    NULL, NULL, 'absent', NULL, 1, false, '{}'
FROM (VALUES (0, '\x51'::bytea, 1, 'unusable'), (0, '\x52', 1, 'unusable'),
    (3, '\x52', 1, 'unusable'), (0, '\x53', 1, 'unusable'), (3, '\x53', 1, 'excluded'),
    (0, '\x54', 2, 'unusable'), (3, '\x54', 2, 'history')) AS y(a, h, n, k);
SELECT facts.is('unusable payloads', v.verdict || '|' || array_to_string(v.reasons, ',') || '|'
    || v.sentences[cardinality(v.sentences)],
    'complete|payloads_without_raw,unusable_payloads|Payloads that cannot be used and name no '
    'number: 3; they may belong to this one.')
FROM coexsync.verdict_as_of('2026-03-03Z') AS v WHERE v.account_id = 3;
SELECT facts.is('of everybody', count(*)::text, '33') FROM coexsync.verdict_as_of('2026-03-03Z')
WHERE 'unusable_payloads' = ANY (reasons);
SELECT facts.is('of the account alone', count(*)::text, '0')
FROM coexsync.verdict_as_of('2026-03-03Z', of_account_alone => true)
WHERE 'unusable_payloads' = ANY (reasons);

-- ---- sentences: they name what was found ----------------------------------------------------------
-- sentence(account, code), judged on 3 March
CREATE FUNCTION pg_temp.sentence(of_account integer, of_code text) RETURNS text LANGUAGE sql AS $$
    SELECT r.sentence FROM coexsync.verdict_as_of('2026-03-03Z') AS v
    CROSS JOIN LATERAL unnest(v.reasons, v.sentences) AS r(code, sentence)
    WHERE v.account_id = of_account AND r.code = of_code
$$;
INSERT INTO coexsync.chunk
SELECT 10, '\x02', '/history/' || n, 1, n, 60, 1, NULL, NULL, NULL FROM unnest('{5,8}'::integer[]) AS n;
SELECT facts.is('holes', pg_temp.sentence(10, 'holes'), 'Chunks missing between those that came: 4 '
    '(phase 1: 6-7; phase 2: 2, 4), numbered across phases, from 1.');
SELECT facts.is('numbering', pg_temp.sentence(1, 'numbering_assumed'), 'Chunks are taken to be '
    'numbered across phases, from 1; numbered in each phase, some would be missing.');
SELECT facts.is('phase end', pg_temp.sentence(17, 'phase_end_assumed'), 'Chunks are numbered in each '
    'phase, from 1, so a loss at the end of a phase cannot be seen.');
INSERT INTO coexsync.reject VALUES (18, '\x02', '', 'id_missing', 'x'),
    (18, '\x03', '', 'id_missing', 'x');
INSERT INTO coexsync.reject VALUES (18, '\x03', '#more', 'more_rejects', 'x', NULL, 70);
SELECT facts.is('rejects', pg_temp.sentence(18, 'rejects'), 'Payloads or items of them that could '
    'not be used: 73 (id_missing 2, more_rejects 70, unknown_shape 1).');
SELECT facts.is('lost', pg_temp.sentence(20, 'media_lost'),
    'Media files that cannot be had: 1 (never_announced 1).');
-- by reason, where there is more than the state
INSERT INTO coexsync.media_asset (account_id, wamid, media_id, received_at)
SELECT 20, 'f', id, CASE WHEN id = '4' THEN '2026-02-20Z' ELSE '2026-03-01Z' END::timestamptz
FROM unnest('{1,2,3,4,5}'::text[]) AS id;
INSERT INTO coexsync.media_file (account_id, wamid, media_id, outcome, reason) VALUES
    (20, 'f', '1', 'refused', 'host_not_allowed'), (20, 'f', '2', 'refused', 'host_not_allowed'),
    (20, 'f', '3', 'refused', 'web_page'), (20, 'f', '5', 'failed', 'no_answer');
SELECT facts.is('lost, by reason', pg_temp.sentence(20, 'media_lost'), 'Media files that cannot be '
    'had: 5 (id_expired: not_tried 1, never_announced 1, refused: host_not_allowed 2, refused: web_page 1).');
SELECT facts.is('items of the report', string_agg(concat_ws(' ', s.state, s.reason, s.files), ', '
    ORDER BY s.state, s.reason), 'announced 1, id_expired not_tried 1, never_announced 1, '
    'refused host_not_allowed 2, refused web_page 1')
FROM coexsync.judgement_as_of('2026-03-03Z') AS v
CROSS JOIN LATERAL jsonb_to_recordset(v.media) AS s (state text, reason text, files bigint)
WHERE v.account_id = 20;
SELECT facts.is('errors', pg_temp.sentence(7, 'chunk_errors'),
    'In the place of a part of the history errors came, by code: 131000.');
SELECT facts.is('errors without code', pg_temp.sentence(27, 'chunk_errors'),
    'In the place of a part of the history errors came, by code: not said.');
SELECT facts.is('orders', (SELECT format('%s %s-%s', chunks, lowest_order, highest_order)
    FROM coexsync.coverage WHERE account_id = 29), '1 2-2');
UPDATE coexsync.activation SET history_requested_at = '2026-03-01 10:00Z' WHERE account_id = 6;
SELECT facts.is('silence', pg_temp.sentence(6, 'request_unanswered'), 'History was requested at '
    '2026-03-01T10:00:00Z, and until 2026-03-03T00:00:00Z nothing has come.');
INSERT INTO coexsync.activation VALUES (3, '2026-03-03 00:00:01Z');
SELECT facts.is('in future', pg_temp.sentence(3, 'onboarded_in_future'), 'The onboarding, at '
    '2026-03-03T00:00:01Z, lies after the moment of this judgement, 2026-03-03T00:00:00Z.');
DELETE FROM coexsync.activation WHERE account_id = 3 AND onboarded_at > '2026-03-03Z';
-- Until a day after the onboarding, or after the request, history may go on; nobody's guess is wrong.
CREATE FUNCTION pg_temp.until(of_newest timestamptz, of_request timestamptz) RETURNS text
LANGUAGE sql AS $$
    UPDATE coexsync.chunk SET newest = of_newest WHERE account_id = 12;
    UPDATE coexsync.activation SET history_requested_at = of_request WHERE account_id = 12;
    SELECT coalesce(pg_temp.sentence(12, 'history_after_onboarding'), '')
$$;
SELECT facts.is('a day after', pg_temp.until('2026-03-02Z', NULL), '');
SELECT facts.is('and a second', pg_temp.until('2026-03-02 00:00:01Z', NULL), 'The history goes on until '
    '2026-03-02T00:00:01Z, more than a day after the onboarding, 2026-03-01T00:00:00Z.');
SELECT facts.is('requested later', pg_temp.until('2026-03-02 00:00:01Z', '2026-03-01 00:00:01Z'), '');

-- ---- days of a phase: from the onboarding or from the request, whichever is wider ------------------
CREATE TEMP TABLE day (phase integer, oldest timestamptz, newest timestamptz, is_outside boolean)
    ON COMMIT DROP;
INSERT INTO day VALUES
    -- 0: one day before until T, or a request within 24 hours of it
    (0, '2026-02-28Z', '2026-03-02Z', false), (0, '2026-02-27 23:59Z', '2026-03-01Z', true),
    (0, '2026-03-01Z', '2026-03-02 00:01Z', true),
    (1, '2025-12-01Z', '2026-03-01Z', false), (1, '2025-11-30 23:59Z', '2026-02-01Z', true),
    (1, '2026-02-01Z', '2026-03-01 00:01Z', true),
    (2, '2025-09-02Z', '2025-12-02Z', false), (2, '2025-09-01 23:59Z', '2025-10-01Z', true),
    (2, '2025-10-01Z', '2025-12-02 00:01Z', true),
    -- a phase that nobody has named has no days; nor has one without dates
    (3, '2020-01-01Z', '2030-01-01Z', false), (1, NULL, NULL, false);
INSERT INTO coexsync.account (account_id, name)
SELECT 100 + row_number() OVER (), 'day ' || row_number() OVER () FROM day;
INSERT INTO coexsync.activation SELECT account_id, '2026-03-01Z' FROM coexsync.account WHERE account_id > 100;
INSERT INTO coexsync.chunk SELECT 100 + row_number() OVER (), '\x01', '', phase, 1, 100, 1, oldest, newest
FROM day;
SELECT facts.is(format('day %s: %s', d.n, d), (pg_temp.sentence(100 + d.n::integer, 'dates_outside_phase')
    IS NOT NULL)::text, d.is_outside::text)
FROM (SELECT row_number() OVER () AS n, * FROM day) AS d;
-- the request was made at once: a day later is outside
UPDATE coexsync.activation SET history_requested_at = '2026-03-01 00:05Z' WHERE account_id = 101;
SELECT facts.is('days from the request', pg_temp.sentence(101, 'dates_outside_phase'), 'Messages lie '
    'outside the days of their phase: phase 0. The platform does not keep to the days that it names.');

-- ---- what dangles, and whose it is -----------------------------------------------------------------
DELETE FROM coexsync.account WHERE account_id = 1;
DELETE FROM coexsync.activation WHERE account_id = 1;
DELETE FROM coexsync.chunk WHERE account_id = 1;
CALL facts.account();
INSERT INTO coexsync.activation VALUES (1, '2026-03-01Z'), (1, '2026-06-01Z');
CALL facts.message('w.1', '15550001111', 'inbound', '2026-02-01Z', key => 'KEY1');
-- answered by its id, by its key, a dummy, and by what is not there, in either activation
CALL facts.message('w.2', '15550001111', 'outbound', '2026-02-02Z', reply_to => 'w.1', reply_key => 'KEY1');
CALL facts.message('w.3', '15550001111', 'outbound', '2026-02-02Z', reply_to => 'w.other', reply_key => 'KEY1');
CALL facts.message('w.4', '15550001111', 'outbound', '2026-02-02Z', reply_to => 'M0');
CALL facts.message('w.5', '15550001111', 'outbound', '2026-02-02Z', reply_to => 'w.gone');
CALL facts.message('w.6', '15550002222', 'outbound', '2026-03-01Z', reply_to => 'w.gone');
CALL facts.message('w.7', '15550002222', 'outbound', '2026-03-02Z', reply_to => 'w.gone too');
CALL facts.message('w.8', '15550002222', 'outbound', NULL, reply_to => 'w.gone too');
CALL facts.event('e.1', 'edit', 'w.1', NULL, '2026-02-02Z', key => 'KEY1');
CALL facts.event('e.2', 'edit', 'w.gone', NULL, '2026-02-02Z');
CALL facts.event('e.3', 'revoke', 'w.gone', NULL, '2026-02-02Z');
CALL facts.event('e.4', 'reaction', 'w.gone', NULL, '2026-02-02Z');
CALL facts.event('e.5', 'status', 'w.gone', NULL, '2026-02-02Z');
CALL facts.event('e.6', 'status', 'M0', NULL, '2026-02-02Z');
SELECT facts.is('what dangles', string_agg(format('%s: %s in %s, %s, %s', to_char(onboarded_at, 'MM-DD'),
    replies, conversations, changes, statuses), '; ' ORDER BY onboarded_at),
    '03-01: 2 in 2, 3, 1; 06-01: 2 in 1, 0, 0') FROM coexsync.dangling_in(1);

-- ---- silent days -----------------------------------------------------------------------------------
-- twenty on each day of five weeks from Monday, 5 January; 19 on Fridays and on 4 February. Silent: a
-- Tuesday, a Saturday to Monday, a Friday, and 28 January, the Wednesday before the 4th.
INSERT INTO coexsync.account (account_id, name) VALUES (90, 'silent');
INSERT INTO coexsync.message
SELECT 90, 'w' || d || '.' || n, 'w' || d || '.' || n, '15550001111', 'inbound',
    timestamptz '2026-01-04 12:00Z' + d * interval '1 day', 'text', 'x', NULL, NULL, NULL, NULL, NULL,
    1, 1, 1, 1, 1, 0
FROM generate_series(1, 35) AS d CROSS JOIN generate_series(1, 20) AS n
WHERE d <> ALL ('{9,13,14,15,19,24}'::integer[]) AND NOT ((d % 7 = 5 OR d = 31) AND n = 20);
SELECT facts.is('silent days', string_agg(day::text, ' ' ORDER BY day),
    '2026-01-13 2026-01-17 2026-01-18 2026-01-19')
FROM coexsync.silent_days(90, '2026-01-05Z', '2026-02-09Z');
SELECT facts.is('with nothing before', count(*)::text, '0')
FROM coexsync.silent_days(90, '2026-01-07Z', '2026-01-17Z');
-- and where one of them has no midnight: summer began then
UPDATE coexsync.message SET sent_at = sent_at - interval '63144 hours' WHERE account_id = 90;
SET LOCAL TimeZone = 'America/Sao_Paulo';
SELECT facts.is('in a zone without that midnight', string_agg(day::text, ' ' ORDER BY day),
    '2018-10-31 2018-11-04 2018-11-05 2018-11-06')
FROM coexsync.silent_days(90, '2018-10-23Z', '2018-11-27Z');
SET LOCAL TimeZone = 'UTC';
-- said in one way, whatever way of writing dates the session has
INSERT INTO coexsync.chunk VALUES (90, '\x01', '', 2, 1, 100, 10, '2018-10-23Z', '2018-11-27Z', NULL);
SET LOCAL DateStyle = 'German';
SELECT facts.is('days in words', s.sentence, 'Days without any message, though the weekday was busy '
    'before and after: 4 (2018-10-31, 2018-11-04, 2018-11-05, 2018-11-06).')
FROM coexsync.verdict AS v CROSS JOIN LATERAL unnest(v.reasons, v.sentences) AS s(code, sentence)
WHERE v.account_id = 90 AND s.code = 'silent_days';
SET LOCAL DateStyle = 'ISO';
