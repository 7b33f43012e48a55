/*
 * Many files at once: how fast they are asked for, what one means for the others, and when all of
 * it ends; without a network and in no time (fake_curl.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "fake_fetch.h"

#define URL "200|{\"url\":\"https://lookaside.fbsbx.com/f\"}"
#define FILE_ONE "200|one"
#define GONE "400|{\"error\":{\"code\":33}}"
#define DENIED "403|{\"error\":{\"code\":10}}"
#define MOST_FILES 200

/* Files of ids 0, 1, 2 … */
struct many {
	struct run run;
	struct media_file files[MOST_FILES];
	struct fake_script scripts[MOST_FILES];
	char ids[MOST_FILES][8];
	void *items[MOST_FILES];
	size_t count;
};

static void
add(struct many *m, size_t count, const char *first, const char *second, const char *third)
{
	for (size_t i = m->count; count > 0; count--, i = ++m->count) {
		snprintf(m->ids[i], sizeof(m->ids[i]), "%zu", i);
		m->files[i] = file_of(m->ids[i]);
		m->scripts[i] =
		    (struct fake_script){.id = m->ids[i], .turns = {first, second, third}};
		m->items[i] = &m->files[i];
	}
}

static void
run_many(struct place *p, struct many *m)
{
	struct list files = {m->items, m->count, m->count};

	run_fetch(p, &m->run, &files, m->scripts);
}

static size_t
count_outcome(const struct many *m, enum media_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < m->count; i++)
		count += m->files[i].outcome == outcome;
	return count;
}

static size_t
count_requests(const struct many *m)
{
	size_t count = 0;

	for (size_t i = 0; i < m->count; i++)
		count += m->scripts[i].count;
	return count;
}

static struct many *
many(struct run run)
{
	struct many *m = calloc(1, sizeof(*m));

	m->run = run;
	return m;
}

/* In the order of the list, at most so many at once, at most so many a second. */
static void
test_pace(void **state)
{
	struct many *m = many((struct run){.parallel = 2});

	add(m, 5, "200 takes=1|{\"url\":\"https://lookaside.fbsbx.com/f\"}", "200 takes=1|one",
	    NULL);
	run_many(*state, m);
	assert_int_equal(m->run.rc, 0);
	assert_int_equal(fake.most_running, 2);
	assert_string_equal(m->run.done, "0 1 2 3 4");
	assert_string_equal(m->scripts[0].asked, "L0 D1");
	assert_string_equal(m->scripts[1].asked, "L0 D1");
	assert_string_equal(m->scripts[2].asked, "L2 D3");
	assert_string_equal(m->scripts[4].asked, "L4 D5");
	free(m);
	m = many((struct run){.parallel = 8, .rate = 2});
	add(m, 3, URL, FILE_ONE, NULL);
	run_many(*state, m);
	assert_int_equal(m->run.rc, 0);
	assert_string_equal(m->scripts[0].asked, "L0 D0.5");
	assert_string_equal(m->scripts[1].asked, "L1 D1.5");
	assert_string_equal(m->scripts[2].asked, "L2 D2.5");
	free(m);
	m = many((struct run){.parallel = 8, .rate = 1});
	add(m, 2, URL, FILE_ONE, NULL);
	run_many(*state, m);
	assert_string_equal(m->scripts[0].asked, "L0 D1");
	assert_string_equal(m->scripts[1].asked, "L2 D3");
	free(m);
	/* no burst after a pause */
	m = many((struct run){.parallel = 1, .rate = 2});
	add(m, 1, "200 takes=3|{\"url\":\"https://lookaside.fbsbx.com/f\"}", FILE_ONE, NULL);
	add(m, 1, URL, FILE_ONE, NULL);
	run_many(*state, m);
	assert_string_equal(m->scripts[0].asked, "L0 D3");
	assert_string_equal(m->scripts[1].asked, "L3.5 D4");
	free(m);
}

