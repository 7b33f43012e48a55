-- Of redacted reports; in hex.
SELECT encode(key, 'hex') FROM coexsync.pseudonym_key
