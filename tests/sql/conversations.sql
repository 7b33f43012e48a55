-- Conversations over identities: forms of a number, links, changes of number.
CALL facts.account();
INSERT INTO coexsync.account (account_id, name) VALUES (2, '+2');
INSERT INTO coexsync.message SELECT 1, 'w.' || v.identity, 'K' || v.identity, v.identity, 'inbound',
    '2026-02-01Z', 'text', 'x', NULL, NULL, NULL, NULL, NULL, 1, 1, 1, 1, 1, 0
FROM (VALUES
    ('551187654321'), ('5511987654321'), -- Brazil, both forms
    ('5511912345678'), -- Brazil, only the longer
    ('551133334444'), ('5511933334444'), -- a landline, and somebody's mobile
    ('525512345678'), ('5215512345678'), -- Mexico
    ('541112345678'), ('5491112345678'), -- Argentina: proposed only
    ('15550001111'), ('US.100'), -- linked
    ('15550002222'), ('US.200'), ('15550003333'), -- linked and changed, in a chain
    ('US.300'), ('5511985551234'), -- linked by the form that has no messages
    ('15550004444')) AS v (identity);
INSERT INTO coexsync.identity_link VALUES (1, 'US.100', '15550001111'),
    (1, 'US.200', '15550002222'), (1, 'US.300', '551185551234');
INSERT INTO coexsync.identity_change VALUES (1, '15550003333', 'US.200', '2026-02-02Z');
-- of another account: says nothing here
INSERT INTO coexsync.identity_link VALUES (2, 'US.100', '15550004444');

CREATE TEMP TABLE want (conversation_id text, identities text) ON COMMIT DROP;
INSERT INTO want VALUES ('551187654321', '{551187654321,5511987654321}'),
    ('5511912345678', '{5511912345678}'), ('551133334444', '{551133334444}'),
    ('5511933334444', '{5511933334444}'), ('5215512345678', '{5215512345678,525512345678}'),
    ('541112345678', '{541112345678}'), ('5491112345678', '{5491112345678}'),
    ('15550001111', '{15550001111,US.100}'),
    ('15550002222', '{15550002222,15550003333,US.200}'),
    ('551185551234', '{551185551234,5511985551234,US.300}'), ('15550004444', '{15550004444}');
SELECT facts.is('conversation ' || coalesce(w.conversation_id, c.conversation_id),
    c.identities::text, w.identities)
FROM want AS w
FULL JOIN (SELECT * FROM coexsync.conversations WHERE account_id = 1) AS c
    ON c.conversation_id = w.conversation_id;

-- Every message stays as it was said, and one conversation is read as a whole.
SELECT facts.is('thread ' || m.wamid, m.thread_id, substr(m.wamid, 3))
FROM coexsync.messages AS m WHERE m.account_id = 1;
SELECT facts.is('one by one: ' || w.conversation_id,
    (SELECT string_agg(m.wamid, ' ' ORDER BY m.wamid)
        FROM coexsync.conversation_messages(1, w.conversation_id) AS m),
    (SELECT string_agg(m.wamid, ' ' ORDER BY m.wamid) FROM coexsync.messages AS m
        WHERE m.account_id = 1 AND m.conversation_id = w.conversation_id))
FROM want AS w;
SELECT facts.is('named by another identity', count(*)::text, '3')
FROM coexsync.conversation_messages(1, '15550003333');
SELECT facts.is('nobody', count(*)::text, '0')
FROM coexsync.conversation_messages(1, '19999999999');

-- A title: of the address book before a profile, under whichever identity.
INSERT INTO coexsync.profile_name VALUES
    (1, '15550001111', 'name', '\x01', 'Profile Only', '2026-02-01Z'),
    (1, '15550002222', 'name', '\x01', 'Profile Too', '2026-02-09Z');
INSERT INTO coexsync.contact_event (account_id, identity, at, digest, action, full_name)
VALUES (1, '15550003333', '2026-02-01Z', '\x01', 'add', 'Book Name');
SELECT facts.is('titles', string_agg(display_name, '|' ORDER BY conversation_id),
    'Profile Only|Book Name|15550004444')
FROM coexsync.conversations WHERE account_id = 1 AND conversation_id LIKE '1555%';

-- Argentine pairs are proposed, where both occur, and not grouped; a link that is known is no
-- proposal any more.
CALL facts.message('m.ar.1', '541155550001', 'inbound', '2026-01-01Z', 'a');
CALL facts.message('m.ar.2', '5491155550001', 'inbound', '2026-01-01Z', 'b');
CALL facts.message('m.ar.3', '541155550002', 'inbound', '2026-01-01Z', 'c');
INSERT INTO coexsync.contact_event (account_id, identity, at, digest, action)
VALUES (1, '5491155550003', '2026-02-01Z', '\x01', 'add'),
    (1, '541155550003', '2026-02-01Z', '\x01', 'add');
SELECT facts.is('proposals', string_agg(format('%s %s', identity, other_identity), '|'
        ORDER BY identity), '541155550001 5491155550001|541155550003 5491155550003')
FROM coexsync.identity_proposal WHERE account_id = 1 AND identity LIKE '5411555%';
SELECT facts.is('not grouped', count(DISTINCT conversation_id)::text, '3')
FROM coexsync.messages WHERE account_id = 1 AND wamid LIKE 'm.ar._';
INSERT INTO coexsync.identity_change VALUES (1, '541155550001', '5491155550001', '2026-02-01Z');
SELECT facts.is('known', string_agg(identity, '|'), '541155550003')
FROM coexsync.identity_proposal WHERE account_id = 1 AND identity LIKE '5411555%';
