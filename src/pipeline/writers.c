/*
 * The writers' half of ingest: each takes filled batches and writes them over a connection of its
 * own. They need not know of each other.
 */
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "pipeline/ingest.h"
#include "pipeline/pipeline.h"

/* A batch takes about a second; the promise is to stop within five. */
#define STOP_GRACE_SECONDS 3

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

static void *
write_batches(void *state)
{
	struct writer *w = state;
	struct batch *b;

	while ((b = queue_take_filled(w->ingest->queue)) != NULL) {
		if (store_apply_batch(w->store, b, &w->ingest->apply, &w->error) != 0) {
			w->has_failed = true;
			queue_stop(w->ingest->queue);
			break;
		}
		totals_add_batch(&w->ingest->totals, b);
		queue_put_empty(w->ingest->queue, b);
	}
	return NULL;
}

/* Signals are the reader's business. */
static int
start_thread(struct writer *w)
{
	sigset_t all, old;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	failed = pthread_create(&w->thread, NULL, write_batches, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return failed;
}

struct writers *
writers_start(struct ingest *in, struct err *e)
{
	size_t jobs = in->options->jobs;
	struct writers *w = calloc(1, sizeof(*w) + jobs * sizeof(w->all[0]));
	struct err ignored;

	if (w == NULL)
		abort();
	w->ingest = in;
	w->count = jobs;
	for (size_t i = 0; i < jobs; i++) {
		w->all[i].ingest = in;
		w->all[i].store = store_open(session_conninfo(in->session, in->options), e);
		if (w->all[i].store == NULL)
			goto failed;
		if (start_thread(&w->all[i]) != 0) {
			err_set(e, ERR_IO, "cannot start a thread");
			goto failed;
		}
		w->started++;
	}
	return w;
failed:
	queue_stop(in->queue);
	writers_join(w, &ignored);
	return NULL;
}

/* Waits for one; after a signal not longer than the grace, then what it does is cancelled. */
static void
join(struct writer *w)
{
	struct timespec until;

	for (int waited = 0;; waited++) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		if (pthread_timedjoin_np(w->thread, NULL, &until) == 0)
			return;
		if (pipeline_caught_signal() == 0)
			waited = 0;
		else if (waited >= STOP_GRACE_SECONDS)
			store_cancel(w->store);
	}
}

int
writers_join(struct writers *w, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < w->started; i++) {
		join(&w->all[i]);
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
