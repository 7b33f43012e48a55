DROP FUNCTION coexsync.raw_sha256(coexsync.payload);
DROP TABLE coexsync.export, coexsync.reject, coexsync.payload_raw, coexsync.payload,
    coexsync.activation_payload, coexsync.chunk, coexsync.media_file, coexsync.media_asset,
    coexsync.identity_change, coexsync.identity_link, coexsync.profile_name, coexsync.contact_event,
    coexsync.message_event, coexsync.message_version, coexsync.message, coexsync.account_event,
    coexsync.activation, coexsync.run, coexsync.account;
DROP TYPE coexsync.signature, coexsync.profile_name_kind, coexsync.contact_action,
    coexsync.event_kind, coexsync.status, coexsync.direction;
