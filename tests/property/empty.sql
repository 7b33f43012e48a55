-- All that was imported, and nothing that the schema brings along. DELETE: on tables as small as
-- these TRUNCATE takes twenty times as long.
DELETE FROM coexsync.message;
DELETE FROM coexsync.message_version;
DELETE FROM coexsync.message_event;
DELETE FROM coexsync.contact_event;
DELETE FROM coexsync.profile_name;
DELETE FROM coexsync.identity_link;
DELETE FROM coexsync.identity_change;
DELETE FROM coexsync.media_asset;
DELETE FROM coexsync.media_file;
DELETE FROM coexsync.chunk;
DELETE FROM coexsync.activation_payload;
DELETE FROM coexsync.activation;
DELETE FROM coexsync.account_event;
DELETE FROM coexsync.payload;
DELETE FROM coexsync.payload_raw;
DELETE FROM coexsync.reject;
DELETE FROM coexsync.export;
DELETE FROM coexsync.run;
DELETE FROM coexsync.account WHERE account_id <> 0;
