/*
 * Profile names: of contacts[] entries and of threads, each with the newest time at which the
 * same value shows its bearer at work.
 */
#ifndef DECODE_PROFILE_H
#define DECODE_PROFILE_H

#include "decode/value.h"

/* The value has a message, event or status of this person at this time (TIME_NONE: nothing is
 * noted). */
void profile_saw(struct value *v, struct person p, int64_t at_us);

/* A name of a known person; STR_NULL is none. Becomes a row when the value is finished. */
void profile_add(struct value *v, struct person p, bool is_username, struct str name);

/*
 * The same of a name that a thread gives: its time is that of the thread, so that it does not
 * depend on which other threads lie in the same payload.
 */
void profile_add_of_thread(struct value *v, struct person p, struct str username, int64_t at_us);

/* When all of the value is read: profile_name rows. */
void profile_finish(struct value *v);

#endif
