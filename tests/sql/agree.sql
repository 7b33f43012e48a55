-- One conversation read by itself is what the whole account says of it, also where messages, events
-- and replies reach across conversations and forms of a number.
CALL facts.account();
INSERT INTO coexsync.identity_link VALUES (1, 'US.200', '15550002222'), (1, 'US.900', '15550009'),
    (1, 'US.500', '551183334444');

-- who reacts is named by the other form of the number, and by nothing else
CALL facts.message('w.form', '551187654321', 'outbound', '2026-02-01Z', 'x', 'FORM');
CALL facts.event('reaction:form', 'reaction', 'w.elsewhere', '5511987654321', '2026-02-02Z',
    '{"emoji": "A"}', 'FORM');
-- one person under both forms reacts once; so does somebody else under number and BSUID
CALL facts.message('w.both', '551187654321', 'outbound', '2026-02-01Z', 'x', 'BOTH');
CALL facts.event('reaction:both1', 'reaction', 'w.both', '5511987654321', '2026-02-02Z',
    '{"emoji": "A"}', 'BOTH');
CALL facts.event('reaction:both2', 'reaction', 'w.both', '551187654321', '2026-02-03Z',
    '{"emoji": "B"}', 'BOTH');
CALL facts.message('w.other', '15550003333', 'outbound', '2026-02-01Z', 'x', 'OTHER');
CALL facts.event('reaction:other1', 'reaction', 'w.other', '15550009', '2026-02-02Z',
    '{"emoji": "A"}', 'OTHER');
CALL facts.event('reaction:other2', 'reaction', 'w.other', 'US.900', '2026-02-03Z',
    '{"emoji": "C"}', 'OTHER');
-- the other form, of a number that is linked
CALL facts.message('w.linked', 'US.500', 'outbound', '2026-02-01Z', 'x', 'LINKED');
CALL facts.event('reaction:linked', 'reaction', 'w.elsewhere', '5511983334444', '2026-02-02Z',
    '{"emoji": "D"}', 'LINKED');
-- the business revokes what it wrote to the other form of a number
CALL facts.message('w.to', '5215550001111', 'outbound', '2026-02-01Z', 'x', 'TO');
CALL facts.event('revoke:to', 'revoke', 'wamid.' || encode('\x1c180c'::bytea
    || convert_to('525550001111', 'UTF8') || '\x1502001100000000'::bytea, 'base64'),
    '15550009999', '2026-02-02Z', NULL, 'TO');
-- of a number only the longer form is there, and the other one is less
CALL facts.message('w.long', '5511987654322', 'inbound', '2026-02-01Z', 'x', 'LONG');
-- a reply to a message of another conversation that has two wamids
CALL facts.message('w.twin.a', '15550002222', 'inbound', '2026-02-01Z', 'x', 'TWIN');
CALL facts.message('w.twin.b', 'US.200', 'inbound', '2026-02-01Z', 'x', 'TWIN');
CALL facts.message('w.reply', '15550003333', 'inbound', '2026-02-01Z', 'x', 'REPLY',
    reply_to => 'w.twin.b', reply_key => 'TWIN');
-- the exact target is in another conversation, or in none
CALL facts.message('w.key.a', '15550002222', 'outbound', '2026-02-01Z', 'x', 'KEY');
CALL facts.message('w.key.b', '15550003333', 'outbound', '2026-02-01Z', 'x', 'KEY');
CALL facts.event('edit:key', 'edit', 'w.key.b', '15550002222', '2026-02-02Z',
    '{"type": "text", "text": {"body": "new"}}', 'KEY');
CALL facts.message('w.none.a', '15550002222', 'inbound', '2026-02-01Z', 'x', 'NONE');
CALL facts.message('w.none.b', NULL, 'inbound', '2026-02-01Z', 'x', 'NONE');
CALL facts.event('edit:none', 'edit', 'w.none.b', '15550002222', '2026-02-02Z',
    '{"type": "text", "text": {"body": "new"}}', 'NONE');

CREATE TEMP TABLE want (wamid text, reactions text, reply_wamid text, body text, is_revoked boolean)
ON COMMIT DROP;
INSERT INTO want VALUES ('w.form', 'A', NULL, 'x', false), ('w.both', 'B', NULL, 'x', false),
    ('w.other', 'C', NULL, 'x', false), ('w.linked', 'D', NULL, 'x', false),
    ('w.to', NULL, NULL, 'x', true), ('w.long', NULL, NULL, 'x', false),
    ('w.twin.a', NULL, NULL, 'x', false), ('w.reply', NULL, 'w.twin.a', 'x', false),
    ('w.key.a', NULL, NULL, 'x', false), ('w.key.b', NULL, NULL, 'new', false),
    ('w.none.a', NULL, NULL, 'x', false), ('w.none.b', NULL, NULL, 'new', false);

CREATE FUNCTION pg_temp.said(m coexsync.messages) RETURNS text LANGUAGE sql AS $$
    SELECT format('%s %s %s %s %s', m.wamid, (SELECT string_agg(r ->> 'emoji', ',')
        FROM jsonb_array_elements(m.reactions) AS r), m.reply_wamid, m.body, m.is_revoked)
$$;
SELECT facts.is('the whole', (SELECT string_agg(pg_temp.said(m), '|' ORDER BY m.wamid)
    FROM coexsync.messages AS m WHERE m.account_id = 1),
    (SELECT string_agg(format('%s %s %s %s %s', wamid, reactions, reply_wamid, body, is_revoked),
        '|' ORDER BY wamid) FROM want));
-- By whichever identity it is named, also by the form of a number that nothing has said.
SELECT facts.is('conversation ' || c.conversation_id || ' by ' || i.identity,
    (SELECT string_agg(m::text, '|' ORDER BY m.wamid)
        FROM coexsync.conversation_messages(1, i.identity) AS m),
    (SELECT string_agg(m::text, '|' ORDER BY m.wamid) FROM coexsync.messages AS m
        WHERE m.account_id = 1 AND m.conversation_id = c.conversation_id))
FROM coexsync.conversations AS c
CROSS JOIN LATERAL (SELECT unnest(c.identities) AS identity
    UNION SELECT coexsync.phone_other_form(unnest(c.identities))) AS i
WHERE c.account_id = 1 AND i.identity IS NOT NULL;
