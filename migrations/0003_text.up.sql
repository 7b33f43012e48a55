-- Times as text that depends on no setting of the session: for digests and archives.

-- Microseconds since 1970, '-' where none is known, '-infinity' as it stands.
CREATE FUNCTION coexsync.epoch_us(at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN at IS NULL THEN '-' WHEN at = '-infinity' THEN '-infinity'
        ELSE (extract(epoch FROM at) * 1000000)::bigint::text END;
END;

-- RFC 3339 in UTC with microseconds; null where none is known.
CREATE FUNCTION coexsync.rfc3339(at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN at > '-infinity'
        THEN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END;
END;
