/*
 * Payloads that are applied again: which ledger rows are locked, and what becomes of them. Without
 * a server: see fake_libpq.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "fake_libpq.h"

#define PARTS 5
#define NONE PARTS

/* Parts 0 to 2 are of account 1, the others of account 2; all are applied again. */
struct given {
	size_t known; /* the payload that the ledger has */
	bool is_empty; /* it gave its account nothing */
	bool is_gone; /* it does not speak of the account any more */
	size_t left_out; /* this part */
	const char *turn;
	unsigned known_for; /* transactions; 0: all */
};

struct fixture {
	struct batch batch;
	struct payload payloads[PARTS];
	struct account accounts[2];
	struct part parts[PARTS];
	struct sha256 hashes[PARTS];
};

/* Whose hashes begin with d4, 5f, 6b, 4e and 4b (sha256sum). */
static const char *const texts[PARTS] = {"2", "0", "1", "3", "4"};

static bool
is_never(void *state)
{
	(void)state;
	return false;
}

static int
apply(struct fixture *x, const struct given *g, struct err *e)
{
	const char *const turns[] = {g->turn == NULL ? "" : g->turn, "", NULL};
	struct apply_options o = {
	    .decoder_version = 7, .retry_seconds = 9, .is_stopping = is_never};
	struct store *s;
	int rc;

	*x = (struct fixture){.batch.arena = arena_new(), .accounts = {{.id = 1}, {.id = 2}}};
	memset(&server, 0, sizeof(server));
	server.turns = turns;
	for (size_t i = 0; i < PARTS; i++) {
		x->hashes[i] = sha256_of(texts[i], 1);
		x->payloads[i] = (struct payload){.sha256 = x->hashes[i], .is_again = true};
		x->parts[i] = (struct part){.payload = &x->payloads[i],
		    .account = &x->accounts[i > 2],
		    .is_gone = g->is_gone,
		    .is_left_out = i == g->left_out};
		list_add(x->batch.arena, &x->batch.parts, &x->parts[i]);
		if (i == g->known)
			server.known = x->hashes[i];
	}
	server.has_known = true;
	server.known_for = g->known_for;
	server.is_empty = g->is_empty;
	server.named = x->hashes;
	server.named_count = PARTS;
	s = store_open(NULL, e);
	assert_non_null(s);
	rc = store_apply_batch(s, &x->batch, &o, e);
	store_close(s);
	arena_free(x->batch.arena);
	return rc;
}

/* What there was is replaced: renewed; or, of what no longer speaks of the account, taken away if
 * it gave nothing, and else kept as one that is not its own. */
static void
test_replaced(void **state)
{
#define LOCKED "again:1:bca again:2:ed"
	static const struct {
		struct given given;
		const char *hashes; /* ascending */
	} rows[] = {
	    {{0, .left_out = NONE}, LOCKED " clear:1:a renew:1:a"},
	    {{1, .left_out = NONE}, LOCKED " clear:1:b renew:1:b"},
	    {{2, .left_out = NONE, .is_empty = true}, LOCKED " clear:1:c renew:1:c"},
	    {{3, .left_out = NONE}, LOCKED " clear:2:d renew:2:d"},
	    {{4, .left_out = NONE}, LOCKED " clear:2:e renew:2:e"},
	    {{3, .left_out = NONE, .is_gone = true}, LOCKED " clear:2:d forsake:2:d:7"},
	    {{1, .left_out = NONE, .is_gone = true, .is_empty = true},
		LOCKED " clear:1:b raw:1:b drop:1:b"},
	    /* another run was faster */
	    {{NONE, .left_out = NONE}, LOCKED},
	    {{NONE, .left_out = NONE, .is_gone = true}, LOCKED},
	    /* what is left out stays as it is */
	    {{1, .left_out = 1}, "again:1:ca again:2:ed"},
	    {{4, .left_out = 1}, "again:1:ca again:2:ed clear:2:e renew:2:e"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct given *g = &rows[i].given;
		struct fixture x;
		struct err e = {0};

		if (apply(&x, g, &e) != 0 || strcmp(server.given, rows[i].hashes) != 0)
			fail_msg("row %zu: %s, %s", i, server.given, e.text);
		for (size_t k = 0; k < PARTS; k++)
			if (x.parts[k].is_known != (k == g->known && k != g->left_out))
				fail_msg(
				    "row %zu: part %zu is known %d", i, k, x.parts[k].is_known);
	}
}

/* What an attempt that failed was told counts for that one only. */
static void
test_again(void **state)
{
	static const struct given still = {1, .left_out = NONE, .turn = "renew 40001"};
	static const struct given no_more = {
	    1, .left_out = NONE, .turn = "renew 40001", .known_for = 1};
	struct fixture x;
	struct err e = {0};

	(void)state;
	assert_int_equal(apply(&x, &still, &e), 0);
	assert_string_equal(
	    server.given, LOCKED " clear:1:b renew:1:b " LOCKED " clear:1:b renew:1:b");
	assert_true(x.parts[1].is_known);
	assert_int_equal(apply(&x, &no_more, &e), 0);
	assert_string_equal(server.given, LOCKED " clear:1:b renew:1:b " LOCKED);
	assert_false(x.parts[1].is_known);
}

/* A statement that fails is the end of the transaction. */
static void
test_failures(void **state)
{
	static const struct {
		struct given given;
		const char *told;
	} rows[] = {
	    {{0, .turn = "again 42601"}, "again"},
	    {{0, .turn = "clear 42601"}, "again again clear"},
	    {{0, .turn = "renew 42601"}, "again again clear renew"},
	    {{0, .turn = "forsake 42601", .is_gone = true}, "again again clear forsake"},
	    {{0, .turn = "raw 42601", .is_gone = true, .is_empty = true}, "again again clear raw"},
	    {{0, .turn = "drop 42601", .is_gone = true, .is_empty = true},
		"again again clear raw drop"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct given g = rows[i].given;
		struct fixture x;
		struct err e = {0};
		char told[256];

		g.left_out = NONE;
		snprintf(told, sizeof(told), "begin limits lock1 lock2 %s rollback", rows[i].told);
		assert_int_equal(apply(&x, &g, &e), -1);
		assert_int_equal(e.code, ERR_BUG);
		assert_string_equal(server.told, told);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_replaced),
	    cmocka_unit_test(test_again),
	    cmocka_unit_test(test_failures),
	};

	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
