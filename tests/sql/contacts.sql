-- The last word on a contact: greatest at, then add before remove, then the greater digest.
CALL facts.account();
INSERT INTO coexsync.contact_event
    (account_id, identity, at, digest, action, full_name, first_name, phone, user_id) VALUES
    (1, '15550000001', '2026-02-01Z', '\x01', 'add', 'Old Name', 'Old', '15550000001', NULL),
    (1, '15550000001', '2026-02-02Z', '\x01', 'add', 'New Name', 'New', '15550000001', NULL),
    -- at one time: the add stays
    (1, '15550000002', '2026-02-01Z', '\xff', 'remove', NULL, NULL, NULL, NULL),
    (1, '15550000002', '2026-02-01Z', '\x01', 'add', 'Both', NULL, NULL, NULL),
    -- at one time two adds: the greater digest
    (1, '15550000003', '2026-02-01Z', '\x02', 'add', 'Greater', NULL, NULL, NULL),
    (1, '15550000003', '2026-02-01Z', '\x01', 'add', 'Lesser', NULL, NULL, NULL),
    -- removed later: the profile is what is left; an older remove does not win
    (1, '15550000004', '2026-02-01Z', '\x01', 'add', 'Gone', 'Gone', NULL, NULL),
    (1, '15550000004', '2026-02-03Z', '\x01', 'remove', NULL, NULL, NULL, NULL),
    (1, '15550000005', '2026-02-03Z', '\x01', 'add', 'Here', NULL, NULL, NULL),
    (1, '15550000005', '2026-02-01Z', '\x01', 'remove', NULL, NULL, NULL, NULL),
    -- no name at all, no time at all
    (1, '15550000006', '-infinity', '\x01', 'add', NULL, NULL, NULL, NULL),
    (1, '15550000007', '2026-02-01Z', '\x01', 'add', NULL, 'Only First', NULL, NULL),
    (1, 'US.8', '2026-02-01Z', '\x01', 'add', 'By Id', NULL, NULL, 'US.8');
INSERT INTO coexsync.profile_name VALUES
    (1, '15550000001', 'name', '\x01', 'Profile One', '2026-02-09Z'),
    (1, '15550000004', 'name', '\x01', 'Profile Old', '2026-02-01Z'),
    (1, '15550000004', 'name', '\x02', 'Profile New', '2026-02-02Z'),
    (1, '15550000004', 'name', '\x03', 'Profile Undated', NULL),
    (1, '15550000004', 'username', '\x01', 'gone4', '2026-02-02Z'),
    (1, 'US.9', 'name', '\x01', 'Profile Nine', '2026-02-01Z');
INSERT INTO coexsync.identity_link VALUES (1, 'US.8', '15550000008'), (1, 'US.6', '15550000006'),
    (1, 'US.9', '15550000009');

SELECT facts.is(w.identity, format('%s|%s|%s|%s|%s|%s|%s|%s|%s', c.phone, c.user_id, c.full_name,
    c.profile_name, c.display_name, c.name_source, c.updated_at, c.removed_at, c.username), w.want)
FROM (VALUES
    ('15550000001', '15550000001||New Name|Profile One|New Name|address_book|'
        '2026-02-02 00:00:00+00||'),
    ('15550000002', '15550000002||Both||Both|address_book|2026-02-01 00:00:00+00||'),
    ('15550000003', '15550000003||Greater||Greater|address_book|2026-02-01 00:00:00+00||'),
    ('15550000004', '15550000004|||Profile New|Profile New|profile|2026-02-03 00:00:00+00|'
        '2026-02-03 00:00:00+00|gone4'),
    ('15550000005', '15550000005||Here||Here|address_book|2026-02-03 00:00:00+00||'),
    ('15550000006', '15550000006|US.6|||15550000006|number|||'),
    ('15550000007', '15550000007||||Only First|address_book|2026-02-01 00:00:00+00||'),
    ('US.8', '15550000008|US.8|By Id||By Id|address_book|2026-02-01 00:00:00+00||'),
    ('US.9', '15550000009|US.9||Profile Nine|Profile Nine|profile|||')) AS w (identity, want)
LEFT JOIN coexsync.contacts AS c ON c.account_id = 1 AND c.identity = w.identity;
SELECT facts.is('rows', count(*)::text, '9') FROM coexsync.contacts WHERE account_id = 1;

-- What a conversation is called: a removal under one identity of a person is one of the person.
INSERT INTO coexsync.identity_link VALUES (1, 'US.21', '15550000021'), (1, 'US.22', '15550000022'),
    (1, 'US.23', '15550000023'), (1, 'US.24', '15550000024');
INSERT INTO coexsync.contact_event
    (account_id, identity, at, digest, action, full_name, first_name, phone, user_id) VALUES
    (1, '15550000021', '2026-02-01Z', '\x01', 'add', 'Removed Later', NULL, NULL, NULL),
    (1, 'US.21', '2026-02-02Z', '\x01', 'remove', NULL, NULL, NULL, 'US.21'),
    (1, '15550000022', '2026-02-03Z', '\x01', 'add', 'Added Later', NULL, NULL, NULL),
    (1, 'US.22', '2026-02-02Z', '\x01', 'remove', NULL, NULL, NULL, 'US.22'),
    (1, '15550000023', '2026-02-01Z', '\x01', 'add', 'Old', NULL, NULL, NULL),
    (1, 'US.23', '2026-02-02Z', '\x01', 'add', 'New', NULL, NULL, 'US.23'),
    (1, '15550000024', '2026-02-01Z', '\x01', 'add', 'Removed, With Profile', NULL, NULL, NULL),
    (1, 'US.24', '2026-02-02Z', '\x01', 'remove', NULL, NULL, NULL, 'US.24');
INSERT INTO coexsync.profile_name VALUES
    (1, '15550000024', 'name', '\x01', 'Profile 24', '2026-02-01Z');
INSERT INTO coexsync.message SELECT 1, 'w.' || t, 'K' || t, t, 'inbound', '2026-02-01Z', 'text', 'x', NULL,
    NULL, NULL, NULL, NULL, 1, 1, 1, 1, 1, 0
FROM unnest(ARRAY['15550000021', '15550000022', '15550000023', '15550000024', '15550000001',
    '15550000099']) AS u (t);
SELECT facts.is('called ' || w.conversation_id, c.display_name, w.want)
FROM (VALUES ('15550000021', '15550000021'), ('15550000022', 'Added Later'), ('15550000023', 'New'),
    ('15550000024', 'Profile 24'), ('15550000001', 'New Name'), ('15550000099', '15550000099'))
    AS w (conversation_id, want)
LEFT JOIN coexsync.conversations AS c ON c.account_id = 1 AND c.conversation_id = w.conversation_id;
