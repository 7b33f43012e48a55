/*
 * The ring between the reader and the writers: see queue.h.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "batch/batch.h"
#include "batch/queue.h"

struct stack {
	struct batch **items;
	size_t count;
};

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct batch **all;
	size_t total;
	struct stack empty;
	struct stack filled; /* a queue: taken from the front */
	bool is_ended;
	bool is_stopped;
};

struct queue *
queue_new(size_t batches)
{
	struct queue *q = memory_zero(1, sizeof(*q));

	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->changed, NULL);
	q->total = batches;
	q->all = memory_zero(batches, sizeof(struct batch *));
	q->empty.items = memory_zero(batches, sizeof(struct batch *));
	q->filled.items = memory_zero(batches, sizeof(struct batch *));
	for (size_t i = 0; i < batches; i++) {
		q->all[i] = batch_new();
		q->empty.items[q->empty.count++] = q->all[i];
	}
	return q;
}

void
queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	for (size_t i = 0; i < q->total; i++)
		batch_free(q->all[i]);
	free(q->all);
	free(q->empty.items);
	free(q->filled.items);
	pthread_cond_destroy(&q->changed);
	pthread_mutex_destroy(&q->lock);
	free(q);
}

static void
put(struct queue *q, struct stack *s, struct batch *b)
{
	pthread_mutex_lock(&q->lock);
	s->items[s->count++] = b;
	pthread_cond_broadcast(&q->changed);
	pthread_mutex_unlock(&q->lock);
}

static struct batch *
take_first(struct stack *s)
{
	struct batch *b = s->items[0];

	memmove(s->items, s->items + 1, --s->count * sizeof(struct batch *));
	return b;
}

/* Of a wait. */
#define PIECE_MS 200

/* A signal does not end a wait: it is cut into pieces, and between them the waiter may act. */
static void
wait_a_moment(struct queue *q, const struct queue_patience *patience)
{
	const struct timespec until = clock_after_ms(PIECE_MS);

	pthread_cond_timedwait(&q->changed, &q->lock, &until);
	pthread_mutex_unlock(&q->lock);
	patience->meanwhile(patience->waiter);
	pthread_mutex_lock(&q->lock);
}

struct batch *
queue_take_empty(struct queue *q, const struct queue_patience *patience)
{
	struct batch *b = NULL;

	pthread_mutex_lock(&q->lock);
	while (q->empty.count == 0 && !q->is_stopped && !patience->is_over(patience->state))
		wait_a_moment(q, patience);
	if (!q->is_stopped && q->empty.count > 0)
		b = take_first(&q->empty);
	pthread_mutex_unlock(&q->lock);
	return b;
}

void
queue_put_filled(struct queue *q, struct batch *b)
{
	put(q, &q->filled, b);
}

bool
queue_drain(struct queue *q, const struct queue_patience *patience)
{
	bool is_drained;

	pthread_mutex_lock(&q->lock);
	while (q->empty.count < q->total && !q->is_stopped && !patience->is_over(patience->state))
		wait_a_moment(q, patience);
	is_drained = q->empty.count == q->total && !q->is_stopped;
	pthread_mutex_unlock(&q->lock);
	return is_drained;
}

struct batch *
queue_take_filled(struct queue *q)
{
	struct batch *b = NULL;

	pthread_mutex_lock(&q->lock);
	while (q->filled.count == 0 && !q->is_ended && !q->is_stopped)
		pthread_cond_wait(&q->changed, &q->lock);
	if (q->filled.count > 0 && !q->is_stopped)
		b = take_first(&q->filled);
	pthread_mutex_unlock(&q->lock);
	return b;
}

void
queue_put_empty(struct queue *q, struct batch *b)
{
	batch_reset(b);
	put(q, &q->empty, b);
}

static void
set_flag(struct queue *q, bool *flag)
{
	pthread_mutex_lock(&q->lock);
	*flag = true;
	pthread_cond_broadcast(&q->changed);
	pthread_mutex_unlock(&q->lock);
}

void
queue_end(struct queue *q)
{
	set_flag(q, &q->is_ended);
}

void
queue_stop(struct queue *q)
{
	set_flag(q, &q->is_stopped);
}
