/*
 * source: payloads get their own hashes, whoever computes them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "source/hasher.h"

/* More than can wait for the thread. */
#define MANY 200

/* It takes some ten milliseconds to hash so many. */
#define LONG_BYTES ((size_t)16 << 20)

static void
put_payloads(struct hasher *h, struct arena *a, struct payload *payloads, size_t count)
{
	memset(payloads, 0, count * sizeof(*payloads));
	for (size_t i = 0; i < count; i++) {
		/* short ones among them, and the longest of those */
		size_t len = i % 3 == 0 ? i : PAYLOAD_LONG_BYTES - 1 + i % 3 * i;
		char *bytes = arena_alloc(a, len + 1);

		memset(bytes, 'a' + (int)(i % 26), len);
		payload_set_bytes(&payloads[i], (struct str){bytes, len});
		assert_int_equal(payloads[i].awaits_hash, len >= PAYLOAD_LONG_BYTES);
		hasher_put(h, &payloads[i]);
	}
}

static void
assert_hashed(const struct payload *payloads, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct str bytes = payloads[i].bytes;
		struct sha256 want = sha256_of(bytes.ptr, bytes.len);

		assert_false(payloads[i].awaits_hash);
		assert_memory_equal(&payloads[i].sha256, &want, sizeof(want));
	}
}

static struct hasher *
start(void)
{
	struct err e;
	struct hasher *h = hasher_start(&e);

	assert_non_null(h);
	return h;
}

static void
test_each_has_its_hash(void **state)
{
	struct arena *a = arena_new();
	struct payload payloads[MANY];
	struct hasher *h = start();

	(void)state;
	for (size_t round = 0; round < 20; round++) {
		size_t count = round * MANY / 19; /* none at first */

		arena_reset(a);
		put_payloads(h, a, payloads, count);
		hasher_finish(h);
		assert_hashed(payloads, count);
	}
	hasher_end(h);
	arena_free(a);
}

/* Also for the one that the thread has in hand. */
static void
test_waits_for_the_last(void **state)
{
	struct arena *a = arena_new();
	struct hasher *h = start();
	char *bytes = arena_zero(a, LONG_BYTES, 1);

	(void)state;
	for (size_t round = 0; round < 10; round++) {
		struct payload p = {0};

		payload_set_bytes(&p, (struct str){bytes, LONG_BYTES});
		hasher_put(h, &p);
		usleep(2000); /* it has taken it by then, as a rule */
		hasher_finish(h);
		assert_hashed(&p, 1);
	}
	hasher_end(h);
	arena_free(a);
}

/* As where reading fails: what was put is hashed before it goes. */
static void
test_ends_with_work_left(void **state)
{
	struct arena *a = arena_new();
	struct payload payloads[MANY];
	struct hasher *h = start();

	(void)state;
	put_payloads(h, a, payloads, MANY);
	hasher_end(h);
	assert_hashed(payloads, MANY);
	hasher_end(NULL);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_has_its_hash),
	    cmocka_unit_test(test_waits_for_the_last),
	    cmocka_unit_test(test_ends_with_work_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
