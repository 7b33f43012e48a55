-- Edits, revokes, reactions and statuses, applied to the message that they name.
CALL facts.account();
CALL facts.message('w.text', '15550001111', 'outbound', '2026-02-01Z', 'first words');
CALL facts.message('w.image', '15550001111', 'inbound', '2026-02-01Z', 'old caption',
    type => 'image', content => '{"caption": "old caption", "mime_type": "image/jpeg"}');
CALL facts.message('w.plain', '15550001111', 'inbound', '2026-02-01Z', 'untouched');

-- The latest edit is the greatest (at, event_id), whatever came first.
CALL facts.event('edit:e3', 'edit', 'w.text', '15550009999', '2026-02-03Z',
    '{"type": "text", "text": {"body": "latest"}}');
CALL facts.event('edit:e1', 'edit', 'w.text', '15550009999', '2026-02-03Z',
    '{"type": "text", "text": {"body": "same time, lesser id"}}');
CALL facts.event('edit:e9', 'edit', 'w.text', '15550009999', '2026-02-02Z',
    '{"type": "text", "text": {"body": "earlier"}}');
CALL facts.event('edit:e8', 'edit', 'w.text', '15550009999', NULL,
    '{"type": "text", "text": {"body": "no time"}}');
CALL facts.event('edit:i1', 'edit', 'w.image', '15550001111', '2026-02-02Z',
    '{"type": "image", "image": {"caption": "new caption", "id": "77", "sha256": "x"}}');
SELECT facts.is('text', format('%s|%s|%s|%s', body, original_body, edited_at, content),
    'latest|first words|2026-02-03 00:00:00+00|')
FROM coexsync.messages WHERE account_id = 1 AND wamid = 'w.text';
SELECT facts.is('an edited caption keeps the media',
    format('%s|%s|%s|%s', type, body, original_body, content),
    'image|new caption|old caption|{"caption": "new caption", "mime_type": "image/jpeg"}')
FROM coexsync.messages WHERE account_id = 1 AND wamid = 'w.image';
-- what stood beside the object of the type stays beside it
CALL facts.message('w.beside', '15550001111', 'inbound', '2026-02-01Z', 'old', type => 'image',
    content => '{"image": {"caption": "old", "mime_type": "image/png"}, "errors": [{"code": 1}]}');
CALL facts.event('edit:b1', 'edit', 'w.beside', '15550001111', '2026-02-02Z',
    '{"type": "image", "image": {"caption": "new", "id": "78"}}');
SELECT facts.is('an edit of one with errors', format('%s|%s', body, content),
    'new|{"image": {"caption": "new", "mime_type": "image/png"}, "errors": [{"code": 1}]}')
FROM coexsync.messages WHERE account_id = 1 AND wamid = 'w.beside';
SELECT facts.is('plain', format('%s|%s|%s|%s|%s', body, edited_at, revoked_at, reactions,
    is_edited), 'untouched||||f')
FROM coexsync.messages WHERE account_id = 1 AND wamid = 'w.plain';

-- A caption taken away; and a revoke: the text stays for the archive.
CALL facts.event('edit:i2', 'edit', 'w.image', '15550001111', '2026-02-03Z',
    '{"type": "image", "image": {"mime_type": "image/png"}}');
CALL facts.event('revoke:i3', 'revoke', 'w.image', '15550001111', '2026-02-05Z');
CALL facts.event('revoke:i4', 'revoke', 'w.image', '15550001111', '2026-02-04Z');
SELECT facts.is('revoked', format('%s|%s|%s|%s', body, content, revoked_at, original_body),
    '|{"mime_type": "image/png"}|2026-02-04 00:00:00+00|old caption')
FROM coexsync.messages WHERE account_id = 1 AND wamid = 'w.image';

-- Of each actor the latest; one taken back is gone; an actor is one under all his identities.
INSERT INTO coexsync.identity_link VALUES (1, 'US.100', '15550001111');
CALL facts.event('reaction:1', 'reaction', 'w.text', '15550001111', '2026-02-01Z',
    '{"emoji": "A"}');
CALL facts.event('reaction:2', 'reaction', 'w.text', 'US.100', '2026-02-02Z', '{"emoji": "B"}');
CALL facts.event('reaction:3', 'reaction', 'w.text', '15550009999', '2026-02-02Z',
    '{"emoji": "C"}');
CALL facts.event('reaction:4', 'reaction', 'w.plain', '15550001111', '2026-02-01Z',
    '{"emoji": "A"}');
CALL facts.event('reaction:5', 'reaction', 'w.plain', '15550001111', '2026-02-02Z', '{}');
CALL facts.event('reaction:6', 'reaction', 'w.plain', '15550009999', '2026-02-02Z',
    '{"emoji": "D"}');
CALL facts.event('reaction:7', 'reaction', 'w.plain', '15550009999', '2026-02-03Z',
    '{"emoji": null}');
SELECT facts.is('reactions', reactions::text, '[{"at": "2026-02-02T00:00:00.000000Z", '
    '"actor": "15550009999", "emoji": "C"}, {"at": "2026-02-02T00:00:00.000000Z", '
    '"actor": "US.100", "emoji": "B"}]')
FROM coexsync.messages WHERE account_id = 1 AND wamid = 'w.text';
SELECT facts.is('taken back', reactions::text, NULL)
FROM coexsync.messages WHERE account_id = 1 AND wamid = 'w.plain';

-- A status never goes back, neither by rows nor by events; of inbound messages it is nothing.
CALL facts.message('w.s1', '15550001111', 'outbound', '2026-02-01Z', status => 'delivered');
CALL facts.message('w.s2', '15550001111', 'outbound', '2026-02-01Z', status => 'read');
CALL facts.message('w.s3', '15550001111', 'inbound', '2026-02-01Z', status => 'pending');
CALL facts.message('w.s4', '15550001111', 'outbound', '2026-02-01Z', status => 'failed');
CALL facts.message('w.s5', '15550001111', 'outbound', '2026-02-01Z');
CALL facts.event('status:1', 'status', 'w.s1', '15550001111', '2026-02-02Z', status => 'read');
CALL facts.event('status:2', 'status', 'w.s1', '15550001111', '2026-02-03Z', status => 'sent');
CALL facts.event('status:3', 'status', 'w.s2', '15550001111', '2026-02-02Z', status => 'delivered');
CALL facts.event('status:4', 'status', 'w.s3', '15550001111', '2026-02-02Z', status => 'read');
CALL facts.event('status:5', 'status', 'w.s4', '15550001111', '2026-02-02Z', status => 'sent');
SELECT facts.is('statuses', string_agg(coalesce(status::text, '-'), ' ' ORDER BY wamid),
    'read read - failed -')
FROM coexsync.messages WHERE account_id = 1 AND wamid LIKE 'w.s_';

-- One conversation reads the same.
SELECT facts.is('conversation_messages differs', count(*)::text, '0')
FROM (SELECT * FROM coexsync.messages WHERE account_id = 1
    EXCEPT ALL SELECT * FROM coexsync.conversation_messages(1, '15550001111')) AS d;
