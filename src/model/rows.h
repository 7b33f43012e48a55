/*
 * The rows that decode makes of payloads and store writes: one struct a table
 * (migrations/0001_tables.up.sql says what the columns mean). Texts are borrowed
 * from the batch arena. Every row begins with `struct row`.
 */
#ifndef MODEL_ROWS_H
#define MODEL_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/sha256.h"
#include "base/str.h"
#include "model/time.h"

/* In the order in which transactions write them. */
enum relation {
	REL_ACCOUNT_EVENT,
	REL_MESSAGE,
	REL_MESSAGE_EVENT,
	REL_CONTACT_EVENT,
	REL_PROFILE_NAME,
	REL_IDENTITY_LINK,
	REL_IDENTITY_CHANGE,
	REL_MEDIA_ASSET,
	REL_CHUNK,
	REL_ACTIVATION_PAYLOAD,
	REL_PAYLOAD,
	REL_PAYLOAD_RAW,
	REL_REJECT,
	REL_COUNT
};

struct row {
	struct str key; /* columns behind account_id; memcmp orders them as the table does */
	uint32_t part; /* index of its (payload, account) in the batch */
	uint32_t group; /* the same for rows of one account and key (when the batch is closed) */
	bool may_be_known; /* false: surely not in the table (decided when the batch is closed; of
			    * rows to probe, anew in each attempt) */
	bool is_to_probe; /* known only if the table has it: store asks, and decides anew */
	bool is_skipped; /* the server refuses it: it goes to reject instead */
	struct row *same; /* the next equal one, dropped for it (closed batch) */
};

enum direction { DIRECTION_NONE, DIRECTION_INBOUND, DIRECTION_OUTBOUND };

/* In the order of coexsync.status. */
enum status {
	STATUS_NONE,
	STATUS_PENDING,
	STATUS_SENT,
	STATUS_FAILED,
	STATUS_DELIVERED,
	STATUS_READ,
	STATUS_PLAYED,
};

/* Where a message was seen; bits, so that they unite. */
enum stream { STREAM_HISTORY = 1, STREAM_HISTORY_MEDIA = 2, STREAM_ECHO = 4, STREAM_LIVE = 8 };

struct message_row {
	struct row row; /* key: wamid */
	struct str message_key;
	struct str thread_id;
	struct str type;
	struct str body;
	struct str content; /* JSON */
	struct str extra; /* JSON */
	struct str reply_to;
	struct str reply_key;
	int64_t sent_at_us;
	uint8_t direction;
	uint8_t status;
	uint8_t stream;
	uint8_t content_stream;
	uint8_t direction_from;
	uint8_t thread_from;
	uint8_t time_from;
};

enum event_kind { EVENT_EDIT, EVENT_REVOKE, EVENT_REACTION, EVENT_STATUS };

struct message_event_row {
	struct row row; /* key: event_id */
	struct str target;
	struct str target_key;
	struct str actor;
	struct str thread_id;
	struct str content; /* JSON */
	int64_t at_us;
	enum event_kind kind;
	enum status status;
};

struct contact_event_row {
	struct row row; /* key: identity, 0, at, digest */
	struct str identity;
	int64_t at_us; /* TIME_NONE is stored as -infinity */
	struct sha256 digest;
	bool is_add;
	struct str full_name;
	struct str first_name;
	struct str phone;
	struct str user_id;
	struct str username;
};

struct profile_name_row {
	struct row row; /* key: identity, 0, kind, sha256 */
	struct str identity;
	bool is_username;
	struct sha256 sha256;
	struct str name;
	int64_t last_seen_us;
};

struct identity_link_row {
	struct row row; /* key: user_id, 0, phone */
	struct str user_id;
	struct str phone;
};

struct identity_change_row {
	struct row row; /* key: old, 0, new, 0, at */
	struct str old_identity;
	struct str new_identity;
	int64_t at_us; /* TIME_NONE is stored as -infinity */
};

struct media_asset_row {
	struct row row; /* key: wamid, 0, media_id */
	struct str wamid;
	struct str media_id;
	struct str mime_type;
	struct str filename;
	struct str url;
	struct sha256 sha256;
	int64_t received_at_us;
	bool has_sha256;
	int8_t voice; /* -1 not said */
	int8_t animated;
};

struct account_event_row {
	struct row row; /* key: digest */
	struct sha256 digest;
	struct str event;
	struct str reason;
	struct str initiated_by;
	struct str waba_id;
	struct str phone;
	int64_t at_us;
};

#define INT_NONE INT32_MIN

struct chunk_row {
	struct row row; /* key: sha256, pointer */
	struct str pointer; /* JSON pointer of the history[] element */
	int32_t phase; /* INT_NONE where not said, likewise below */
	int32_t chunk_order;
	int32_t progress;
	int32_t error_code; /* of the platform, 0 if it names none */
	int32_t messages;
	int64_t oldest_us;
	int64_t newest_us;
};

struct reject_row {
	struct row row; /* key: sha256, pointer */
	struct str pointer; /* JSON pointer, "" for the whole payload */
	const char *code; /* see rules/reject_codes.h */
	struct str detail;
	struct str excerpt;
	uint64_t items; /* 1, or how many have no row of their own */
};

/* "This payload was given under this T." */
struct activation_payload_row {
	struct row row; /* key: onboarded_at, sha256 */
	int64_t onboarded_at_us;
};

/* Of payload: all is in the part and its payload. */
struct ledger_row {
	struct row row; /* key: sha256 */
};

/* Of payload_raw: the bytes of one payload, or those of many small ones behind each other. Made
 * when the batch is closed. */
struct raw_row {
	struct row row; /* key: sha256, of several payloads that of theirs; part: the first */
	struct str packed; /* a zstd frame; STR_NULL: that of the payload */
	uint64_t size_bytes;
	const uint32_t *parts; /* whose bytes they are, all of one account */
	size_t part_count;
};

struct row_set {
	struct list of[REL_COUNT];
};

#endif
