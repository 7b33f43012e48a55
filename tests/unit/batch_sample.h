/*
 * A part in a batch, for tests of rooms that fill batches without decode.
 */
#ifndef TESTS_UNIT_BATCH_SAMPLE_H
#define TESTS_UNIT_BATCH_SAMPLE_H

#include "model/batch.h"

static inline struct part *
add_part(struct batch *b, struct account *account)
{
	struct part *p = arena_zero(b->arena, 1, sizeof(*p));

	p->account = account;
	list_add(b->arena, &b->parts, p);
	return p;
}

#endif
