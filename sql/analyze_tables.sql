-- After an import the planner knows nothing of the new rows; autovacuum would tell it a minute later.
ANALYZE coexsync.account, coexsync.message, coexsync.message_event, coexsync.media_asset, coexsync.chunk,
    coexsync.payload, coexsync.contact_event, coexsync.profile_name, coexsync.identity_link
