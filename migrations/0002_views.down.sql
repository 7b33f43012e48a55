DROP FUNCTION coexsync.conversation_messages(integer, text);
DROP VIEW coexsync.conversations, coexsync.contacts, coexsync.messages, coexsync.identity_proposal,
    coexsync.identity_group;
DROP FUNCTION coexsync.messages_in(integer, text), coexsync.related_messages(integer, text),
    coexsync.related_messages_of(integer, text, text[], integer),
    coexsync.related_messages_in(integer, text, text[], integer, bigint[], bigint[], text[]),
    coexsync.event_refs_in(integer, text, text[], integer, text[]), coexsync.messages_of_keys(integer, bigint[]),
    coexsync.ref_hashes(integer, integer), coexsync.twin_hashes(integer, integer),
    coexsync.is_key_of(text, integer),
    coexsync.thread_messages_in(integer, text, text[]),
    coexsync.names_in(integer, text, text[]), coexsync.person_conversation(integer, text[]),
    coexsync.person_identities(integer, text),
    coexsync.account_names(integer), coexsync.account_numbers(integer);
DROP TYPE coexsync.read_message, coexsync.message_content,
    coexsync.message_ref, coexsync.thread_message, coexsync.conversation_name;
DROP FUNCTION coexsync.stored_payloads(integer, bytea, text, integer, boolean),
    coexsync.payloads_from(integer, bytea), coexsync.known_payloads(bytea[]),
    coexsync.content_class(text),
    coexsync.content_hash(text, text, jsonb), coexsync.time_rank(smallint),
    coexsync.source_rank(smallint), coexsync.wamid_person(text), coexsync.phone_other_form(text),
    coexsync.phone_short_form(text), coexsync.conflict_words(smallint), coexsync.int_ranges(integer[]);
DROP INDEX coexsync.identity_link_phone_idx, coexsync.message_event_target_idx,
    coexsync.message_thread_idx;
