/*
 * What happened to a message after it was sent: edit, revoke, reaction, status.
 */
#ifndef DECODE_EVENT_H
#define DECODE_EVENT_H

#include "decode/message.h"

/* Is a message of this type an event about another message? */
bool event_is_kind(struct str type);

/* A message of such a type: a message_event row. */
void event_read(struct value *v, const struct message *m);

/* The members of a status, as slices. */
struct status_members {
	struct str id;
	struct str status;
	struct str timestamp;
	struct str recipient_id;
	struct str recipient_type;
	struct str recipient_user_id;
	struct str group_id;
	struct str errors;
};

/* One status, `json` as it stands. Those of groups are left out, and counted. */
void event_read_status(
    struct value *v, const struct status_members *m, const struct pointer *at, struct str json);

/* statuses[]: message_event rows. */
void event_read_statuses(struct value *v, struct str array, const struct pointer *at);

#endif
