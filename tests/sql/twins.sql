-- Columns of one message that came under two wamids, a rule a message: what aliases.sql leaves open.
CALL facts.account();
INSERT INTO coexsync.identity_link VALUES (1, 'US.100', '15550001111'), (1, 'US.100', '15550003333');

-- of two numbers that of the greater authority, then the greater
CALL facts.message('w.1.a', '15550001111', 'inbound', '2026-02-01Z', 'x', 'KEY1', stream => 1);
CALL facts.message('w.1.b', '15550003333', 'inbound', '2026-02-01Z', 'x', 'KEY1', stream => 4);
CALL facts.message('w.2.a', '15550001111', 'inbound', '2026-02-01Z', 'x', 'KEY2');
CALL facts.message('w.2.b', '15550003333', 'inbound', '2026-02-01Z', 'x', 'KEY2');
-- of one authority the earlier time; of one stream the text of the greater hash
CALL facts.message('w.3.a', '15550001111', 'inbound', '2026-02-01 10:00Z', 'a', 'KEY3');
CALL facts.message('w.3.b', '15550001111', 'inbound', '2026-02-01 09:00Z', 'b', 'KEY3');
-- not null beats null, then the greater; bits are united
CALL facts.message('w.4.a', '15550001111', 'inbound', '2026-02-01Z', 'x', 'KEY4', reply_to => 'w.1.a',
    reply_key => 'KEY1');
CALL facts.message('w.4.b', '15550001111', 'inbound', '2026-02-01Z', 'x', 'KEY4', reply_to => 'w.2.a',
    reply_key => 'KEY2');
UPDATE coexsync.message SET extra = '{"forwarded": true}', conflicts = 4 WHERE wamid = 'w.4.a';
UPDATE coexsync.message SET extra = '{"frequently_forwarded": true}', conflicts = 2
WHERE wamid = 'w.4.b';
-- in no known conversation, or of no known direction: nothing says that they are one
CALL facts.message('w.5.a', NULL, 'inbound', '2026-02-01Z', 'x', 'KEY5');
CALL facts.message('w.5.b', NULL, 'inbound', '2026-02-01Z', 'x', 'KEY5');
CALL facts.message('w.6.a', '15550001111', NULL, '2026-02-01Z', 'x', 'KEY6');
CALL facts.message('w.6.b', '15550001111', NULL, '2026-02-01Z', 'x', 'KEY6');

SELECT facts.is('thread ' || wamid, thread_id, want)
FROM coexsync.messages JOIN (VALUES ('w.1.a', '15550001111'), ('w.2.a', '15550003333'))
    AS w (wamid, want) USING (wamid) WHERE account_id = 1;
SELECT facts.is('time', sent_at::text, '2026-02-01 09:00:00+00')
FROM coexsync.messages WHERE account_id = 1 AND wamid = 'w.3.a';
SELECT facts.is('hash', m.body, w.body)
FROM coexsync.messages AS m, (SELECT body FROM (VALUES ('a'), ('b')) AS v (body)
    ORDER BY sha256(convert_to('["text", "' || body || '", null]', 'UTF8')) DESC LIMIT 1) AS w
WHERE account_id = 1 AND wamid = 'w.3.a';
SELECT facts.is('the rest', format('%s|%s|%s|%s', reply_to, reply_wamid, extra, conflicts),
    'w.2.a|w.2.a|{"frequently_forwarded": true}|6')
FROM coexsync.messages WHERE account_id = 1 AND wamid = 'w.4.a';
SELECT facts.is('not known to be one', string_agg(wamid, ' ' ORDER BY wamid), 'w.5.a w.5.b w.6.a w.6.b')
FROM coexsync.messages WHERE account_id = 1 AND key IN ('KEY5', 'KEY6');
