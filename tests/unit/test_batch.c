/*
 * batch: key order, dropping of equal observations, what counts as surely new.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <stdlib.h>

#include "batch/accounts.h"
#include "batch/batch.h"
#include "batch/copies.h"
#include "batch/filter.h"
#include "batch/order.h"
#include "batch/recent.h"
#include "batch/settled.h"
#include "batch_sample.h"

#define EMPTY_MESSAGES (1u << REL_MESSAGE)

/* "account:wamid:body" and '?' where it may be known. */
static void
dump(const struct batch *b, char *out, size_t size)
{
	const struct list *l = &b->rows.of[REL_MESSAGE];
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < l->count; i++) {
		const struct message_row *m = l->items[i];

		used += (size_t)snprintf(out + used, size - used, "%d:%.*s:%.*s%s ",
		    batch_part(b, m->row.part)->account->id, STR_ARG(m->row.key), STR_ARG(m->body),
		    m->row.may_be_known ? "?" : "");
	}
}

static void
closes_in_key_order(void **state)
{
	struct account first = {.id = 1, .is_empty = EMPTY_MESSAGES};
	struct account second = {.id = 2, .is_empty = EMPTY_MESSAGES};
	struct filter *sent = filter_new();
	struct batch *b = batch_new();
	char text[256];

	(void)state;
	add_part(b, &second);
	add_part(b, &first);
	add_message(b, 0, "b", "x");
	add_message(b, 1, "ba", "x");
	add_message(b, 1, "B", "x");
	add_message(b, 1, "b", "x");
	add_message(b, 0, "a", "x");
	close_batch(b, sent);
	dump(b, text, sizeof(text));
	assert_string_equal(text, "1:B:x 1:b:x 1:ba:x 2:a:x 2:b:x ");
	batch_free(b);
	filter_free(sent);
}

/* A key of few letters, zero bytes and 0xFF among them, behind a stem that many share: what keys
 * that are compared a few bytes at a time could confuse. */
static struct str
drawn_key(struct arena *a, uint32_t *seed)
{
	static const char letters[] = {'\0', 'a', '\xff'};
	char *key = arena_alloc(a, 64);
	size_t len = 0;

	*seed = *seed * 1103515245 + 12345;
	for (size_t stem = *seed >> 16 & 31; len < stem; len++)
		key[len] = 'w';
	*seed = *seed * 1103515245 + 12345;
	for (uint32_t more = *seed >> 16, i = 0; i < (more & 7); i++)
		key[len++] = letters[(more >> (3 + 2 * i) & 3) % 3];
	return (struct str){key, len};
}

/* -1, 0, 1: what the order of two rows must be. */
static int
wanted_order(const struct batch *b, const struct row *x, const struct row *y)
{
	int32_t ax = batch_part(b, x->part)->account->id, ay = batch_part(b, y->part)->account->id;
	int order = ax != ay ? (ax > ay) - (ax < ay) : str_compare(x->key, y->key);

	return (order > 0) - (order < 0);
}

static void
orders_keys_of_any_bytes(void **state)
{
	enum { ROWS = 3000 };
	struct account accounts[2] = {{.id = 1}, {.id = 2}};
	struct batch *b = batch_new();
	struct list *l = &b->rows.of[REL_MESSAGE];
	uint32_t seed = 1;

	(void)state;
	add_part(b, &accounts[1]);
	add_part(b, &accounts[0]);
	add_part(b, &accounts[0]);
	for (uint32_t i = 0; i < ROWS; i++)
		add_message(b, i % 3, "", "x")->row.key = drawn_key(b->arena, &seed);
	order_rows(b, l);
	assert_int_equal(l->count, ROWS);
	for (size_t i = 1; i < l->count; i++) {
		const struct row *x = l->items[i - 1], *y = l->items[i];
		int order = wanted_order(b, x, y);

		assert_true(order < 0 || (order == 0 && x->part <= y->part));
		assert_int_equal(y->group - x->group, order < 0);
	}
	batch_free(b);
}

