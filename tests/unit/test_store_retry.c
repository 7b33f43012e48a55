/*
 * A batch whose transactions fail: what is tried again, for how long, and what ends it. Without a
 * server: see fake_libpq.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/log.h"
#include "fake_libpq.h"

/* ---- a batch --------------------------------------------------------------------------------- */

#define MOST_PARTS 4

struct given {
	const char *turns[MOST_TURNS];
	int accounts[MOST_PARTS]; /* of each part, 0 behind the last */
	unsigned retry_s;
	bool is_away; /* once the connection is gone */
	bool is_known; /* the first payload is in the ledger */
	bool is_again; /* and applied again */
	bool is_stopped;
};

struct got {
	int rc;
	struct err e;
	bool is_known; /* the first part */
};

static bool
is_stopping(void *state)
{
	return *(const bool *)state;
}

static void
apply(const struct given *g, struct got *got)
{
	struct apply_options o = {.retry_seconds = g->retry_s,
	    .is_stopping = is_stopping,
	    .state = (void *)(uintptr_t)&g->is_stopped};
	struct batch b = {.arena = arena_new()};
	struct payload payloads[MOST_PARTS] = {0};
	struct account accounts[MOST_PARTS] = {0};
	struct part parts[MOST_PARTS] = {0};
	struct store *s;

	*got = (struct got){0};
	memset(&server, 0, sizeof(server));
	server.turns = g->turns;
	for (int i = 0; i < MOST_PARTS && g->accounts[i] != 0; i++) {
		payloads[i].sha256 = sha256_of((const char *)&i, sizeof(i));
		payloads[i].is_again = g->is_again;
		accounts[i].id = g->accounts[i];
		parts[i].payload = &payloads[i];
		parts[i].account = &accounts[i];
		list_add(b.arena, &b.parts, &parts[i]);
	}
	server.known = payloads[0].sha256;
	server.has_known = g->is_known;
	s = store_open(NULL, &got->e);
	assert_non_null(s);
	server.is_away = g->is_away;
	got->rc = store_apply_batch(s, &b, &o, &got->e);
	got->is_known = parts[0].is_known;
	store_close(s);
	arena_free(b.arena);
}

