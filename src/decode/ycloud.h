/*
 * YCloud: an event tells of one message, or of contacts, in names and times of its own.
 */
#ifndef DECODE_YCLOUD_H
#define DECODE_YCLOUD_H

#include "decode/dialect.h"

/* {type: one of ours, whatsappInboundMessage | whatsappMessage | whatsappSmbAppStateSync} */
bool ycloud_is(struct reader *r, const struct root *root);
void ycloud_read(struct reader *r, const struct root *root, const struct dialect *d);

/* {type: "whatsapp.…", apiVersion}: of templates, phone numbers and the like. */
bool ycloud_is_other(struct reader *r, const struct root *root);

#endif
