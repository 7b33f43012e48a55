/*
 * batch/queue.c: the ring between the reader and the writers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"
#include "batch/queue.h"

static bool
never(void *state)
{
	(void)state;
	return false;
}

static bool
at_once(void *state)
{
	(void)state;
	return true;
}

static bool
after_three(void *calls)
{
	return *(unsigned *)calls >= 3;
}

static void
count(void *calls)
{
	(*(unsigned *)calls)++;
}

/* A batch comes back while somebody waits for it, or for all of them. */
struct bringer {
	struct queue *queue;
	struct batch *batch;
	unsigned waits;
};

static void
bring(void *state)
{
	struct bringer *b = state;

	if (++b->waits == 2)
		queue_put_empty(b->queue, b->batch);
}

static void
who_waits_gets_it(void **state)
{
	struct bringer b = {.queue = queue_new(1)};
	const struct queue_patience patience = {never, NULL, bring, &b};

	(void)state;
	b.batch = queue_take_empty(b.queue, &patience);
	assert_int_equal(b.waits, 0);
	assert_ptr_equal(queue_take_empty(b.queue, &patience), b.batch);
	assert_int_equal(b.waits, 2);
	b.waits = 0;
	assert_true(queue_drain(b.queue, &patience));
	assert_int_equal(b.waits, 2);
	queue_free(b.queue);
	queue_free(NULL);
}

static bool
after_six(void *calls)
{
	return *(unsigned *)calls >= 6;
}

/* It sleeps meanwhile: in pieces of a fifth of a second, wherever in a second they begin. */
static void
who_waits_sleeps(void **state)
{
	unsigned calls = 0;
	const struct queue_patience patience = {after_six, &calls, count, &calls};
	struct queue *q = queue_new(1);
	int64_t start_us = clock_monotonic_us();

	(void)state;
	assert_non_null(queue_take_empty(q, &patience));
	assert_null(queue_take_empty(q, &patience));
	assert_int_equal(calls, 6);
	assert_true(clock_monotonic_us() - start_us >= 1100000);
	queue_free(q);
}

struct writer {
	struct queue *queue;
	int written;
};

/* Waits for what is filled, and gives it back. */
static void *
write_all(void *state)
{
	struct writer *w = state;
	struct batch *b;

	for (; (b = queue_take_filled(w->queue)) != NULL; w->written++)
		queue_put_empty(w->queue, b);
	return NULL;
}

/* Both ends wait for each other: the writer from the beginning, the reader as the ring is small. */
static void
reader_and_writer_meet(void **state)
{
	enum { BATCHES = 1000 };
	unsigned calls = 0;
	const struct queue_patience patience = {never, NULL, count, &calls};
	struct queue *q = queue_new(2);
	struct writer writer = {.queue = q};
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, write_all, &writer), 0);
	usleep(50000); /* it waits now */
	for (int i = 0; i < BATCHES; i++)
		queue_put_filled(q, queue_take_empty(q, &patience));
	assert_true(queue_drain(q, &patience));
	usleep(50000);
	queue_end(q);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(writer.written, BATCHES);
	queue_free(q);
}

static void
ring_goes_round_and_stops(void **state)
{
	unsigned calls = 0;
	const struct queue_patience patient = {never, NULL, count, &calls},
				    hasty = {at_once, NULL, count, &calls},
				    busy = {after_three, &calls, count, &calls};
	struct queue *q = queue_new(2);
	struct batch *one = queue_take_empty(q, &patient), *two = queue_take_empty(q, &patient);

	(void)state;
	assert_non_null(one);
	assert_ptr_not_equal(one, two);
	queue_put_filled(q, one);
	queue_put_filled(q, two);
	assert_false(queue_drain(q, &hasty));
	assert_ptr_equal(queue_take_filled(q), one);
	queue_put_empty(q, one);
	assert_ptr_equal(queue_take_empty(q, &patient), one);
	assert_null(queue_take_empty(q, &hasty)); /* none there, and no patience */
	assert_int_equal(calls, 0); /* nobody has waited */
	assert_null(queue_take_empty(q, &busy));
	assert_int_equal(calls, 3);
	queue_end(q);
	assert_ptr_equal(queue_take_filled(q), two); /* the end comes behind what is filled */
	assert_null(queue_take_filled(q));
	assert_false(queue_drain(q, &hasty)); /* both are in somebody's hands */
	queue_put_empty(q, one);
	assert_false(queue_drain(q, &hasty));
	queue_put_empty(q, two);
	assert_true(queue_drain(q, &hasty));
	queue_stop(q);
	assert_false(queue_drain(q, &patient));
	queue_free(q);

	q = queue_new(1);
	queue_put_filled(q, queue_take_empty(q, &patient));
	queue_stop(q);
	assert_null(queue_take_filled(q)); /* given up */
	assert_null(queue_take_empty(q, &patient));
	assert_false(queue_drain(q, &patient)); /* nobody will bring it */
	queue_free(q);

	q = queue_new(1);
	one = queue_take_empty(q, &patient);
	one->row_count = 1;
	queue_put_empty(q, one);
	assert_int_equal(one->row_count, 0);
	queue_stop(q);
	assert_null(queue_take_filled(q)); /* nor will anything be filled */
	assert_null(queue_take_empty(q, &patient));
	queue_free(q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ring_goes_round_and_stops),
	    cmocka_unit_test(who_waits_gets_it),
	    cmocka_unit_test(who_waits_sleeps),
	    cmocka_unit_test(reader_and_writer_meet),
	};

	return cmocka_run_group_tests_name("batch_ring", tests, NULL, NULL);
}