static void
drops_only_what_is_equal(void **state)
{
	struct account account = {.id = 1, .is_empty = EMPTY_MESSAGES};
	struct filter *sent = filter_new();
	struct batch *b = batch_new();
	struct part *p = add_part(b, &account);
	char text[256];

	(void)state;
	add_message(b, 0, "a", "one");
	add_message(b, 0, "a", "one");
	add_message(b, 0, "a", "two");
	add_message(b, 0, "a", "one")->stream = STREAM_LIVE;
	close_batch(b, sent);
	dump(b, text, sizeof(text));
	/* the first is new, what follows under its key is to be merged */
	assert_string_equal(text, "1:a:one 1:a:two? 1:a:one? ");
	assert_int_equal(p->counts.outcomes[OUTCOME_DUPLICATE], 1);
	batch_free(b);
	filter_free(sent);
}

/* Each of them may have to be written after all. */
static void
remembers_what_it_drops(void **state)
{
	struct account account = {.id = 1, .is_empty = EMPTY_MESSAGES};
	struct filter *sent = filter_new();
	struct batch *b = batch_new();
	const struct list *l = &b->rows.of[REL_MESSAGE];
	const struct row *r;

	(void)state;
	for (uint32_t part = 0; part < 3; part++)
		add_part(b, &account);
	for (uint32_t part = 0; part < 3; part++)
		add_message(b, part, "a", "one");
	add_message(b, 1, "b", "two");
	close_batch(b, sent);
	assert_int_equal(l->count, 2);
	r = l->items[0];
	for (uint32_t part = 0; part < 3; part++, r = r->same) {
		assert_non_null(r);
		assert_int_equal(r->part, part);
		assert_int_equal(r->may_be_known, part > 0);
	}
	assert_null(r);
	assert_null(((const struct row *)l->items[1])->same);
	batch_free(b);
	filter_free(sent);
}

/* What is not for the tables hides nothing that is. */
static void
drops_what_is_left_out(void **state)
{
	struct account account = {.id = 1, .is_empty = EMPTY_MESSAGES};
	struct filter *sent = filter_new();
	struct batch *b = batch_new();
	struct part *left_out = add_part(b, &account), *p = add_part(b, &account);
	char text[256];

	(void)state;
	left_out->is_left_out = true;
	add_message(b, 0, "a", "one");
	add_message(b, 0, "b", "two");
	add_message(b, 1, "a", "one");
	close_batch(b, sent);
	dump(b, text, sizeof(text));
	assert_string_equal(text, "1:a:one ");
	assert_ptr_equal(batch_part(b, ((struct row *)b->rows.of[REL_MESSAGE].items[0])->part), p);
	assert_int_equal(p->counts.outcomes[OUTCOME_DUPLICATE], 0);
	batch_free(b);
	filter_free(sent);
}

static struct media_asset_row *
add_asset(struct batch *b)
{
	struct media_asset_row *r = arena_zero(b->arena, 1, sizeof(*r));

	*r = (struct media_asset_row){.row.key = STR_LIT("w"),
	    .mime_type = STR_LIT("image/png"),
	    .filename = STR_LIT("f"),
	    .url = STR_LIT("u"),
	    .has_sha256 = true,
	    .received_at_us = 1};
	list_add(b->arena, &b->rows.of[REL_MEDIA_ASSET], r);
	return r;
}

static struct message_event_row *
add_event(struct batch *b)
{
	struct message_event_row *r = arena_zero(b->arena, 1, sizeof(*r));

	*r = (struct message_event_row){.row.key = STR_LIT("edit:w"),
	    .target = STR_LIT("t"),
	    .actor = STR_LIT("1"),
	    .content = STR_LIT("{}"),
	    .at_us = 1};
	list_add(b->arena, &b->rows.of[REL_MESSAGE_EVENT], r);
	return r;
}

