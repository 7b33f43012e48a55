/*
 * Dialects that hold Meta's shape within one of their own: 360dialog, AWS End User Messaging, 8x8.
 */
#ifndef DECODE_WRAPPED_H
#define DECODE_WRAPPED_H

#include "decode/dialect.h"

/* {id, event: "history", data: {id: WABA id, metadata, history | state_sync | …}} */
bool wrapped_is_360dialog(struct reader *r, const struct root *root);
void wrapped_read_360dialog(struct reader *r, const struct root *root, const struct dialect *d);

/*
 * {context, whatsAppWebhookEntry: "one entry, as JSON within a string", message_timestamp, …}.
 * Places in it continue behind that member, as if it were not a string.
 */
bool wrapped_is_aws(struct reader *r, const struct root *root);
void wrapped_read_aws(struct reader *r, const struct root *root, const struct dialect *d);

/* {…, eventDetails: {rawEvent: Meta's payload}} */
bool wrapped_is_8x8(struct reader *r, const struct root *root);
void wrapped_read_8x8(struct reader *r, const struct root *root, const struct dialect *d);

#endif
