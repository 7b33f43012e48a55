-- The 14 days of look-back and the 7 days of an id, to the second, on both anchors of Meta's text (T
-- and the request, 11 hours later), in three time zones: two of them change their clocks between the
-- days in question (Sao Paulo did so on 18 February 2018, New York on 11 March 2018), where a day of
-- the calendar is not 24 hours. Windows are days of 24 hours, whatever the session's zone.
CALL facts.account();

-- wamid names the anchor, what lies how many seconds from the boundary, and what must come out.
CREATE TEMP TABLE zone_case (zone text, t timestamptz) ON COMMIT DROP;
INSERT INTO zone_case VALUES ('UTC', '2018-03-20 09:00Z'),
    ('America/Sao_Paulo', '2018-02-20 09:00Z'), ('America/New_York', '2018-03-20 09:00Z');

CREATE PROCEDURE pg_temp.try(zone text, t timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    second CONSTANT interval := interval '1 second';
    look_back CONSTANT interval := interval '336 hours';
    id_life CONSTANT interval := interval '168 hours';
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
        PERFORM facts.is(format('%s in %s', w.wamid, zone), format('%s|%s', m.state, m.borderline),
                format('%s|%s', w.state, w.borderline))
        FROM (SELECT w.wamid) AS n
        LEFT JOIN coexsync.media_as_of(t + second) AS m ON m.account_id = 1 AND m.wamid = n.wamid;
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
        PERFORM facts.is(format('id of %s in %s at %s', w.wamid, zone, c.off),
                m.state, c.state)
        FROM (VALUES (-second, 'announced'), (interval '0', 'announced'), (second, 'id_expired'))
            AS c (off, state)
        LEFT JOIN LATERAL coexsync.media_as_of(w.starts + id_life + c.off) AS m
            ON m.account_id = 1 AND m.wamid = w.wamid;
    END LOOP;
END $$;
DO $$
DECLARE
    z record;
BEGIN
    FOR z IN SELECT * FROM zone_case LOOP
        CALL pg_temp.try(z.zone, z.t);
    END LOOP;
END $$;
