DROP FUNCTION coexsync.rfc3339(timestamptz), coexsync.epoch_us(timestamptz);
