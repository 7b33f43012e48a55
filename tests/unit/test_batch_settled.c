/*
 * batch/settled.c: rows that this run has committed are not sent again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <stdlib.h>

#include "batch/batch.h"
#include "batch/filter.h"
#include "batch/settled.h"
#include "batch_sample.h"

static struct profile_name_row *
add_name(struct batch *b, uint32_t part, const char *key, int64_t last_seen_us)
{
	struct profile_name_row *r = arena_zero(b->arena, 1, sizeof(*r));

	r->row.part = part;
	r->row.key = str_of(key);
	r->last_seen_us = last_seen_us;
	list_add(b->arena, &b->rows.of[REL_PROFILE_NAME], r);
	return r;
}

static void
add_link(struct batch *b, uint32_t part, const char *key)
{
	struct identity_link_row *r = arena_zero(b->arena, 1, sizeof(*r));

	r->row.part = part;
	r->row.key = str_of(key);
	list_add(b->arena, &b->rows.of[REL_IDENTITY_LINK], r);
}

/* What is committed is not sent again: by this run, of this account, of that relation, and unless
 * it says more. */
static void
sends_settled_rows_once(void **state)
{
	struct account one = {.id = 1}, two = {.id = 2};
	struct settled *settled = settled_new();
	struct filter *sent = filter_new();
	struct batch *b = batch_new();
	const struct list *names = &b->rows.of[REL_PROFILE_NAME];
	const struct list *links = &b->rows.of[REL_IDENTITY_LINK];

	(void)state;
	add_part(b, &one);
	add_part(b, &one)->is_left_out = true;
	add_part(b, &one)->is_known = true;
	((struct part *)b->parts.items[2])->payload =
	    arena_zero(b->arena, 1, sizeof(struct payload));
	add_name(b, 0, "n", 5);
	add_name(b, 0, "refused", 5)->row.is_skipped = true;
	add_name(b, 1, "left out", 5); /* is not even kept */
	add_name(b, 2, "known", 5);
	add_link(b, 0, "l");
	batch_close(b, sent, settled);
	assert_int_equal(names->count, 3);
	settled_add(settled, b); /* committed */

	batch_reset(b);
	add_part(b, &one);
	add_part(b, &two);
	add_name(b, 0, "l", 1); /* another relation */
	add_name(b, 0, "n", 5);
	add_name(b, 0, "n", 4);
	add_name(b, 0, "n", TIME_NONE);
	add_name(b, 0, "refused", 5);
	add_name(b, 0, "left out", 5);
	add_name(b, 0, "known", 5);
	add_name(b, 1, "n", 5);
	add_link(b, 0, "l");
	add_link(b, 1, "l");
	batch_close(b, sent, settled);
	assert_int_equal(names->count, 5);
	assert_int_equal(links->count, 1);
	assert_int_equal(batch_part(b, ((struct row *)links->items[0])->part)->account->id, 2);

	batch_reset(b);
	add_part(b, &one);
	add_name(b, 0, "n", 6); /* seen later */
	batch_close(b, sent, settled);
	assert_int_equal(names->count, 1);
	settled_add(settled, b);
	assert_true(settled_has(settled, REL_PROFILE_NAME, 1, &add_name(b, 0, "n", 6)->row));
	assert_false(settled_has(settled, REL_PROFILE_NAME, 1, &add_name(b, 0, "n", 7)->row));
	batch_free(b);
	filter_free(sent);
	settled_free(settled);
}

/* Memory is bounded; what found no room is sent again. */
static void
settled_rows_are_bounded(void **state)
{
	enum { ROWS = 40000 };
	struct account account = {.id = 1};
	struct settled *settled = settled_new();
	struct batch *b = batch_new();
	char(*keys)[16] = calloc(ROWS, sizeof(*keys));
	size_t kept = 0;

	(void)state;
	add_part(b, &account);
	for (int i = 0; i < ROWS; i++) {
		snprintf(keys[i], sizeof(keys[i]), "%d", i);
		add_link(b, 0, keys[i]);
	}
	settled_add(settled, b);
	for (int i = 0; i < ROWS; i++)
		kept += settled_has(
		    settled, REL_IDENTITY_LINK, 1, b->rows.of[REL_IDENTITY_LINK].items[i]);
	assert_true(kept >= 10000 && kept < ROWS);
	batch_free(b);
	settled_free(settled);
	free(keys);
}

/* So are the bytes of their keys. */
static void
long_keys_are_bounded(void **state)
{
	enum { ROWS = 4000, LONG = 1000 };
	struct account account = {.id = 1};
	struct settled *settled = settled_new();
	struct batch *b = batch_new();
	size_t kept = 0;

	(void)state;
	add_part(b, &account);
	for (int i = 0; i < ROWS; i++)
		add_link(b, 0, arena_printf(b->arena, "%0*d", LONG, i).ptr);
	settled_add(settled, b);
	for (int i = 0; i < ROWS; i++)
		kept += settled_has(
		    settled, REL_IDENTITY_LINK, 1, b->rows.of[REL_IDENTITY_LINK].items[i]);
	assert_true(kept >= 1000 && kept <= 2 * 1024 * 1024 / LONG);
	batch_free(b);
	settled_free(settled);
	settled_free(NULL);
}

/* Only of these a row says nothing but its key and a time. */
static void
few_relations_settle(void **state)
{
	(void)state;
	for (int i = 0; i < REL_COUNT; i++)
		assert_int_equal(settled_is_about((enum relation)i),
		    i == REL_PROFILE_NAME || i == REL_IDENTITY_LINK || i == REL_IDENTITY_CHANGE ||
			i == REL_CONTACT_EVENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sends_settled_rows_once),
	    cmocka_unit_test(settled_rows_are_bounded),
	    cmocka_unit_test(long_keys_are_bounded),
	    cmocka_unit_test(few_relations_settle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
