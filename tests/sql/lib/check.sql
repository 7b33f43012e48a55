-- What the tests of tests/sql share: comparing, and short ways to state facts of account 1.
-- `is` fails with both values; facts that a test does not name are those of a plain text message.
CREATE SCHEMA facts;

CREATE FUNCTION facts.is(what text, got text, want text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF got IS DISTINCT FROM want THEN
        RAISE EXCEPTION '%: got % instead of %', what, coalesce(got, 'null'),
            coalesce(want, 'null');
    END IF;
END $$;

CREATE PROCEDURE facts.account()
LANGUAGE sql AS $$
    INSERT INTO coexsync.account (account_id, name, phone_number_id, business_phone)
    VALUES (1, '100', '100', '15550009999')
$$;

-- A message; key null is the wamid, as of an id that does not decode.
CREATE PROCEDURE facts.message(wamid text, thread text, direction coexsync.direction,
    at timestamptz, body text DEFAULT NULL, key text DEFAULT NULL, type text DEFAULT 'text',
    content jsonb DEFAULT NULL, status coexsync.status DEFAULT NULL, reply_to text DEFAULT NULL,
    reply_key text DEFAULT NULL, stream integer DEFAULT 1)
LANGUAGE sql AS $$
    INSERT INTO coexsync.message VALUES (1, wamid, coalesce(key, wamid), thread, direction, at,
        type, body, content, NULL, status, reply_to,
        coalesce(reply_key, reply_to), stream::smallint,
        CASE WHEN type IN ('media_placeholder', 'unsupported') THEN 0 ELSE stream END::smallint,
        stream::smallint, stream::smallint, stream::smallint, 0)
$$;

CREATE PROCEDURE facts.event(event_id text, kind coexsync.event_kind, target text, actor text,
    at timestamptz, content jsonb DEFAULT NULL, key text DEFAULT NULL,
    status coexsync.status DEFAULT NULL, thread text DEFAULT NULL)
LANGUAGE sql AS $$
    INSERT INTO coexsync.message_event
    VALUES (1, event_id, target, coalesce(key, target), kind, status, actor, at, content, thread)
$$;

-- A chunk in a payload of its own, named by a word; received and linked to T where given.
CREATE PROCEDURE facts.chunk(name text, phase integer, chunk_order integer, progress integer,
    newest timestamptz DEFAULT '2026-03-01 00:00Z', messages integer DEFAULT 10,
    error_code integer DEFAULT NULL, received timestamptz DEFAULT NULL,
    linked timestamptz[] DEFAULT '{}')
LANGUAGE sql AS $$
    INSERT INTO coexsync.chunk VALUES (1, sha256(convert_to(name, 'UTF8')), '/history/0', phase,
        chunk_order, progress, messages, newest, newest, error_code);
    INSERT INTO coexsync.payload VALUES (1, sha256(convert_to(name, 'UTF8')), 1,
        '00000000-0000-0000-0000-000000000001', name, 100, 'history', 'meta', received, 'absent',
        NULL, 1, true, '{}');
    INSERT INTO coexsync.payload_raw VALUES (1, sha256(convert_to(name, 'UTF8')), '\x00', 1);
    INSERT INTO coexsync.activation_payload
    SELECT 1, t, sha256(convert_to(name, 'UTF8')) FROM unnest(linked) AS t
$$;
