/*
 * Profile names: of contacts[] entries and of threads, each with the newest time at which the
 * same value shows its bearer at work.
 */
#ifndef DECODE_PROFILE_H
#define DECODE_PROFILE_H

#include "decode/value.h"

/* The value has a message, event or status of this person at this time (TIME_NONE: no matter). */
void profile_saw(struct value *v, struct person p, int64_t at_us);

/* A name of a known person; STR_NULL is none. Becomes a row when the value is finished. */
void profile_add(struct value *v, struct person p, bool is_username, struct str name);

/* When all of the value is read: profile_name rows. */
void profile_finish(struct value *v);

#endif
