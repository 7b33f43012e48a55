DROP VIEW coexsync.verdict, coexsync.media;
DROP FUNCTION coexsync.verdict_as_of(timestamptz, interval, interval, boolean),
    coexsync.judgement_as_of(timestamptz, interval, interval, boolean),
    coexsync.tally_words(jsonb), coexsync.second_of(timestamptz), coexsync.dangling_in(integer),
    coexsync.silent_days(integer, timestamptz, timestamptz), coexsync.dangling_refs(integer),
    coexsync.media_as_of(timestamptz, interval, interval), coexsync.media_items(integer);
DROP TYPE coexsync.dangling_ref, coexsync.media_item, coexsync.activation_verdict,
    coexsync.activation_judgement, coexsync.media_judged;
DROP VIEW coexsync.activation_proof, coexsync.coverage;
DROP FUNCTION coexsync.account_proof(integer),
    coexsync.chunk_coverage(coexsync.chunk_said[]), coexsync.chunk_numbering(coexsync.chunk_said[]),
    coexsync.chunk_numbers(coexsync.chunk_said[]),
    coexsync.account_chunks(integer, coexsync.activation_t[]),
    coexsync.account_activations(integer);
DROP TYPE coexsync.account_proof, coexsync.chunk_said;
DROP VIEW coexsync.chunk_attributed, coexsync.activation_t;
DROP FUNCTION coexsync.is_data(coexsync.chunk);
