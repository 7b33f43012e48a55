/*
 * See hasher.h.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/thread.h"
#include "source/hasher.h"

/* The reader looks ahead for about 2 MiB, of which each takes 64 KiB or more. */
#define WAITING_PAYLOADS 64

struct hasher {
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t has_work;
	pthread_cond_t is_idle;
	struct payload *waiting[WAITING_PAYLOADS];
	size_t count;
	bool is_hashing;
	bool is_ending;
};

static void *
hash(void *state)
{
	struct hasher *h = state;

	pthread_mutex_lock(&h->lock);
	for (;;) {
		struct payload *p;

		while (h->count == 0 && !h->is_ending)
			pthread_cond_wait(&h->has_work, &h->lock);
		if (h->count == 0)
			break;
		p = h->waiting[--h->count];
		h->is_hashing = true;
		pthread_mutex_unlock(&h->lock);
		payload_hash(p);
		pthread_mutex_lock(&h->lock);
		h->is_hashing = false;
		pthread_cond_signal(&h->is_idle);
	}
	pthread_mutex_unlock(&h->lock);
	return NULL;
}

static void
release(struct hasher *h)
{
	pthread_cond_destroy(&h->has_work);
	pthread_cond_destroy(&h->is_idle);
	pthread_mutex_destroy(&h->lock);
	free(h);
}

struct hasher *
hasher_start(struct err *e)
{
	struct hasher *h = memory_zero(1, sizeof(*h));

	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->has_work, NULL);
	pthread_cond_init(&h->is_idle, NULL);
	if (thread_start(&h->thread, hash, h, e) == 0)
		return h;
	release(h);
	return NULL;
}

void
hasher_put(struct hasher *h, struct payload *p)
{
	bool is_taken = false;

	if (!p->awaits_hash)
		return;
	pthread_mutex_lock(&h->lock);
	if (h->count < WAITING_PAYLOADS) {
		h->waiting[h->count++] = p;
		is_taken = true;
		pthread_cond_signal(&h->has_work);
	}
	pthread_mutex_unlock(&h->lock);
	if (!is_taken)
		payload_hash(p);
}

void
hasher_finish(struct hasher *h)
{
	pthread_mutex_lock(&h->lock);
	while (h->count > 0) {
		struct payload *p = h->waiting[--h->count];

		pthread_mutex_unlock(&h->lock);
		payload_hash(p);
		pthread_mutex_lock(&h->lock);
	}
	while (h->is_hashing)
		pthread_cond_wait(&h->is_idle, &h->lock);
	pthread_mutex_unlock(&h->lock);
}

void
hasher_end(struct hasher *h)
{
	if (h == NULL)
		return;
	pthread_mutex_lock(&h->lock);
	h->is_ending = true;
	pthread_cond_signal(&h->has_work);
	pthread_mutex_unlock(&h->lock);
	pthread_join(h->thread, NULL);
	release(h);
}