/* Every column counts: each pair differs in one. */
static void
keeps_what_differs_in_a_column(void **state)
{
	enum { ASSETS = 16, EVENTS = 14 };
	struct account account = {.id = 1};
	struct filter *sent = filter_new();
	struct batch *b = batch_new();

	(void)state;
	add_part(b, &account);
	add_asset(b);
	add_asset(b)->mime_type = STR_LIT("image/jpeg");
	add_asset(b);
	add_asset(b)->filename = STR_NULL;
	add_asset(b);
	add_asset(b)->url = STR_LIT("v");
	add_asset(b);
	add_asset(b)->has_sha256 = false;
	add_asset(b);
	add_asset(b)->sha256.bytes[31] = 1;
	add_asset(b);
	add_asset(b)->received_at_us = 2;
	add_asset(b);
	add_asset(b)->voice = 1;
	add_asset(b);
	add_asset(b)->animated = -1;
	add_event(b);
	add_event(b)->target = STR_LIT("s");
	add_event(b);
	add_event(b)->actor = STR_NULL;
	add_event(b);
	add_event(b)->thread_id = STR_LIT("t");
	add_event(b);
	add_event(b)->content = STR_LIT("[]");
	add_event(b);
	add_event(b)->at_us = 2;
	add_event(b);
	add_event(b)->status = STATUS_READ;
	add_event(b);
	add_event(b)->kind = EVENT_REVOKE;
	close_batch(b, sent);
	assert_int_equal(b->rows.of[REL_MEDIA_ASSET].count, ASSETS);
	assert_int_equal(b->rows.of[REL_MESSAGE_EVENT].count, EVENTS);

	batch_reset(b);
	add_part(b, &account);
	for (int i = 0; i < 3; i++) {
		add_asset(b);
		add_event(b);
	}
	close_batch(b, sent);
	assert_int_equal(b->rows.of[REL_MEDIA_ASSET].count, 1);
	assert_int_equal(b->rows.of[REL_MESSAGE_EVENT].count, 1);
	batch_free(b);
	filter_free(sent);
}

static void
knows_what_is_surely_new(void **state)
{
	struct account empty = {.id = 1, .is_empty = EMPTY_MESSAGES}, filled = {.id = 2};
	struct filter *sent = filter_new();
	struct batch *b = batch_new();
	char text[256];

	(void)state;
	add_part(b, &empty);
	add_part(b, &filled);
	add_message(b, 0, "a", "x");
	add_message(b, 1, "a", "x");
	close_batch(b, sent);
	dump(b, text, sizeof(text));
	assert_string_equal(text, "1:a:x 2:a:x? ");

	/* a later batch of the same run */
	batch_reset(b);
	add_part(b, &empty);
	add_message(b, 0, "a", "x");
	add_message(b, 0, "b", "x");
	close_batch(b, sent);
	dump(b, text, sizeof(text));
	assert_string_equal(text, "1:a:x? 1:b:x ");
	batch_free(b);
	filter_free(sent);
}

static void
filter_never_forgets(void **state)
{
	enum { KEYS = 200000 };
	struct filter *f = filter_new();
	size_t alarms = 0;
	char key[32];

	(void)state;
	for (int i = 0; i < KEYS; i++) {
		int len = snprintf(key, sizeof(key), "wamid.%d", i);

		alarms +=
		    filter_add(f, filter_hash(REL_MESSAGE, 1, (struct str){key, (size_t)len}));
	}
	assert_true(alarms < KEYS / 1000); /* false alarms cost time */
	for (int i = 0; i < KEYS; i++) {
		int len = snprintf(key, sizeof(key), "wamid.%d", i);

		assert_true(
		    filter_add(f, filter_hash(REL_MESSAGE, 1, (struct str){key, (size_t)len})));
	}
	assert_false(filter_add(f, filter_hash(REL_MESSAGE, 2, STR_LIT("wamid.1"))));
	assert_false(filter_add(f, filter_hash(REL_CHUNK, 1, STR_LIT("wamid.1"))));
	filter_free(f);
}

static void
recent_hashes_are_remembered(void **state)
{
	enum { REMEMBERED = 100, ALL = 1000 };
	struct recent *r = recent_new(REMEMBERED);
	struct sha256 hashes[ALL];

	(void)state;
	for (int i = 0; i < ALL; i++) {
		hashes[i] = sha256_of(&i, sizeof(i));
		assert_false(recent_add(r, &hashes[i]));
		for (int k = i < REMEMBERED ? 0 : i - REMEMBERED + 1; k <= i; k++)
			assert_true(recent_add(r, &hashes[k]));
	}
	assert_false(recent_add(r, &hashes[0])); /* forgotten, so memory is bounded */
	recent_free(r);
}

/* Whoever closes need not know whether it was opened. */
static void
nothing_can_be_freed(void **state)
{
	(void)state;
	accounts_free(NULL);
	copies_free(NULL);
	recent_free(NULL);
}

static struct payload
copy_of(const char *bytes, int64_t received_at_us, enum signature signature)
{
	return (struct payload){
	    .bytes = str_of(bytes),
	    .sha256 = sha256_of(bytes, strlen(bytes)),
	    .source = str_of(bytes),
	    .received_at_us = received_at_us,
	    .signature = signature,
	};
}

