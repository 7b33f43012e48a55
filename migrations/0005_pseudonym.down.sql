DROP TABLE coexsync.pseudonym_key;
