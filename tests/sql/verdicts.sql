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
    (7, 'no data but an error', '-:-:-:0:131000', 'no_data', 'no_data'),
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
    (22, 'without raw bytes', '2:1:100:10:', 'complete', 'payloads_without_raw');
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
    bool_and(phone_number_id = 'p' || account_id)), '22|22|t') FROM coexsync.verdict;

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
SELECT facts.is('of everybody', count(*)::text, '22') FROM coexsync.verdict_as_of('2026-03-03Z')
WHERE 'unusable_payloads' = ANY (reasons);
SELECT facts.is('of the account alone', count(*)::text, '0')
FROM coexsync.verdict_as_of('2026-03-03Z', of_account_alone => true)
WHERE 'unusable_payloads' = ANY (reasons);
