/*
 * A part and messages in a batch, for tests of rooms that fill batches without decode.
 */
#ifndef TESTS_UNIT_BATCH_SAMPLE_H
#define TESTS_UNIT_BATCH_SAMPLE_H

#include "batch/batch.h"
#include "batch/settled.h"
#include "model/batch.h"

static inline struct part *
add_part(struct batch *b, struct account *account)
{
	struct part *p = arena_zero(b->arena, 1, sizeof(*p));

	p->account = account;
	list_add(b->arena, &b->parts, p);
	return p;
}

static inline struct message_row *
add_message(struct batch *b, uint32_t part, const char *wamid, const char *body)
{
	struct message_row *m = arena_zero(b->arena, 1, sizeof(*m));

	m->row.part = part;
	m->row.key = str_of(wamid);
	m->body = str_of(body);
	m->sent_at_us = 1;
	list_add(b->arena, &b->rows.of[REL_MESSAGE], m);
	b->row_count++;
	return m;
}

/* Of a run in which nothing is settled yet. */
static inline void
close_batch(struct batch *b, struct filter *sent)
{
	struct settled *settled = settled_new();

	batch_close(b, sent, settled);
	settled_free(settled);
}

#endif
