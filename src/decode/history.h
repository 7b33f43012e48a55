/*
 * history[]: chunks of threads of messages, or the reason why there are none.
 */
#ifndef DECODE_HISTORY_H
#define DECODE_HISTORY_H

#include "decode/value.h"

/* A chunk row for each element, and the messages of its threads. */
void history_read(struct value *v, struct str array, const struct pointer *at);

#endif
