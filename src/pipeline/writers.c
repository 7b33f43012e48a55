/*
 * The writers' half of ingest: each takes filled batches and writes them over a connection of its
 * own. They need not know of each other.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "pipeline/ingest.h"

#define JOIN_MS 250

struct writer {
	pthread_t thread;
	struct ingest *ingest;
	struct store *store;
	struct err error;
	bool has_failed;
};

struct writers {
	struct ingest *ingest;
	size_t count;
	size_t started;
	struct writer all[];
};

/* Not written, for somebody else has: it was new to the reader, or is refused (store/again.c). */
static bool
is_overtaken(const struct part *p)
{
	return p->is_known && !part_is_written(p);
}

/* What such copies add is looked at when all is written. */
static void
keep_overtaken(struct ingest *in, struct batch *b)
{
	for (size_t i = 0; i < b->parts.count; i++) {
		const struct part *part = batch_part(b, i);
		struct payload *p = payload_given(part->payload);

		if (!is_overtaken(part) || p->is_counted)
			continue;
		p->is_counted = true;
		copies_add(in->overtaken, p);
	}
}

int
ingest_write_batch(struct ingest *in, struct store *s, struct err *e)
{
	struct batch *b = queue_take_filled(in->queue);

	if (b == NULL)
		return 0;
	if (store_apply_batch(s, b, &in->apply, e) != 0) {
		queue_stop(in->queue);
		return -1;
	}
	totals_add_batch(&in->totals, b);
	keep_overtaken(in, b);
	settled_add(in->settled, b);
	queue_put_empty(in->queue, b);
	return 1;
}

static void *
write_batches(void *state)
{
	struct writer *w = state;
	int got;

	do
		got = ingest_write_batch(w->ingest, w->store, &w->error);
	while (got > 0);
	w->has_failed = got < 0;
	return NULL;
}

struct writers *
writers_start(struct ingest *in, struct err *e)
{
	size_t jobs = in->options->jobs;
	struct writers *w = memory_zero(1, sizeof(*w) + jobs * sizeof(w->all[0]));
	struct err ignored;

	w->ingest = in;
	w->count = jobs;
	for (size_t i = 0; i < jobs; i++) {
		w->all[i].ingest = in;
		w->all[i].store = session_connect(in->session, in->options, e);
		if (w->all[i].store == NULL)
			goto failed;
		if (thread_start(&w->all[i].thread, write_batches, &w->all[i], e) != 0)
			goto failed;
		w->started++;
	}
	return w;
failed:
	queue_stop(in->queue);
	writers_join(w, &ignored);
	return NULL;
}

/*
 * Waits for one. When the grace that a signal leaves is over, whatever the writers do is cancelled,
 * again and again.
 */
static void
join(struct writers *w, size_t index)
{
	for (;;) {
		const struct timespec until = clock_after_ms(JOIN_MS);

		if (pthread_timedjoin_np(w->all[index].thread, NULL, &until) == 0)
			return;
		if (!watch_is_over(w->ingest->session->watch))
			continue;
		for (size_t i = index; i < w->started; i++)
			store_cancel(w->all[i].store);
	}
}

int
writers_join(struct writers *w, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < w->started; i++) {
		join(w, i);
		if (w->all[i].has_failed && rc == 0) {
			*e = w->all[i].error;
			rc = -1;
		}
	}
	for (size_t i = 0; i < w->count; i++)
		store_close(w->all[i].store);
	free(w);
	return rc;
}