/* A file that waits keeps nobody else. */
static void
test_waits(void **state)
{
	struct many *m = many((struct run){.parallel = 1});

	add(m, 1, "500 wait=5", URL, FILE_ONE);
	add(m, 1, "500", URL, FILE_ONE);
	add(m, 1, URL, FILE_ONE, NULL);
	run_many(*state, m);
	assert_int_equal(m->run.rc, 0);
	assert_string_equal(m->run.done, "2 1 0");
	assert_string_equal(m->scripts[0].asked, "L0 L5 D5");
	assert_string_equal(m->scripts[1].asked, "L0 L1 D1");
	assert_string_equal(m->scripts[2].asked, "L0 D0");
	free(m);
}

/* Too many calls: all wait; what was sent before that word does not count again. */
static void
test_throttled(void **state)
{
	struct many *m = many((struct run){.parallel = 3});

	add(m, 3, "429 takes=0.2", URL, FILE_ONE);
	add(m, 1, URL, FILE_ONE, NULL);
	run_many(*state, m);
	assert_int_equal(m->run.rc, 0);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(m->scripts[i].asked, "L0 L1.2 D1.2");
	assert_string_equal(m->scripts[3].asked, "L1.2 D1.2");
	free(m);
	m = many((struct run){.parallel = 2});
	add(m, 1, "429 takes=0.2", URL, FILE_ONE);
	add(m, 1, "429 takes=0.5", URL, FILE_ONE);
	run_many(*state, m);
	assert_string_equal(m->scripts[0].asked, "L0 L1.2 D1.2");
	assert_string_equal(m->scripts[1].asked, "L0 L1.2 D1.2");
	free(m);
	/* the second word makes it longer; once a file came it is the first again */
	m = many((struct run){.parallel = 1});
	add(m, 1, "429", "429", URL);
	m->scripts[0].turns[3] = FILE_ONE;
	add(m, 1, "429", URL, FILE_ONE);
	run_many(*state, m);
	assert_string_equal(m->scripts[0].asked, "L0 L1 L3 D3");
	assert_string_equal(m->scripts[1].asked, "L3 L4 D4");
	free(m);
	/* but not one that was on its way before */
	m = many((struct run){.parallel = 2});
	add(m, 1, URL, "200 takes=1.5|one", NULL);
	add(m, 1, "429 takes=0.1", "429", URL);
	m->scripts[1].turns[3] = "429";
	m->scripts[1].turns[4] = FILE_ONE;
	run_many(*state, m);
	assert_string_equal(m->scripts[0].asked, "L0 D0");
	assert_string_equal(m->scripts[1].asked, "L0 L1.1 L3.1 D3.1 D7.1");
	free(m);
}

