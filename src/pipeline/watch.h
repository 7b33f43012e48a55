/*
 * The thread that keeps the promise to stop within five seconds, whatever the connection of the
 * command waits for.
 */
#ifndef PIPELINE_WATCH_H
#define PIPELINE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/store.h"

struct watch;

/* From now on a signal ends, at once, what the store is doing. NULL on failure. */
struct watch *watch_start(struct store *s, struct err *e);

/* After a signal, or from now on if it has come, this much is allowed before that. */
void watch_allow(struct watch *w, int64_t grace_ms);

/* Has a signal come, and is the time over that was allowed? */
bool watch_is_over(struct watch *w);

/* Before the store is closed. NULL is fine. */
void watch_end(struct watch *w);

#endif
