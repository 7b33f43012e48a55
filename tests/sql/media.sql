-- States of files, to the second. T is 1 March 09:00, so the window begins on 15 February 09:00.
CALL facts.account();
INSERT INTO coexsync.activation (account_id, onboarded_at, history_requested_at)
VALUES (1, '2026-03-01 09:00Z', '2026-03-01 20:00Z');
CALL facts.chunk('all', 2, 1, 100, '2026-03-01 08:00Z');

-- A placeholder without asset: the day it was sent, the clock, what it is.
CALL facts.message('p.before', '15550001111', 'inbound', '2026-02-15 08:59:59Z',
    type => 'media_placeholder');
CALL facts.message('p.exact', '15550001111', 'inbound', '2026-02-15 09:00:00Z',
    type => 'media_placeholder');
CALL facts.message('p.undated', '15550001111', 'inbound', NULL, type => 'media_placeholder');
CALL facts.message('text', '15550001111', 'inbound', '2026-02-20Z', 'no media');
SELECT facts.is(format('%s at %s', w.wamid, w.as_of), m.state, w.state)
FROM (VALUES
    ('p.before', '2026-03-01 09:00Z'::timestamptz, 'too_old'),
    ('p.before', '2026-03-09Z', 'too_old'),
    ('p.exact', '2026-03-02 08:59:59Z', 'awaiting'),
    ('p.exact', '2026-03-02 09:00:00Z', 'never_announced'),
    ('p.undated', '2026-03-02 08:59:59Z', 'awaiting'),
    ('p.undated', '2026-03-02 09:00:00Z', 'never_announced')) AS w (wamid, as_of, state)
LEFT JOIN LATERAL coexsync.media_as_of(w.as_of) AS m ON m.account_id = 1 AND m.wamid = w.wamid;
SELECT facts.is('another look-back', string_agg(state, ' ' ORDER BY wamid),
    'too_old too_old never_announced')
FROM coexsync.media_as_of('2026-03-03Z', interval '1 day');
-- while the history is not complete, it may still come
CALL facts.chunk('hole', 2, 3, 100, '2026-03-01 08:00Z');
SELECT facts.is('history incomplete', state, 'awaiting')
FROM coexsync.media_as_of('2026-03-09Z') WHERE wamid = 'p.exact';
DELETE FROM coexsync.chunk WHERE chunk_order = 3;

-- Between the two anchors of Meta's text, which lie 11 hours apart.
CALL facts.message('p.border', '15550001111', 'inbound', '2026-02-15 19:59:59Z',
    type => 'media_placeholder');
CALL facts.message('p.sure', '15550001111', 'inbound', '2026-02-15 20:00:00Z',
    type => 'media_placeholder');
SELECT facts.is('borderline', string_agg(wamid, ' ' ORDER BY wamid), 'p.border p.exact')
FROM coexsync.media_as_of('2026-03-09Z') WHERE borderline;

-- An asset: its id lives seven days, from when it was received, else from the later of T and sent.
CALL facts.message('a.received', '15550001111', 'inbound', '2026-02-20Z', type => 'image');
CALL facts.message('a.history', '15550001111', 'outbound', '2026-02-20Z', type => 'image');
CALL facts.message('a.live', '15550001111', 'inbound', '2026-03-05Z', type => 'image', stream => 8);
CALL facts.message('a.old', '15550001111', 'inbound', '2026-02-01Z', type => 'media_placeholder');
INSERT INTO coexsync.media_asset (account_id, wamid, media_id, mime_type, received_at) VALUES
    (1, 'a.received', '1', 'image/jpeg', '2026-03-02Z'), (1, 'a.history', '2', NULL, NULL),
    (1, 'a.live', '3', NULL, NULL), (1, 'a.old', '4', NULL, '2026-03-02Z'),
    (1, 'a.unseen', '5', NULL, '2026-03-02Z');
