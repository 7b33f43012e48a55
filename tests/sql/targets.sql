-- Targets of replies and events: the exact wamid, else the key within the conversation if exactly
-- one message fits.
CALL facts.account();
CALL facts.message('w.A1', '15550001111', 'inbound', '2026-02-01Z', 'first', 'KEYA');
CALL facts.message('w.A2', '15550001111', 'outbound', '2026-02-02Z', 'second', 'KEYB');
-- one key, both directions: two messages
CALL facts.message('w.A3', '15550001111', 'inbound', '2026-02-03Z', 'third', 'KEYC');
CALL facts.message('w.A4', '15550001111', 'outbound', '2026-02-03Z', 'fourth', 'KEYC');
-- the same key as w.A1 with somebody else
CALL facts.message('w.B1', '15550002222', 'inbound', '2026-02-01Z', 'other', 'KEYA');
CALL facts.message('w.B2', '15550002222', 'inbound', '2026-02-01Z', 'only here', 'KEYD');

CALL facts.message('r.exact', '15550001111', 'inbound', '2026-02-04Z', 'r', reply_to => 'w.A1',
    reply_key => 'KEYA');
CALL facts.message('r.key', '15550001111', 'inbound', '2026-02-04Z', 'r', reply_to => 'x.A1',
    reply_key => 'KEYA');
CALL facts.message('r.ambiguous', '15550001111', 'inbound', '2026-02-04Z', 'r', reply_to => 'x.A3',
    reply_key => 'KEYC');
CALL facts.message('r.ambiguous-exact', '15550001111', 'inbound', '2026-02-04Z', 'r',
    reply_to => 'w.A4', reply_key => 'KEYC');
CALL facts.message('r.elsewhere', '15550001111', 'inbound', '2026-02-04Z', 'r', reply_to => 'x.B2',
    reply_key => 'KEYD');
CALL facts.message('r.exact-elsewhere', '15550001111', 'inbound', '2026-02-04Z', 'r',
    reply_to => 'w.B2', reply_key => 'KEYD');
CALL facts.message('r.unknown', '15550001111', 'inbound', '2026-02-04Z', 'r', reply_to => 'x.Z',
    reply_key => 'KEYZ');
CALL facts.message('M0', '15550001111', 'inbound', '2026-02-04Z', 'named like the dummy');
CALL facts.message('r.M0', '15550001111', 'inbound', '2026-02-04Z', 'r', reply_to => 'M0');
CALL facts.message('r.none', '15550001111', 'inbound', '2026-02-04Z', 'r');

-- exact in another conversation, while exactly one fits in this one
CALL facts.message('r.exact-first', '15550001111', 'inbound', '2026-02-04Z', 'r',
    reply_to => 'w.B1', reply_key => 'KEYA');

CREATE TEMP TABLE want (wamid text, reply_wamid text) ON COMMIT DROP;
INSERT INTO want VALUES ('r.exact', 'w.A1'), ('r.key', 'w.A1'), ('r.ambiguous', NULL),
    ('r.ambiguous-exact', 'w.A4'), ('r.elsewhere', NULL), ('r.exact-elsewhere', 'w.B2'),
    ('r.unknown', NULL), ('r.exact-first', 'w.B1'), ('r.M0', NULL), ('r.none', NULL);
SELECT facts.is(w.wamid, m.reply_wamid, w.reply_wamid)
FROM want AS w JOIN coexsync.messages AS m ON m.account_id = 1 AND m.wamid = w.wamid;
SELECT facts.is(w.wamid || ' in its conversation', m.reply_wamid, w.reply_wamid)
FROM want AS w JOIN coexsync.conversation_messages(1, '15550001111') AS m ON m.wamid = w.wamid;

-- Events: of a customer within his conversation; of the business where the target's id says whom.
CALL facts.event('revoke:1', 'revoke', 'x.A1', '15550001111', '2026-02-05Z', key => 'KEYA');
CALL facts.event('revoke:2', 'revoke', 'x.A3', '15550001111', '2026-02-05Z', key => 'KEYC');
CALL facts.event('revoke:3', 'revoke', 'wamid.' || encode('\x1c180b'::bytea
    || convert_to('15550001111', 'UTF8') || '\x1502001118'::bytea || '\x10'::bytea
    || convert_to('AB0123456789ABCD', 'UTF8') || '\x00'::bytea, 'base64'), '15550009999',
    '2026-02-05Z', key => 'KEYB');
CALL facts.event('revoke:4', 'revoke', 'M0', '15550001111', '2026-02-05Z');
-- the conversation that it came in counts, not whom the id of its target names
CALL facts.message('w.A5', '15550001111', 'outbound', '2026-02-02Z', 'here', 'KEYE');
CALL facts.message('w.B5', '15550002222', 'outbound', '2026-02-02Z', 'there', 'KEYE');
CALL facts.event('revoke:5', 'revoke', 'wamid.' || encode('\x1c180b'::bytea
    || convert_to('15550002222', 'UTF8') || '\x1502001118'::bytea || '\x10'::bytea
    || convert_to('AB0123456789ABCE', 'UTF8') || '\x00'::bytea, 'base64'), '15550009999',
    '2026-02-05Z', key => 'KEYE', thread => '15550001111');
-- of its own message, while exactly one fits in the conversation of who acts
CALL facts.event('edit:1', 'edit', 'w.B1', '15550001111', '2026-02-05Z',
    '{"type": "text", "text": {"body": "new"}}', key => 'KEYA');
SELECT facts.is('edited', string_agg(wamid, ' ' ORDER BY wamid), 'w.B1')
FROM coexsync.messages WHERE account_id = 1 AND is_edited;
SELECT facts.is('revoked', string_agg(wamid, ' ' ORDER BY wamid), 'w.A1 w.A2 w.A5')
FROM coexsync.messages WHERE account_id = 1 AND is_revoked;
SELECT facts.is('the dummy, in its conversation', format('%s|%s', is_revoked, reply_wamid), 'f|')
FROM coexsync.conversation_messages(1, '15550001111') WHERE wamid = 'M0';
