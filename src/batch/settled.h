/*
 * Rows that batches of this run have committed, of the small relations that every payload repeats:
 * who a person is, what they are called. Said again they add nothing and need not be sent. Exact:
 * whole keys are compared. Writers add, the reader asks.
 */
#ifndef BATCH_SETTLED_H
#define BATCH_SETTLED_H

#include "model/batch.h"

struct settled;

struct settled *settled_new(void);
void settled_free(struct settled *s);

/* Relations of which it keeps rows. */
bool settled_is_about(enum relation relation);

/* Is all that the row says in the tables already? It is of one of these relations; a profile name
 * must be there with this time or a newer one. */
bool settled_has(
    struct settled *s, enum relation relation, int32_t account_id, const struct row *r);

/* The rows of a batch that is committed. What finds no room is sent again, no more. */
void settled_add(struct settled *s, const struct batch *b);

#endif