SELECT facts.is(format('%s at %s', w.wamid, w.as_of), m.state, w.state)
FROM (VALUES
    ('a.received', '2026-03-09 00:00:00Z'::timestamptz, 'announced'),
    ('a.received', '2026-03-09 00:00:01Z', 'id_expired'),
    ('a.history', '2026-03-08 09:00:00Z', 'announced'),
    ('a.history', '2026-03-08 09:00:01Z', 'id_expired'),
    ('a.live', '2026-03-12 00:00:00Z', 'announced'),
    ('a.live', '2026-03-12 00:00:01Z', 'id_expired'),
    ('a.old', '2026-03-09 00:00:00Z', 'announced'),
    -- its message has not come; the announcement has
    ('a.unseen', '2026-03-09 00:00:00Z', 'announced')) AS w (wamid, as_of, state)
LEFT JOIN LATERAL coexsync.media_as_of(w.as_of) AS m ON m.account_id = 1 AND m.wamid = w.wamid;
SELECT facts.is('another id life', state, 'announced')
FROM coexsync.media_as_of('2026-03-20Z', id_life => interval '30 days') WHERE wamid = 'a.received';
SELECT facts.is('deadline', deadline_at::text, '2026-03-09 00:00:00+00')
FROM coexsync.media_as_of('2026-03-20Z') WHERE wamid = 'a.received';
SELECT facts.is('outside the window', string_agg(wamid, ' '), 'a.old')
FROM coexsync.media_as_of('2026-03-03Z') WHERE outside_window;

-- What the download found, against what was announced by then.
INSERT INTO coexsync.message
SELECT 1, 'd.' || v.id, 'd.' || v.id, '15550001111', 'inbound', '2026-02-20Z', 'image', NULL, NULL,
    NULL, NULL, NULL, NULL, 2, 2, 2, 2, 2, 0
FROM (VALUES ('1'), ('2'), ('3'), ('4'), ('5'), ('6'), ('7'), ('8'), ('9')) AS v (id);
-- noted: the reason of the row; late: state and reason when the id's time is over
CREATE TEMP TABLE found (id text, announced bytea, outcome text, measured bytea, noted text,
    state text, late text) ON COMMIT DROP;
INSERT INTO found VALUES ('1', '\xaa', 'downloaded', '\xaa', NULL, 'downloaded', 'downloaded'),
    ('2', NULL, 'unverified', '\xaa', NULL, 'unverified', 'unverified'),
    ('3', '\xaa', 'mismatch', '\xbb', 'partial', 'mismatch partial', 'mismatch partial'),
    ('4', '\xaa', 'too_large', NULL, 'over_limit', 'too_large over_limit', 'too_large over_limit'),
    ('5', '\xaa', 'refused', NULL, 'web_page', 'refused web_page', 'refused web_page'),
    ('6', '\xaa', 'id_expired', NULL, 'id_gone', 'id_expired id_gone', 'id_expired id_gone'),
    -- announced only after it was downloaded
    ('7', '\xaa', 'unverified', '\xaa', NULL, 'downloaded', 'downloaded'),
    ('8', '\xaa', 'unverified', '\xbb', NULL, 'mismatch hash_differs', 'mismatch hash_differs'),
    -- failed for now: no loss until its time is over
    ('9', '\xaa', 'failed', NULL, 'no_permission', 'announced', 'id_expired no_permission');
INSERT INTO coexsync.media_asset (account_id, wamid, media_id, sha256)
SELECT 1, 'd.' || id, id, announced FROM found;
INSERT INTO coexsync.media_file (account_id, wamid, media_id, outcome, sha256, size_bytes, path,
    reason)
SELECT 1, 'd.' || id, id, outcome, measured, 7, 'aa/bb', noted FROM found;
SELECT facts.is('found ' || f.id, format('%s|%s|%s', concat_ws(' ', m.state, m.reason), m.sha256,
    m.size_bytes), format('%s|%s|7', f.state, coalesce(f.announced, f.measured)))
FROM found AS f
LEFT JOIN coexsync.media_as_of('2026-03-03Z') AS m ON m.account_id = 1 AND m.wamid = 'd.' || f.id;
SELECT facts.is('late ' || f.id, concat_ws(' ', m.state, m.reason), f.late)
FROM found AS f
LEFT JOIN coexsync.media_as_of('2026-04-03Z') AS m ON m.account_id = 1 AND m.wamid = 'd.' || f.id;

