-- Two wamids of one message: same key, conversation and direction.
CALL facts.account();
INSERT INTO coexsync.identity_link VALUES (1, 'US.100', '15550001111');
CALL facts.message('w.1.bsuid', 'US.100', 'outbound', '2026-02-01 10:00:05Z', 'by echo', 'KEY1',
    status => 'sent', stream => 4);
CALL facts.message('w.1.phone', '15550001111', 'outbound', '2026-02-01 10:00:00Z', 'by history',
    'KEY1', status => 'read', reply_to => 'w.2.phone', reply_key => 'KEY2');
-- another direction, another conversation, no conversation: other messages
CALL facts.message('w.2.phone', '15550001111', 'inbound', '2026-02-01Z', 'a', 'KEY2');
CALL facts.message('w.2.out', 'US.100', 'outbound', '2026-02-01Z', 'b', 'KEY2');
CALL facts.message('w.2.other', '15550002222', 'inbound', '2026-02-01Z', 'c', 'KEY2');
CALL facts.message('w.2.none', NULL, 'inbound', '2026-02-01Z', 'd', 'KEY2');
CALL facts.message('w.2.none2', NULL, 'inbound', '2026-02-01Z', 'e', 'KEY2');

SELECT facts.is('shown', string_agg(wamid, ' ' ORDER BY wamid),
    'w.1.bsuid w.2.none w.2.none2 w.2.other w.2.out w.2.phone')
FROM coexsync.messages WHERE account_id = 1;
-- The number beats the BSUID; the echo outranks the history in content, the history in time.
SELECT facts.is('merged', format('%s|%s|%s|%s|%s|%s|%s|%s', thread_id, conversation_id, sent_at,
        body, status, reply_wamid, streams, aliases),
    '15550001111|15550001111|2026-02-01 10:00:00+00|by echo|read|w.2.phone|5|{w.1.phone}')
FROM coexsync.messages WHERE account_id = 1 AND wamid = 'w.1.bsuid';

-- A number beats a BSUID, whoever said it.
CALL facts.message('w.4.a', 'US.100', 'outbound', '2026-02-01Z', 'x', 'KEY4');
CALL facts.message('w.4.b', '15550001111', 'outbound', '2026-02-01Z', 'x', 'KEY4', stream => 4);
SELECT facts.is('thread', thread_id, '15550001111')
FROM coexsync.messages WHERE account_id = 1 AND wamid = 'w.4.a';

-- A placeholder never beats content, and what names either wamid names the message.
CALL facts.message('w.3.a', '15550001111', 'inbound', '2026-02-01Z', key => 'KEY3',
    type => 'media_placeholder', stream => 8);
CALL facts.message('w.3.b', 'US.100', 'inbound', '2026-02-01Z', 'caption', 'KEY3', type => 'image',
    content => '{"mime_type": "image/png"}', stream => 2);
CALL facts.event('revoke:1', 'revoke', 'w.3.b', '15550001111', '2026-02-02Z', key => 'KEY3');
CALL facts.event('edit:1', 'edit', 'x.3', 'US.100', '2026-02-02Z',
    '{"type": "image", "image": {"caption": "edited"}}', key => 'KEY3');
CALL facts.message('r.1', '15550001111', 'inbound', '2026-02-03Z', reply_to => 'w.3.b',
    reply_key => 'KEY3');
CALL facts.message('r.2', '15550001111', 'inbound', '2026-02-03Z', reply_to => 'x.3',
    reply_key => 'KEY3');
SELECT facts.is('content', format('%s|%s|%s|%s|%s', type, body, content, is_revoked, aliases),
    'image|edited|{"caption": "edited", "mime_type": "image/png"}|t|{w.3.b}')
FROM coexsync.messages WHERE account_id = 1 AND wamid = 'w.3.a';
SELECT facts.is('replies', string_agg(reply_wamid, ' ' ORDER BY wamid), 'w.3.a w.3.a')
FROM coexsync.messages WHERE account_id = 1 AND wamid IN ('r.1', 'r.2');

-- Counted once, read the same one conversation at a time.
SELECT facts.is('counts', format('%s|%s|%s', messages, inbound, outbound), '7|4|3')
FROM coexsync.conversations WHERE account_id = 1 AND conversation_id = '15550001111';
SELECT facts.is('conversation_messages differs', count(*)::text, '0')
FROM (SELECT * FROM coexsync.messages WHERE account_id = 1 AND conversation_id = '15550001111'
    EXCEPT ALL SELECT * FROM coexsync.conversation_messages(1, '15550001111')) AS d;

-- Their file: announced for one wamid, so the other is no placeholder that waits.
INSERT INTO coexsync.media_asset (account_id, wamid, media_id) VALUES (1, 'w.3.b', '9001');
SELECT facts.is('media', string_agg(format('%s|%s|%s', wamid, shown_wamid, media_id), ' '),
    'w.3.b|w.3.a|9001')
FROM coexsync.media WHERE account_id = 1;
