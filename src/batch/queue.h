/*
 * The ring between the reader and the writers: a fixed number of batches goes round, so memory
 * does not grow with the input.
 */
#ifndef BATCH_QUEUE_H
#define BATCH_QUEUE_H

#include "model/batch.h"

struct queue;

/* What who waits does a few times a second: asks whether to give up, and looks after other things.
 */
struct queue_patience {
	bool (*is_over)(void *state);
	void *state;
	void (*meanwhile)(void *waiter);
	void *waiter;
};

/* Makes the queue and its `batches` empty batches. */
struct queue *queue_new(size_t batches);
void queue_free(struct queue *q);

/* Reader: an empty batch, waiting for one; NULL once the queue is stopped or patience is over. */
struct batch *queue_take_empty(struct queue *q, const struct queue_patience *patience);
void queue_put_filled(struct queue *q, struct batch *b);

/*
 * Reader, who holds none: waits until every batch is written. False once the queue is stopped or
 * patience is over.
 */
bool queue_drain(struct queue *q, const struct queue_patience *patience);

/* Writer: the next filled batch, waiting for one; NULL at the end or once stopped. */
struct batch *queue_take_filled(struct queue *q);
void queue_put_empty(struct queue *q, struct batch *b); /* resets it */

/* No more filled batches will come. */
void queue_end(struct queue *q);

/* Wakes everybody up; batches that no writer has begun are given up. */
void queue_stop(struct queue *q);

#endif