-- Without a try: of one that nobody asked for in its time that is the reason; where no file was
-- announced, or its time is not over, the state says all.
SELECT facts.is(format('%s at %s', w.wamid, w.as_of), concat_ws(' ', m.state, m.reason), w.want)
FROM (VALUES ('a.received', '2026-03-09 00:00:00Z'::timestamptz, 'announced'),
    ('a.received', '2026-03-09 00:00:01Z', 'id_expired not_tried'),
    ('p.before', '2026-04-03Z', 'too_old'), ('p.exact', '2026-04-03Z', 'never_announced'))
    AS w (wamid, as_of, want)
LEFT JOIN LATERAL coexsync.media_as_of(w.as_of) AS m ON m.account_id = 1 AND m.wamid = w.wamid;

-- Each file once; a text has none.
SELECT facts.is('rows', format('%s|%s', count(*), count(DISTINCT wamid)), '19|19')
FROM coexsync.media WHERE account_id = 1;

-- The T of a message: the earliest not before it, else the latest.
INSERT INTO coexsync.activation (account_id, onboarded_at) VALUES (1, '2026-02-19Z');
SELECT facts.is('T of ' || w.wamid, m.onboarded_at::text, w.want)
FROM (VALUES ('p.exact', '2026-02-19 00:00:00+00'), ('a.history', '2026-03-01 09:00:00+00'),
    ('a.live', '2026-03-01 09:00:00+00'), ('p.undated', '2026-03-01 09:00:00+00'))
    AS w (wamid, want)
LEFT JOIN coexsync.media AS m ON m.account_id = 1 AND m.wamid = w.wamid;

-- Twins are one: its thread and time are those of the merged message, as messages shows it.
-- k1: a placeholder, and its file under the other id; k2: two placeholders; k3: the other has come
-- as a text; k4: one key in two directions is two.
CALL facts.message('t.1a', '15550007777', 'inbound', '2026-02-20Z', key => 'k1', type => 'media_placeholder');
CALL facts.message('t.1b', 'US.1349120865530007', 'inbound', '2026-02-21Z', key => 'k1', type => 'image', stream => 4);
INSERT INTO coexsync.media_asset (account_id, wamid, media_id) VALUES (1, 't.1b', '9771');
CALL facts.message('t.2a', '15550007777', 'inbound', '2026-02-20Z', key => 'k2', type => 'media_placeholder');
CALL facts.message('t.2b', 'US.1349120865530007', 'inbound', '2026-02-21Z', key => 'k2', type => 'media_placeholder', stream => 4);
CALL facts.message('t.3a', '15550007777', 'inbound', '2026-02-20Z', key => 'k3', type => 'media_placeholder');
CALL facts.message('t.3b', 'US.1349120865530007', 'inbound', '2026-02-21Z', 'x', key => 'k3', stream => 4);
CALL facts.message('t.4a', '15550007777', 'inbound', '2026-02-20Z', key => 'k4', type => 'media_placeholder');
CALL facts.message('t.4b', 'US.1349120865530007', 'outbound', '2026-02-21Z', key => 'k4', type => 'media_placeholder', stream => 4);
INSERT INTO coexsync.identity_link VALUES (1, 'US.1349120865530007', '15550007777');
SELECT facts.is('twins', string_agg(format('%s as %s of %s %s %s', wamid, shown_wamid, thread_id,
    to_char(sent_at, 'MM-DD'), coalesce(media_id, '-')), ', ' ORDER BY wamid),
    't.1b as t.1a of 15550007777 02-20 9771, t.2a as t.2a of 15550007777 02-20 -, '
    't.4a as t.4a of 15550007777 02-20 -, t.4b as t.4b of US.1349120865530007 02-21 -')
FROM coexsync.media_as_of('2026-03-03Z') WHERE wamid LIKE 't.%';
SELECT facts.is('as messages has them', count(*)::text, '0')
FROM coexsync.media_as_of('2026-03-03Z') AS f
LEFT JOIN coexsync.messages AS m ON m.account_id = f.account_id AND m.wamid = f.shown_wamid
WHERE (f.thread_id, f.sent_at) IS DISTINCT FROM (m.thread_id, m.sent_at);
