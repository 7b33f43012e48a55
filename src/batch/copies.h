/*
 * Copies of payloads of which another is on its way to the database: kept until it is there, for
 * what they say may add to what the ledger then says. The reader's are those of which it has read
 * another; the writers' those that somebody else has written meanwhile.
 */
#ifndef BATCH_COPIES_H
#define BATCH_COPIES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/list.h"
#include "model/payload.h"

struct copies;

struct copies *copies_new(void);
void copies_free(struct copies *c);

/* Keeps a copy of it; of the same payload all become one. Any thread. */
void copies_add(struct copies *c, const struct payload *p);

/* Is it time to look at them? Memory is bounded by this. Any thread. */
bool copies_is_full(struct copies *c);

/*
 * When nobody adds any more: all of them, struct payload by hash ascending, each hash once, with
 * all that its copies say (rules/observation.h); *repeated is the number of the others that
 * are not counted yet. Borrowed until copies_clear.
 */
struct list copies_take(struct copies *c, size_t *repeated);

/* Forgets them. */
void copies_clear(struct copies *c);

#endif
