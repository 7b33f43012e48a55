-- Keys are looked for a million at a time; those of the second million are found, too, and no message twice.
CALL facts.account();
CALL facts.message('w.1.a', '15550001111', 'inbound', '2026-02-01Z', 'x', 'KEY1');
CALL facts.message('w.1.b', '15550003333', 'inbound', '2026-02-01Z', 'x', 'KEY1');
CALL facts.message('w.2', '15550001111', 'inbound', '2026-02-01Z', 'x', 'KEY2');
CALL facts.message('w.5', NULL, 'inbound', '2026-02-01Z', 'x', 'KEY5');
SELECT facts.is('more than a million keys', string_agg(wamid, ' ' ORDER BY wamid), 'w.1.a w.1.b w.5')
FROM coexsync.messages_of_keys(1, hashtextextended('KEY1', 0)
    || ARRAY(SELECT n::bigint FROM generate_series(1, 1000000) AS n)
    || ARRAY[hashtextextended('KEY5', 0), hashtextextended('KEY1', 0)]);
