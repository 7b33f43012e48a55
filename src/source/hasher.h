/*
 * Hashes of payloads, those of long ones on a thread of its own: where all is known they are a
 * quarter of the work, and reading is most of the rest.
 */
#ifndef SOURCE_HASHER_H
#define SOURCE_HASHER_H

#include "model/payload.h"

struct hasher;

/* NULL on failure. */
struct hasher *hasher_start(struct err *e);

/* What has no hash yet must stay where it is until hasher_finish. */
void hasher_put(struct hasher *h, struct payload *p);

/* Until all that were put have their hashes; the caller hashes, too. */
void hasher_finish(struct hasher *h);

/* Finishes and frees; NULL is fine. */
void hasher_end(struct hasher *h);

#endif
