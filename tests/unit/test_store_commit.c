/*
 * Transactions beside those of batches: nothing is done before the COMMIT has its answer. Without a
 * server: see fake_libpq.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/log.h"
#include "fake_libpq.h"
#include "store/media.h"

static struct store *
open_store(const char *const *turns)
{
	struct err e = {0};
	struct store *s;

	memset(&server, 0, sizeof(server));
	server.turns = turns;
	s = store_open(NULL, &e);
	assert_non_null(s);
	return s;
}

/* Of two accounts: each is locked, has its activation, and is linked by a statement of its own. */
static int
link_known(struct store *s, struct err *e)
{
	struct ledger_entry one = {.account_id = 1}, two = {.account_id = 2};
	void *entries[] = {&one, &one, &two};
	const struct list all = {.items = entries, .count = COUNT(entries)};

	return store_link_payloads(s, &all, INT64_C(1767225600000000), e);
}

/* Links that are not committed are given again. */
static void
test_links(void **state)
{
#define FIRST_LINK "begin limits lock1 activation link"
#define LINKS FIRST_LINK " lock2 activation link"
	static const struct {
		const char *turns[3];
		int rc;
		const char *told;
	} rows[] = {
	    {{""}, 0, LINKS " commit"},
	    {{"commit 40001"}, -1, LINKS " commit rollback"},
	    {{"commit gone"}, -1, LINKS " commit"},
	    {{"link 40001"}, -1, FIRST_LINK " rollback"},
	    {{"limits 40001"}, -1, "begin limits rollback"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct store *s = open_store(rows[i].turns);
		struct err e = {0};
		int rc = link_known(s, &e);

		if (rc != rows[i].rc || strcmp(server.told, rows[i].told) != 0)
			fail_msg("row %zu: %d, %s", i, rc, server.told);
		assert_true(rc == 0 || store_is_temporary(&e));
		store_close(s);
	}
}

/* What the API has said of a request is written until it is, and what failed is rolled back. */
static void
test_outcome(void **state)
{
#define NOTE "begin limits note commit"
	static const struct {
		const char *turns[4];
		int rc;
		const char *told;
	} rows[] = {
	    {{""}, 0, NOTE},
	    {{"commit 40001", "note 40001", ""}, 0,
		NOTE " rollback begin limits note rollback " NOTE},
	    {{"commit gone", ""}, 0, NOTE " " NOTE},
	    {{"note 42501", ""}, -1, "begin limits note rollback"},
	};
	const struct sync_request request = {.account_id = 1, .is_history = true};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct store *s = open_store(rows[i].turns);
		struct err e = {0};
		int rc = store_note_request(s, &request, STR_LIT("req-1"), &e);

		if (rc != rows[i].rc || strcmp(server.told, rows[i].told) != 0)
			fail_msg("row %zu: %d, %s", i, rc, server.told);
		store_close(s);
	}
}

/* Ours is what this run has written, and what a try of it has whose COMMIT was not answered. */
static void
test_claim(void **state)
{
#define CLAIM "begin limits account find activation claim read commit"
#define NOW_US INT64_C(1767225600123456)
#define NOW "1767225600123456"
#define BEFORE "1767225600123455"
	static const struct {
		const char *turns[3];
		const char *claims;
		const char *request[2];
		bool is_ours;
		const char *told;
	} rows[] = {
	    {{""}, "1", {NOW, ""}, true, CLAIM},
	    {{""}, "0", {BEFORE, ""}, false, CLAIM},
	    {{""}, "0", {NOW, ""}, false, CLAIM}, /* somebody else's, of the same moment */
	    {{"commit gone", ""}, "10", {NOW, ""}, true, CLAIM " " CLAIM}, /* it did happen */
	    {{"commit gone", ""}, "11", {NOW, ""}, true, CLAIM " " CLAIM}, /* it did not */
	    /* nor here, and somebody else came */
	    {{"commit gone", ""}, "10", {BEFORE, ""}, false, CLAIM " " CLAIM},
	    {{"commit 40001", ""}, "10", {BEFORE, ""}, false, CLAIM " rollback " CLAIM},
	    /* who has an answer has sent it */
	    {{"commit gone", ""}, "10", {NOW, "req-1"}, false, CLAIM " " CLAIM},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sync_request request = {.account = STR_LIT("109"), .is_history = true};
		struct store *s = open_store(rows[i].turns);
		struct arena *a = arena_new();
		struct err e = {0};
		int rc;

		server.claims = rows[i].claims;
		server.request[0] = rows[i].request[0];
		server.request[1] = rows[i].request[1];
		rc = store_claim_request(s, a, &request, NOW_US, &e);
		if (rc != 0 || strcmp(server.told, rows[i].told) != 0 ||
		    request.is_ours != rows[i].is_ours)
			fail_msg("row %zu: %d, %d, %s", i, rc, request.is_ours, server.told);
		arena_free(a);
		store_close(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_outcome),
	    cmocka_unit_test(test_claim),
	};

	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