/* Of each payload one is left, with all that its copies say, and nothing of the caller's. */
static void
copies_become_one(void **state)
{
	struct payload given[] = {copy_of("a", 3, SIGNATURE_INVALID),
	    copy_of("b", 9, SIGNATURE_ABSENT), copy_of("a", 1, SIGNATURE_ABSENT),
	    copy_of("a", 2, SIGNATURE_VALID), copy_of("b", 8, SIGNATURE_ABSENT)};
	char text[] = "b";
	struct json_span span = {0, 7};
	struct copies *c = copies_new();
	size_t repeated;
	struct list got;

	(void)state;
	given[1].bytes = given[1].packed = given[1].source = given[1].fault_text =
	    given[1].signature_header = (struct str){text, 1};
	given[4].is_counted = true;
	for (size_t i = 0; i < 5; i++) {
		given[i].outline = (struct json_outline){&span, 1, true, true};
		copies_add(c, &given[i]);
	}
	memset(given, 0, sizeof(given));
	text[0] = 'x';
	span.end = 0;
	got = copies_take(c, &repeated);
	assert_int_equal(got.count, 2);
	assert_int_equal(repeated, 2);
	assert_true(memcmp(&((struct payload *)got.items[0])->sha256,
			&((struct payload *)got.items[1])->sha256, sizeof(struct sha256)) < 0);
	for (size_t i = 0; i < 2; i++) {
		const struct payload *p = got.items[i];
		bool is_a = str_is(p->bytes, "a");

		assert_true(is_a || str_is(p->bytes, "b"));
		assert_true(str_equal(p->source, p->bytes));
		assert_true(is_a || str_is(p->fault_text, "b"));
		assert_true(is_a || str_is(p->signature_header, "b"));
		assert_null(p->packed.ptr); /* in a buffer of the caller's */
		assert_int_equal(p->outline.spans[0].end, 7);
		assert_int_equal(p->received_at_us, is_a ? 1 : 8);
		assert_int_equal(p->signature, is_a ? SIGNATURE_VALID : SIGNATURE_ABSENT);
	}
	copies_clear(c);
	assert_int_equal(copies_take(c, &repeated).count, 0);
	assert_int_equal(repeated, 0);
	copies_free(c);
}

/* Memory is bounded, if the caller looks. */
static void
copies_fill(void **state)
{
	char *large = calloc(1, (1 << 20) + 1);
	struct copies *c = copies_new();
	struct payload p;
	int count = 0;

	(void)state;
	memset(large, 'x', 1 << 20);
	p = copy_of(large, 1, SIGNATURE_ABSENT);
	for (; !copies_is_full(c); count++)
		copies_add(c, &p);
	assert_true(count >= 8 && count <= 16);
	copies_clear(c);
	assert_false(copies_is_full(c));
	copies_free(c);
	free(large);
}

/* However few rows: a lock of each is taken. One that comes again is counted once. */
static void
many_accounts_fill_a_batch(void **state)
{
	static struct account accounts[BATCH_ACCOUNTS];
	struct batch *b = batch_new(), *other = batch_new();

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < 3 * (BATCH_ACCOUNTS - 1); i++) {
			add_part(b, &accounts[i % (BATCH_ACCOUNTS - 1)]);
			assert_false(batch_is_full(b, 10));
		}
		add_part(b, &accounts[BATCH_ACCOUNTS - 1]);
		assert_true(batch_is_full(b, 10));
		add_part(other, &accounts[0]);
		assert_false(batch_is_full(other, 10));
		batch_reset(b);
		batch_reset(other);
	}
	batch_free(b);
	batch_free(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(closes_in_key_order),
	    cmocka_unit_test(orders_keys_of_any_bytes),
	    cmocka_unit_test(drops_only_what_is_equal),
	    cmocka_unit_test(remembers_what_it_drops),
	    cmocka_unit_test(drops_what_is_left_out),
	    cmocka_unit_test(keeps_what_differs_in_a_column),
	    cmocka_unit_test(knows_what_is_surely_new),
	    cmocka_unit_test(filter_never_forgets),
	    cmocka_unit_test(recent_hashes_are_remembered),
	    cmocka_unit_test(copies_become_one),
	    cmocka_unit_test(copies_fill),
	    cmocka_unit_test(many_accounts_fill_a_batch),
	    cmocka_unit_test(nothing_can_be_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