/* When nothing has gone through for so long, no file waits any more. */
static void
test_throttled_for_ever(void **state)
{
	struct many *m = many((struct run){.parallel = 1, .retry_s = 10});

	add(m, 3, "429", NULL, NULL);
	run_many(*state, m);
	assert_int_equal(m->run.rc, 0);
	assert_int_equal(count_outcome(m, MEDIA_FAILED), 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(m->files[i].loss, LOSS_TOO_MANY_CALLS);
	assert_true(fake_seconds() < 20);
	free(m);
}

/* 64 that cannot be fetched, in a row: the next need not be tried. */
static void
test_failing(void **state)
{
	static const struct {
		size_t before; /* of a file that comes */
		size_t behind;
		const char *turn;
		enum err_code code; /* ERR_NONE: all are tried */
	} rows[] = {
	    {63, 63, DENIED, ERR_NONE},
	    {64, 0, DENIED, ERR_PERMISSION},
	    {63, 70, DENIED, ERR_PERMISSION},
	    {63, 70, "429", ERR_TEMPORARY},
	    {10, 70, "500", ERR_TEMPORARY},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct many *m = many((struct run){.retry_s = 1});
		size_t all = rows[i].before + 1 + rows[i].behind;
		size_t tried = rows[i].code == ERR_NONE ? all
			       : rows[i].before >= 64	? 64
							: rows[i].before + 1 + 64;

		add(m, rows[i].before, rows[i].turn, NULL, NULL);
		add(m, 1, URL, FILE_ONE, NULL);
		add(m, rows[i].behind, rows[i].turn, NULL, NULL);
		if (rows[i].turn[0] != '4' || rows[i].code == ERR_TEMPORARY)
			m->run.parallel = 16;
		run_many(*state, m);
		assert_int_equal(m->run.rc, rows[i].code == ERR_NONE ? 0 : -1);
		if (rows[i].code != ERR_NONE)
			assert_int_equal(m->run.e.code, rows[i].code);
		if (m->run.parallel == 0) { /* nobody overtakes */
			assert_int_equal(all - count_outcome(m, MEDIA_NONE), tried);
			assert_int_equal(
			    count_outcome(m, MEDIA_UNVERIFIED), rows[i].before >= 64 ? 0 : 1);
		}
		free(m);
	}
}

/* 360dialog counts errors: 20 within an hour lock us out. */
static void
test_budget(void **state)
{
	static const struct {
		unsigned before; /* this run */
		size_t requests;
	} rows[] = {{0, 19}, {5, 14}, {18, 1}, {19, 0}, {20, 0}, {100, 0}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct many *m = many((struct run){
		    .provider = "360dialog", .parallel = 16, .errors_before = rows[i].before});

		add(m, 40, GONE, NULL, NULL);
		run_many(*state, m);
		assert_int_equal(m->run.rc, -1);
		assert_int_equal(m->run.e.code, ERR_TEMPORARY);
		assert_int_equal(count_requests(m), rows[i].requests);
		/* the hour is over, to the minute */
		assert_non_null(strstr(m->run.e.hint, "in 60 minutes") != NULL
				    ? m->run.e.hint
				    : strstr(m->run.e.hint, "in 61 minutes"));
		free(m);
	}
}

/* Errors of an hour ago are forgotten. */
static void
test_budget_passes(void **state)
{
	struct many *m = many((struct run){
	    .provider = "360dialog", .parallel = 1, .errors_before = 18, .retry_s = 7200});

	add(m, 1, "500 wait=3600", "500 wait=10", URL);
	m->scripts[0].turns[3] = FILE_ONE;
	run_many(*state, m);
	assert_int_equal(m->run.e.code, ERR_TEMPORARY); /* nothing may be sent for an hour */
	assert_string_equal(m->scripts[0].asked, "L0");
	free(m);
	m = many((struct run){
	    .provider = "360dialog", .parallel = 1, .errors_before = 17, .retry_s = 7200});
	add(m, 1, "500 wait=3600", "500 wait=10", URL);
	m->scripts[0].turns[3] = FILE_ONE;
	run_many(*state, m);
	assert_int_equal(m->run.rc, 0);
	assert_string_equal(m->scripts[0].asked, "L0 L3600 L3610 D3610");
	free(m);
}

/* What would be lost for good is lost if another one came after it, or beside few of them. */
static void
test_doubtful(void **state)
{
	static const struct {
		size_t first; /* gone */
		size_t come;
		size_t second; /* gone */
		size_t lost;
	} rows[] = {
	    {0, 0, 1, 0},
	    {1, 1, 0, 1},
	    {0, 1, 1, 1},
	    {0, 1, 7, 7},
	    {0, 1, 8, 0},
	    {20, 1, 8, 20},
	    {20, 1, 7, 27},
	    {64, 1, 0, 64},
	    {65, 1, 0, 1}, /* so many are not held back */
	    {130, 1, 0, 2},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct many *m = many((struct run){.parallel = 1});

		add(m, rows[i].first, GONE, NULL, NULL);
		add(m, rows[i].come, URL, FILE_ONE, NULL);
		add(m, rows[i].second, GONE, NULL, NULL);
		run_many(*state, m);
		assert_int_equal(m->run.rc, 0);
		if (count_outcome(m, MEDIA_ID_EXPIRED) != rows[i].lost)
			fail_msg("row %zu: %zu are lost", i, count_outcome(m, MEDIA_ID_EXPIRED));
		assert_int_equal(
		    count_outcome(m, MEDIA_FAILED), rows[i].first + rows[i].second - rows[i].lost);
		for (size_t k = 0; k < m->count; k++)
			assert_int_equal(m->files[k].nearly,
			    m->files[k].outcome == MEDIA_FAILED ? MEDIA_ID_EXPIRED : MEDIA_NONE);
		free(m);
	}
}

/* One that was asked for before they failed says nothing of them. */
static void
test_doubtful_before(void **state)
{
	struct many *m = many((struct run){.parallel = 16});

	add(m, 1, "200 takes=5|{\"url\":\"https://lookaside.fbsbx.com/f\"}", FILE_ONE, NULL);
	add(m, 9, "400 takes=1|{\"error\":{\"code\":33}}", NULL, NULL);
	run_many(*state, m);
	assert_int_equal(m->run.rc, 0);
	assert_int_equal(count_outcome(m, MEDIA_UNVERIFIED), 1);
	assert_int_equal(count_outcome(m, MEDIA_FAILED), 9);
	free(m);
}

static bool
is_after_a_while(void *state)
{
	(void)state;
	return fake_seconds() >= 10;
}

/* At the deadline, or told to stop: what is in the air is given up and nothing is written off. */
static void
test_ends(void **state)
{
	for (int i = 0; i < 3; i++) {
		struct many *m = many((struct run){.parallel = 4, .deadline_s = i == 0 ? 10 : 0});

		m->run.is_stopping = i == 1 ? is_after_a_while : NULL;
		add(m, 2, "200 takes=4|{\"url\":\"https://lookaside.fbsbx.com/f\"}",
		    "200 takes=4|one", NULL);
		add(m, 2, "200 takes=4|{\"url\":\"https://lookaside.fbsbx.com/f\"}",
		    "200 takes=8|one", NULL);
		add(m, 1, GONE, NULL, NULL);
		run_many(*state, m);
		assert_int_equal(m->run.rc, i < 2 ? -1 : 0);
		if (i < 2)
			assert_int_equal(m->run.e.code, i == 0 ? ERR_TEMPORARY : ERR_INTERRUPTED);
		assert_int_equal(count_outcome(m, MEDIA_UNVERIFIED), i < 2 ? 2 : 4);
		assert_int_equal(count_outcome(m, MEDIA_NONE), i < 2 ? 2 : 0);
		/* it was not asked for before the others were under way */
		assert_int_equal(m->files[4].outcome, i < 2 ? MEDIA_FAILED : MEDIA_ID_EXPIRED);
		for (size_t k = 0; k < m->count; k++)
			assert_int_equal(m->files[k].fd, -1);
		free(m);
	}
}

/* One that all must stop for has been tried: the next run begins with the others. */
static void
test_stopped_by_one(void **state)
{
	struct many *m = many((struct run){.parallel = 1});

	add(m, 1, URL, FILE_ONE, NULL);
	add(m, 1, "400|{\"error\":{\"code\":190}}", NULL, NULL);
	add(m, 1, URL, FILE_ONE, NULL);
	run_many(*state, m);
	assert_int_equal(m->run.rc, -1);
	assert_int_equal(m->run.e.code, ERR_PERMISSION);
	assert_string_equal(m->run.done, "0 1");
	assert_int_equal(m->files[1].outcome, MEDIA_FAILED);
	assert_int_equal(m->files[2].outcome, MEDIA_NONE);
	free(m);
	/* an API that was never there says nothing of a file */
	m = many((struct run){.parallel = 1, .retry_s = 1});
	add(m, 2, "0 fails=7", NULL, NULL);
	run_many(*state, m);
	assert_int_equal(m->run.e.code, ERR_UNAVAILABLE);
	assert_string_equal(m->run.done, "");
	free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_pace, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_waits, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_throttled, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_throttled_for_ever, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_failing, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_budget, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_budget_passes, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_doubtful, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_doubtful_before, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_ends, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_stopped_by_one, make_place, remove_place),
	};

	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
