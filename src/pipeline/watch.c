/*
 * The thread beside the connection of a command: see watch.h.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"
#include "pipeline/pipeline.h"
#include "pipeline/watch.h"

#define POLL_MS 100

struct watch {
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed; /* is_ending */
	struct store *store;
	bool is_ending;
	bool is_over; /* the signal has come and the grace, too, is over */
	int64_t grace_ms;
	int64_t until_ms; /* 0: no signal yet */
};

static void
look(struct watch *w)
{
	if (pipeline_caught_signal() != 0 && w->until_ms == 0)
		w->until_ms = clock_monotonic_ms() + w->grace_ms;
	w->is_over = w->until_ms != 0 && clock_monotonic_ms() >= w->until_ms;
	if (w->is_over)
		store_cancel(w->store);
}

/* The end of the watch ends it: no command waits for it. */
static void
nap(struct watch *w)
{
	int64_t until_ms = clock_monotonic_ms() + POLL_MS;
	const struct timespec until = {until_ms / 1000, until_ms % 1000 * 1000000};

	pthread_cond_timedwait(&w->changed, &w->lock, &until);
}

static void *
watch(void *state)
{
	struct watch *w = state;

	pthread_mutex_lock(&w->lock);
	for (look(w); !w->is_ending; look(w))
		nap(w);
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/* Waits by the clock that clock_monotonic_ms reads. */
static void
init_lock(struct watch *w)
{
	pthread_condattr_t monotonic;

	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&w->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

static void
free_watch(struct watch *w)
{
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

struct watch *
watch_start(struct store *s, struct err *e)
{
	struct watch *w = memory_zero(1, sizeof(*w));

	w->store = s;
	init_lock(w);
	if (thread_start(&w->thread, watch, w, e) == 0)
		return w;
	free_watch(w);
	return NULL;
}

void
watch_allow(struct watch *w, int64_t grace_ms)
{
	pthread_mutex_lock(&w->lock);
	w->grace_ms = grace_ms;
	w->until_ms = 0;
	w->is_over = false;
	store_resume(w->store);
	pthread_mutex_unlock(&w->lock);
}

bool
watch_is_over(struct watch *w)
{
	bool is_over;

	pthread_mutex_lock(&w->lock);
	is_over = w->is_over;
	pthread_mutex_unlock(&w->lock);
	return is_over;
}

void
watch_end(struct watch *w)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->is_ending = true;
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	free_watch(w);
}
