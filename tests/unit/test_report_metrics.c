/*
 * The page of metrics: the whole of it by hand, and what is read of the one before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/metrics.h"

/* Without the lines of comment, which tests/scenario/22-progress.sh checks. */
static const char *
samples(struct buf *page, struct buf *out)
{
	const char *at = buf_str(page).ptr;

	while (*at != '\0') {
		size_t len = strcspn(at, "\n") + 1;

		if (*at != '#')
			buf_put(out, at, len);
		at += len;
	}
	return buf_str(out).ptr;
}

static void
assert_page(const struct metrics *m, const char *want)
{
	struct buf page, out;

	buf_init(&page, 1 << 16);
	buf_init(&out, 1 << 16);
	metrics_put(&page, m);
	assert_string_equal(samples(&page, &out), want);
	buf_free(&page);
	buf_free(&out);
}

static void
test_in_progress(void **state)
{
	static const struct metrics m = {
	    .command = "ingest",
	    .run_id = "",
	    .is_in_progress = true,
	    .exit_code = 75, /* not yet */
	    .started_at_us = INT64_C(1772355600999999),
	    .updated_at_us = INT64_C(1772355602000000),
	    .duration_us = 1000001,
	};

	(void)state;
	assert_page(&m,
	    "coexsync_run_info{command=\"ingest\",run_id=\"\",version=\"" COEXSYNC_VERSION "\"} 1\n"
	    "coexsync_run_in_progress 1\n"
	    "coexsync_run_start_timestamp_seconds 1772355600\n"
	    "coexsync_run_update_timestamp_seconds 1772355602\n"
	    "coexsync_run_duration_seconds 1.000\n"
	    "coexsync_last_success_timestamp_seconds 0\n"
	    "coexsync_run_payloads{state=\"new\"} 0\n"
	    "coexsync_run_payloads{state=\"known\"} 0\n"
	    "coexsync_run_unusable_payloads 0\n"
	    "coexsync_run_messages{outcome=\"inserted\"} 0\n"
	    "coexsync_run_messages{outcome=\"enriched\"} 0\n"
	    "coexsync_run_messages{outcome=\"duplicate\"} 0\n"
	    "coexsync_run_messages{outcome=\"conflicting\"} 0\n"
	    "coexsync_run_messages{outcome=\"rejected\"} 0\n"
	    "coexsync_run_messages{outcome=\"excluded\"} 0\n"
	    "coexsync_run_rejects 0\n"
	    "coexsync_run_read_bytes 0\n");
}

static void
test_over(void **state)
{
	static const struct metrics m = {
	    .command = "run",
	    .run_id = "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed",
	    .exit_code = 3,
	    .started_at_us = INT64_C(1772355600000000),
	    .updated_at_us = INT64_C(1772355662000000),
	    .duration_us = 61090000,
	    .last_success_s = 1772355662,
	    .payloads = 100,
	    .known = 40,
	    .unusable = 2,
	    .bytes_read = 5000000000,
	    .bytes_total = 5000000001,
	    .counts = {.seen = 21, .outcomes = {1, 2, 3, 4, 5, 6}, .rejects = 7},
	};

	(void)state;
	assert_page(&m,
	    "coexsync_run_info{command=\"run\",run_id=\"1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed\","
	    "version=\"" COEXSYNC_VERSION "\"} 1\n"
	    "coexsync_run_in_progress 0\n"
	    "coexsync_run_start_timestamp_seconds 1772355600\n"
	    "coexsync_run_update_timestamp_seconds 1772355662\n"
	    "coexsync_run_duration_seconds 61.090\n"
	    "coexsync_run_exit_code 3\n"
	    "coexsync_last_success_timestamp_seconds 1772355662\n"
	    "coexsync_run_payloads{state=\"new\"} 60\n"
	    "coexsync_run_payloads{state=\"known\"} 40\n"
	    "coexsync_run_unusable_payloads 2\n"
	    "coexsync_run_messages{outcome=\"inserted\"} 1\n"
	    "coexsync_run_messages{outcome=\"enriched\"} 2\n"
	    "coexsync_run_messages{outcome=\"duplicate\"} 3\n"
	    "coexsync_run_messages{outcome=\"conflicting\"} 4\n"
	    "coexsync_run_messages{outcome=\"rejected\"} 5\n"
	    "coexsync_run_messages{outcome=\"excluded\"} 6\n"
	    "coexsync_run_rejects 7\n"
	    "coexsync_run_read_bytes 5000000000\n"
	    "coexsync_run_source_bytes 5000000001\n");
}

#define NAME "coexsync_last_success_timestamp_seconds"

static void
test_last_success(void **state)
{
	static const struct {
		const char *page;
		int64_t want;
	} cases[] = {
	    {"", 0},
	    {"something else\n", 0},
	    {"# TYPE " NAME " gauge\n" NAME " 1772355662\nx 1\n", 1772355662},
	    {"# HELP " NAME " 17\n" NAME " 0\n", 0},
	    {"\n" NAME " 17723", 0}, /* cut */
	    {"\n" NAME " -1\n", 0},
	    {"\n" NAME " 1.77e9\n", 0},
	    {"\n" NAME " 99999999999999999999999\n", 0},
	    {"\nx" NAME " 5\n", 0},
	    {"\n" NAME "_too 5\n", 0},
	};
	struct metrics m = {.command = "run", .run_id = "", .last_success_s = 1772355662};
	struct buf page;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(metrics_last_success(str_of(cases[i].page)), cases[i].want);
	/* of its own page, which need not end in a NUL */
	buf_init(&page, 1 << 16);
	metrics_put(&page, &m);
	assert_int_equal(metrics_last_success(buf_str(&page)), 1772355662);
	buf_free(&page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_in_progress),
	    cmocka_unit_test(test_over),
	    cmocka_unit_test(test_last_success),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
