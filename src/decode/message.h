/*
 * Items of messages[] and message_echoes[], wherever they stand: messages, and the events
 * (edit, revoke, reaction) among them.
 */
#ifndef DECODE_MESSAGE_H
#define DECODE_MESSAGE_H

#include "rules/wamid.h"

#include "decode/fields.h"
#include "decode/value.h"

/* Where an array of messages stands, and what that says about them. */
struct message_place {
	const struct pointer *at; /* of the array */
	enum stream stream;
	bool is_echo; /* message_echoes[] */
	bool is_plain; /* messages[] outside threads */
	bool is_thread; /* messages[] of history[].threads[] */
	struct person peer; /* of the thread */
	struct chunk_row *chunk; /* of the thread, to be counted in; else NULL */
	int64_t *newest_us; /* likewise: of the thread */
};

/* The members of a message, and those of text, context and history_context, as slices. */
struct message_members {
	struct str from;
	struct str to;
	struct str id;
	struct str timestamp;
	struct str type;
	struct str text;
	struct str context;
	struct str from_user_id;
	struct str to_user_id;
	struct str history_context;
	struct str referral;
	struct str errors;
	struct str group_id;
	struct str media_placeholder;
	struct str body;
	struct str reply_to;
	struct str forwarded;
	struct str frequently_forwarded;
	struct str referred_product;
	struct str status;
	struct str from_me;
};

/* For tables of dialects: the members of text and of context, as fields of message_members. */
extern const struct field_table message_text_table;
extern const struct field_table message_context_table;

/* A message while it is read. */
struct message {
	const struct message_place *place;
	const struct pointer *at;
	struct str json;
	struct message_members members;
	struct str id;
	struct str type; /* as said, else by the only content there is; STR_NULL */
	struct str reply_to;
	bool is_forwarded;
	bool is_frequently_forwarded;
	bool is_from_me;
	enum status status;
	struct person from;
	struct person to;
	struct person peer; /* the other side of the conversation */
	enum direction direction;
	struct wamid wamid;
	int64_t at_us;
};

void message_read_list(struct value *v, struct str array, const struct message_place *place);

/* One whose place, at, json and members are set. */
void message_read_one(struct value *v, struct message *m);

/* The type of a message without one: its content, if it has just one; else STR_NULL. */
struct str message_infer_type(struct arena *a, struct str json);

/* The text that names a target or a reply; STR_NULL for none, for the dummy "M0", for what can be
 * no id. */
struct str message_target(struct str id);

/* Counts (a message, not an event) and keeps an item that cannot be used. */
void message_reject(struct value *v, const struct message *m, const char *code, const char *detail);

#endif
