-- Numbers of chunks: across phases or in each, from 0 or from 1; holes by the kinder reading.
-- Each case is an account with one activation; chunks are phase:order. All messages are of one day,
-- whatever their phase.
CREATE TEMP TABLE want (account_id integer, chunks text, missing text, codes text, numbering text)
    ON COMMIT DROP;
INSERT INTO want VALUES
    (1, '0:1 0:2 0:3', '0:', '', 'from 1'),
    (2, '0:0 0:1 0:2', '0:', '', 'from 0'),
    (3, '0:1 0:4', '0:2-3', 'holes', 'from 1'),
    (4, '0:3', '0:1-2', 'holes', 'from 1'),
    (5, '0:0 0:2', '0:1', 'holes', 'from 0'),
    -- across phases: one between two phases lies under the earlier
    (6, '0:1 0:2 1:3 2:4', '0: 1: 2:', 'numbering_assumed', 'across phases, from 1'),
    (7, '0:1 1:3 2:4 2:6', '0:2 1: 2:5', 'holes numbering_assumed', 'across phases, from 1'),
    (8, '0:0 1:1 2:2', '0: 1: 2:', 'numbering_assumed', 'across phases, from 0'),
    -- a phase without data is no hole
    (9, '0:1 2:2', '0: 2:', 'numbering_assumed', 'across phases, from 1'),
    -- in each phase, since a number occurs in two
    (10, '0:1 0:2 1:1 2:1', '0: 1: 2:', 'phase_end_assumed', 'in each phase, from 1'),
    (11, '0:1 0:3 1:1 1:2 2:2', '0:2 1: 2:1', 'holes phase_end_assumed', 'in each phase, from 1'),
    (12, '0:0 0:1 1:0 1:2', '0: 1:1', 'holes phase_end_assumed', 'in each phase, from 0'),
    -- there is a 0, so each phase begins with it
    (13, '0:0 0:1 1:1 1:2', '0: 1:0', 'holes phase_end_assumed', 'in each phase, from 0'),
    -- one chunk given twice is one
    (14, '0:1 0:1 0:2', '0:', '', 'from 1'),
    -- all that is known is the number
    (15, '-:1 -:3', '-:2', 'holes', 'from 1'),
    -- no number
    (16, '0:-', '0:', 'no_chunk_numbers', NULL),
    (17, '0:1 1:-', '0: 1:', 'no_chunk_numbers', 'from 1');
INSERT INTO coexsync.account (account_id, name) SELECT account_id, account_id::text FROM want;
INSERT INTO coexsync.activation SELECT account_id, '2026-03-01Z' FROM want;
INSERT INTO coexsync.chunk
SELECT w.account_id, sha256(convert_to(w.account_id::text, 'UTF8')), '/history/' || c.place,
    nullif(split_part(c.chunk, ':', 1), '-')::integer,
    nullif(split_part(c.chunk, ':', 2), '-')::integer, 100, 10, '2026-02-01Z', '2026-02-02Z', NULL
FROM want AS w
CROSS JOIN LATERAL string_to_table(w.chunks, ' ') WITH ORDINALITY AS c(chunk, place);

SELECT facts.is(w.chunks, (SELECT string_agg(format('%s:%s', coalesce(c.phase::text, '-'),
            coexsync.int_ranges(c.missing)), ' ' ORDER BY c.phase)
        FROM coexsync.coverage AS c WHERE c.account_id = w.account_id), w.missing)
FROM want AS w;
SELECT facts.is('numbering of ' || w.chunks, (SELECT min(c.numbering)
        FROM coexsync.coverage AS c WHERE c.account_id = w.account_id), w.numbering)
FROM want AS w;
-- what they say of the verdict, but for the newest phases being 0 or 1, and that day
SELECT facts.is('reasons of ' || w.chunks, (SELECT coalesce(string_agg(r.code, ' '), '')
        FROM coexsync.verdict AS v CROSS JOIN LATERAL unnest(v.reasons) AS r(code)
        WHERE v.account_id = w.account_id AND r.code <> ALL ('{older_phases_unseen,dates_outside_phase}'::text[])), w.codes)
FROM want AS w;

SELECT facts.is('one phase', format('%s|%s|%s|%s|%s|%s|%s', chunks, lowest_order, highest_order,
    progress, messages, oldest, newest),
    '2|1|4|100|20|2026-02-01 00:00:00+00|2026-02-02 00:00:00+00')
FROM coexsync.coverage WHERE account_id = 3;
SELECT facts.is('given twice', format('%s|%s', chunks, messages), '2|30')
FROM coexsync.coverage WHERE account_id = 14;

-- A number out of its mind: all holes are counted, 10,000 are listed.
INSERT INTO coexsync.chunk VALUES (1, '\x01', '', 0, 2147483647, 100, 1, NULL, NULL, NULL);
SELECT facts.is('huge', format('%s|%s', cardinality(missing), holes), '10000|2147483643')
FROM coexsync.coverage WHERE account_id = 1;
