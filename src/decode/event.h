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

/* statuses[]: message_event rows. */
void event_read_statuses(struct value *v, struct str array, const struct pointer *at);

#endif
