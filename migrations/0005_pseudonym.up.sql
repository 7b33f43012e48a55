-- The key of the pseudonyms in redacted reports, one a database, made here and never changed: the
-- same person has the same pseudonym in all of them, and without the key nobody can try numbers.
-- 244 random bits (gen_random_uuid takes them from the system's generator, 122 each).
CREATE TABLE coexsync.pseudonym_key (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    key bytea NOT NULL CHECK (octet_length(key) = 32)
);
INSERT INTO coexsync.pseudonym_key (key)
SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
