/*
 * account_update: what became of the account itself.
 */
#ifndef DECODE_ACCOUNT_H
#define DECODE_ACCOUNT_H

#include "decode/value.h"

/* An account_event row of the value at `at`. */
void account_read_event(struct value *v, const struct pointer *at);

#endif
