-- Small functions: ranges, forms of numbers, the person in a wamid.
SELECT facts.is('ranges of ' || v.numbers::text, coexsync.int_ranges(v.numbers), v.want)
FROM (VALUES ('{}'::integer[], ''), ('{3}', '3'), ('{3,7,8,9}', '3, 7-9'),
    ('{9,8,7,3,3}', '3, 7-9'), ('{0,1,3}', '0-1, 3'), (NULL, '')) AS v (numbers, want);

SELECT facts.is('other form of ' || v.identity, coexsync.phone_other_form(v.identity), v.want)
FROM (VALUES
    ('551187654321', '5511987654321'), ('5511987654321', '551187654321'),
    ('551133334444', NULL), ('5511933334444', NULL), ('5511887654321', NULL), ('55118765432', NULL), ('551198765432100', NULL),
    ('525512345678', '5215512345678'), ('5215512345678', '525512345678'),
    ('5225512345678', NULL),
    ('541112345678', NULL), ('5491112345678', NULL),
    ('15550001234', NULL), ('BR.551187654321', NULL)) AS v (identity, want);

-- Ids made by the layout of protocol 9.1: a phone number of 12 digits, a BSUID, and what is none.
SELECT facts.is('person of ' || v.wamid, coexsync.wamid_person(v.wamid), v.want)
FROM (VALUES
    ('wamid.' || encode('\x1c180c'::bytea || convert_to('155500012345', 'UTF8')
        || '\x1502001118'::bytea || '\x12'::bytea || convert_to('AB0123456789ABCDEF', 'UTF8')
        || '\x00'::bytea, 'base64'), '155500012345'),
    ('wamid.' || rtrim(encode('\x1c180d'::bytea || convert_to('US.1349120865', 'UTF8')
        || '\x1514001218'::bytea || '\x10'::bytea || convert_to('AB0123456789ABCD', 'UTF8')
        || '\x00'::bytea, 'base64'), '='), 'US.1349120865'),
    ('wamid.' || translate(encode('\x1c1849'::bytea || convert_to('US.' || repeat('7', 70), 'UTF8')
        || '\x1514001218'::bytea || '\x10'::bytea || convert_to('AB0123456789ABCD', 'UTF8')
        || '\x00'::bytea, 'base64'), E'\n', ''), 'US.' || repeat('7', 70)),
    ('wamid.QyNUEHBgLMTU1NTEyMzQ1Njc4', NULL), ('ABGGFlA5Fpa', NULL), ('wamid.HBg', NULL))
    AS v (wamid, want);