/* What the server is told, in order. */
static void
test_statements(void **state)
{
#define ONCE "begin limits lock1 commit"
	static const struct {
		struct given given;
		const char *told;
	} rows[] = {
	    {{{""}, {1}, .retry_s = 9}, ONCE},
	    /* each account once, ascending */
	    {{{""}, {7, 3, 7, 5}, .retry_s = 9}, "begin limits lock3 lock5 lock7 commit"},
	    {{{"lock 40001", ""}, {1}, .retry_s = 9}, "begin limits lock1 rollback " ONCE},
	    {{{"commit 40001", ""}, {1}, .retry_s = 9}, ONCE " rollback " ONCE},
	    {{{"limits gone", ""}, {1}, .retry_s = 9}, "begin limits " ONCE},
	    /* a key was there: the ledger is asked, from then on */
	    {{{"commit 23505", "lock 40001", ""}, {1}, .retry_s = 9},
		ONCE " rollback begin limits lock1 rollback begin limits lock1 ledger commit"},
	    {{{"commit 40P01", ""}, {1}, .retry_s = 9},
		ONCE " rollback begin limits lock1 ledger commit"},
	    /* those that meet again and again are left alone with it */
	    {{{"lock 40P01", "lock 40P01", "lock 40P01", ""}, {1}, .retry_s = 9},
		"begin limits lock1 rollback begin limits lock1 rollback begin limits lock1 "
		"rollback begin limits alone1 ledger commit"},
	    /* a COMMIT without an answer: the ledger tells, when the old server process has ended
	     */
	    {{{"commit gone", ""}, {1}, .retry_s = 9, .is_known = true},
		ONCE " begin limits alone1 ledger rollback"},
	    {{{"commit gone", ""}, {1}, .retry_s = 9},
		ONCE " begin limits alone1 ledger rollback " ONCE},
	    {{{"commit gone", ""}, {1, 1}, .retry_s = 9, .is_known = true}, /* the other is not */
		ONCE " begin limits alone1 ledger rollback " ONCE},
	    {{{"commit gone", "alone 55P03", ""}, {1}, .retry_s = 9, .is_known = true},
		ONCE " begin limits alone1 rollback begin limits alone1 ledger rollback"},
	    {{{"commit gone", "", "lock 40001", ""}, {1}, .retry_s = 9},
		ONCE " begin limits alone1 ledger rollback begin limits lock1 rollback " ONCE},
	    /* of what is applied again it cannot tell */
	    {{{"commit gone", ""}, {1}, .retry_s = 9, .is_again = true},
		"begin limits lock1 again commit begin limits alone1 rollback "
		"begin limits lock1 again commit"},
	    {{{"commit gone", ""}, {1}, .retry_s = 9, .is_again = true, .is_known = true},
		"begin limits lock1 again clear renew commit begin limits alone1 rollback "
		"begin limits lock1 again clear renew commit"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct got got;

		apply(&rows[i].given, &got);
		if (got.rc != 0 || strcmp(server.told, rows[i].told) != 0)
			fail_msg("row %zu: %d, %s", i, got.rc, server.told);
		/* what this run has written is no known payload of it */
		assert_true(got.is_known == (rows[i].given.is_again && rows[i].given.is_known));
	}
}

/* The table of the design, "When an attempt fails". */
static void
test_states(void **state)
{
	static const struct {
		const char *turn;
		bool is_retried;
		enum err_code code;
	} rows[] = {
	    {"lock 40001", true, ERR_TEMPORARY},
	    {"lock 40003", true, ERR_TEMPORARY},
	    {"limits 40P01", true, ERR_TEMPORARY},
	    {"lock 55P03", true, ERR_TEMPORARY},
	    {"lock 57014", true, ERR_TEMPORARY},
	    {"lock 25P03", true, ERR_TEMPORARY},
	    {"lock 25P04", true, ERR_TEMPORARY},
	    {"lock 57P01", true, ERR_TEMPORARY},
	    {"lock 57P03", true, ERR_TEMPORARY},
	    {"lock 08006", true, ERR_TEMPORARY},
	    {"lock 53200", true, ERR_TEMPORARY},
	    {"lock 53300", true, ERR_TEMPORARY},
	    {"lock 25006", true, ERR_TEMPORARY},
	    {"lock 0A000", true, ERR_TEMPORARY},
	    {"lock 23505", true, ERR_TEMPORARY},
	    {"lock gone", true, ERR_UNAVAILABLE},
	    {"lock 28P01", false, ERR_PERMISSION},
	    {"lock 42501", false, ERR_PERMISSION},
	    {"lock 3D000", false, ERR_CONFIG},
	    {"lock 3F000", false, ERR_CONFIG},
	    {"lock 42P01", false, ERR_CONFIG},
	    {"lock 42703", false, ERR_CONFIG},
	    {"lock 53100", false, ERR_IO},
	    {"lock 53400", false, ERR_IO},
	    {"lock 58030", false, ERR_IO},
	    {"lock 23502", false, ERR_BUG},
	    {"lock 42601", false, ERR_BUG},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct given g = {{rows[i].turn}, {1}, .retry_s = 300, .is_away = true};
		struct got got;

		apply(&g, &got);
		if (got.rc != -1 || got.e.code != rows[i].code ||
		    (server.pauses > 0) != rows[i].is_retried)
			fail_msg(
			    "%s: code %d, %u pauses", rows[i].turn, (int)got.e.code, server.pauses);
		/* for --retry-seconds, to a pause */
		if (rows[i].is_retried)
			assert_true(server.now_us >= 300000000 && server.now_us < 303000000);
	}
}

/* 50 ms, doubling to 2 s, the second half of it by chance. */
static void
test_pauses(void **state)
{
	static const int64_t longest_ms[] = {50, 100, 200, 400, 800, 1600, 2000, 2000, 2000};
	struct given g = {{"lock 40001"}, {1}, .retry_s = 20};
	struct got got;

	(void)state;
	apply(&g, &got);
	assert_int_equal(got.e.code, ERR_TEMPORARY);
	assert_true(server.pauses >= COUNT(longest_ms));
	for (size_t i = 0; i < COUNT(longest_ms); i++)
		assert_true(
		    server.pause_ms[i] >= longest_ms[i] / 2 && server.pause_ms[i] <= longest_ms[i]);
}

/* Told to stop it begins nothing more; what had its answer is done. */
static void
test_stopped(void **state)
{
	static const struct given fails = {
	    {"lock 40001", ""}, {1}, .retry_s = 300, .is_stopped = true};
	static const struct given goes_well = {{""}, {1}, .retry_s = 300, .is_stopped = true};
	struct got got;

	(void)state;
	apply(&fails, &got);
	assert_int_equal(got.rc, -1);
	assert_int_equal(got.e.code, ERR_INTERRUPTED);
	assert_string_equal(server.told, "begin limits lock1 rollback");
	apply(&goes_well, &got);
	assert_int_equal(got.rc, 0);
}

/* What the server refuses whatever is left out is nobody's row. */
static void
test_refused(void **state)
{
	static const struct given one = {{"lock 22021"}, {1, 1}, .retry_s = 300};
	struct got got;

	(void)state;
	apply(&one, &got);
	assert_int_equal(got.rc, -1);
	assert_int_equal(got.e.code, ERR_BUG);
	assert_int_equal(server.pauses, 0);
}

/* Questions are asked again ten times, and not within a transaction that is lost with it. */
static void
test_may_retry(void **state)
{
	static const char *const turns[] = {"", NULL};
	struct err opened = {0};
	struct store *s;

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct err e = {.code = i == 1 ? ERR_INPUT : ERR_RETRY};
		unsigned tries = 0, count = 0;

		memset(&server, 0, sizeof(server));
		server.turns = turns;
		s = store_open(NULL, &opened);
		assert_non_null(s);
		s->is_nested = i == 2;
		if (i == 3)
			store_cancel(s);
		while (count < 20 && store_may_retry(s, &tries, &e))
			count++;
		assert_int_equal(count, i == 0 ? 10 : 0);
		assert_int_equal(server.pauses, count);
		s->is_nested = false;
		store_close(s);
	}
}

/* While nobody connects the call is not made again; what is told at last is why nobody does. */
static void
test_away(void **state)
{
	static const char *const turns[] = {"", NULL};
	struct err opened = {0}, e;
	unsigned tries = 0;
	struct store *s;

	(void)state;
	memset(&server, 0, sizeof(server));
	server.turns = turns;
	s = store_open(NULL, &opened);
	assert_non_null(s);
	server.is_down = server.is_away = true;
	err_set(&e, ERR_RETRY, "the call failed");
	assert_false(store_may_retry(s, &tries, &e));
	assert_int_equal(server.pauses, 10);
	assert_int_equal(e.code, ERR_RETRY);
	assert_non_null(strstr(e.text, "it is gone"));
	server.is_away = false;
	tries = 9;
	assert_true(store_may_retry(s, &tries, &e));
	store_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_statements),
	    cmocka_unit_test(test_states),
	    cmocka_unit_test(test_pauses),
	    cmocka_unit_test(test_stopped),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_may_retry),
	    cmocka_unit_test(test_away),
	};

	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
