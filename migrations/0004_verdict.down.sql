DROP VIEW coexsync.verdict, coexsync.media;
DROP FUNCTION coexsync.verdict_as_of(timestamptz, interval, interval, boolean),
    coexsync.media_as_of(timestamptz, interval, interval);
DROP TYPE coexsync.activation_verdict, coexsync.media_judged;
DROP VIEW coexsync.activation_proof, coexsync.coverage, coexsync.chunk_number,
    coexsync.chunk_attributed, coexsync.activation_t;
