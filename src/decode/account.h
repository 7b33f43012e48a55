/*
 * account_update: what became of the account itself.
 */
#ifndef DECODE_ACCOUNT_H
#define DECODE_ACCOUNT_H

#include "decode/value.h"

/* A slice: a word like PARTNER_REMOVED? Other things called `event` are not. */
bool account_is_event(struct str event);

/* Has the value an object called like an event, account_offboarded: {…}? */
bool account_is_event_object(struct arena *a, struct str value);

/* An account_event row of the value at `at`. */
void account_read_event(struct value *v, const struct pointer *at);

#endif
