-- The look-back and the life of an id, to the second: 14 days and 7, and others (--media-max-age,
-- --media-id-life), on both anchors of Meta's text (T and the request, 11 hours later), in three
-- time zones: two of them change their clocks between the days in question (Sao Paulo did so on 18
-- February 2018, New York on 11 March 2018), where a day of the calendar is not 24 hours. Windows are
-- days of 24 hours, whatever the session's zone.
CALL facts.account();

-- wamid names the anchor, what lies how many seconds from the boundary, and what must come out.
CREATE TEMP TABLE zone_case (zone text, t timestamptz) ON COMMIT DROP;
INSERT INTO zone_case VALUES ('UTC', '2018-03-20 09:00Z'),
    ('America/Sao_Paulo', '2018-02-20 09:00Z'), ('America/New_York', '2018-03-20 09:00Z');

-- By the usual windows where none are given.
CREATE FUNCTION pg_temp.judged(as_of timestamptz, look_back interval, id_life interval)
RETURNS SETOF coexsync.media_judged LANGUAGE sql AS $$
    SELECT * FROM coexsync.media_as_of(as_of) WHERE look_back IS NULL
    UNION ALL
    SELECT * FROM coexsync.media_as_of(as_of, look_back, id_life) WHERE look_back IS NOT NULL
$$;

CREATE PROCEDURE pg_temp.try(zone text, t timestamptz, given_back interval, given_life interval)
LANGUAGE plpgsql AS $$
DECLARE
    second CONSTANT interval := interval '1 second';
    look_back CONSTANT interval := coalesce(given_back, interval '336 hours');
    id_life CONSTANT interval := coalesce(given_life, interval '168 hours');
    requested CONSTANT timestamptz := t + interval '11 hours';
    w record;
BEGIN
    PERFORM set_config('TimeZone', zone, true);
    DELETE FROM coexsync.message;
    DELETE FROM coexsync.media_asset;
    DELETE FROM coexsync.activation;
    INSERT INTO coexsync.activation (account_id, onboarded_at, history_requested_at)
    VALUES (1, t, requested);
    FOR w IN SELECT * FROM (VALUES
            ('T.before', t - look_back - second, 'too_old', false),
            ('T.exact', t - look_back, 'awaiting', true),
            ('T.after', t - look_back + second, 'awaiting', true),
            ('R.before', requested - look_back - second, 'awaiting', true),
            ('R.exact', requested - look_back, 'awaiting', false),
            ('R.after', requested - look_back + second, 'awaiting', false)
        ) AS v (wamid, sent_at, state, borderline)
    LOOP
        CALL facts.message(w.wamid, '15550001111', 'inbound', w.sent_at,
            type => 'media_placeholder');
        PERFORM facts.is(format('%s in %s, %s', w.wamid, zone, look_back), format('%s|%s', m.state, m.borderline),
                format('%s|%s', w.state, w.borderline))
        FROM (SELECT w.wamid) AS n
        LEFT JOIN pg_temp.judged(t + second, given_back, given_life) AS m
            ON m.account_id = 1 AND m.wamid = n.wamid;
    END LOOP;
    -- an id lives from when it was received, else from T, else from the message after it
    FOR w IN SELECT * FROM (VALUES
            ('received', t - interval '3 days', t + interval '5 hours', t + interval '5 hours'),
            ('history', t - interval '3 days', NULL, t),
            ('live', t + interval '2 days', NULL, t + interval '2 days')
        ) AS v (wamid, sent_at, received_at, starts)
    LOOP
        CALL facts.message(w.wamid, '15550001111', 'inbound', w.sent_at, type => 'image');
        INSERT INTO coexsync.media_asset (account_id, wamid, media_id, received_at)
        VALUES (1, w.wamid, w.wamid, w.received_at);
        PERFORM facts.is(format('id of %s in %s at %s, %s', w.wamid, zone, c.off, id_life),
                m.state, c.state)
        FROM (VALUES (-second, 'announced'), (interval '0', 'announced'), (second, 'id_expired'))
            AS c (off, state)
        LEFT JOIN LATERAL pg_temp.judged(w.starts + id_life + c.off, given_back, given_life) AS m
            ON m.account_id = 1 AND m.wamid = w.wamid;
    END LOOP;
END $$;
DO $$
DECLARE
    z record;
BEGIN
    FOR z IN SELECT * FROM zone_case LOOP
        CALL pg_temp.try(z.zone, z.t, NULL, NULL);
        CALL pg_temp.try(z.zone, z.t, interval '300 hours', interval '200 hours');
        CALL pg_temp.try(z.zone, z.t, interval '20 hours', interval '600 hours');
    END LOOP;
END $$;

-- The verdict of a whole history is by the same windows: a placeholder exactly as old as they allow
-- is a loss, one a second older is none; an id in the last second of its life is none, a second
-- later it is one.
SET LOCAL TIME ZONE 'America/New_York';
DELETE FROM coexsync.message;
DELETE FROM coexsync.media_asset;
DELETE FROM coexsync.activation;
INSERT INTO coexsync.activation (account_id, onboarded_at) VALUES (1, '2018-03-20 09:00Z');
CALL facts.chunk('whole', 2, 1, 100, '2018-03-20 08:00Z');
CREATE PROCEDURE pg_temp.judge(what text, as_of timestamptz, want text) LANGUAGE sql AS $$
    SELECT facts.is(what, string_agg(v.verdict || '|' || j.verdict, ','), want || '|' || want)
    FROM coexsync.verdict_as_of(as_of, interval '300 hours', interval '200 hours') AS v
    JOIN coexsync.judgement_as_of(as_of, interval '300 hours', interval '200 hours') AS j
        ON j.account_id = v.account_id
    WHERE v.account_id = 1
$$;
-- 300 hours before are 7 March 16:00 there, where clocks were changed on the 11th
CALL facts.message('older', '15550001111', 'inbound', '2018-03-07 20:59:59Z',
    type => 'media_placeholder');
CALL pg_temp.judge('a second too old', '2018-03-25 09:00Z', 'complete');
CALL facts.message('exact', '15550001111', 'inbound', '2018-03-07 21:00Z',
    type => 'media_placeholder');
CALL pg_temp.judge('exactly as old', '2018-03-25 09:00Z', 'complete_with_loss');
DELETE FROM coexsync.message;
CALL facts.message('file', '15550001111', 'inbound', '2018-03-10 09:00Z', type => 'image');
INSERT INTO coexsync.media_asset (account_id, wamid, media_id) VALUES (1, 'file', '7');
CALL pg_temp.judge('the last second of an id', '2018-03-28 17:00Z', 'complete');
CALL pg_temp.judge('a second later', '2018-03-28 17:00:01Z', 'complete_with_loss');
