/*
 * Rates, time left and the bar, at moments that are given. Expected values by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/progress.h"

#define S INT64_C(1000000)
#define NO PROGRESS_UNKNOWN

/* One step after the beginning at second 100. */
static void
test_look(void **state)
{
	static const struct {
		uint64_t total;
		struct progress_sample sample;
		int64_t now_us;
		uint64_t payloads_per_s, messages_per_s, bytes_per_s;
		int64_t percent, left;
	} cases[] = {
	    /* at once: nothing is divided by no time */
	    {1000, {100 * S, 0, 0, 0}, 100 * S, 0, 0, 0, 0, NO},
	    {1000, {100 * S, 5, 50, 500}, 100 * S, 0, 0, 0, 50, NO},
	    /* a clock that stands or goes back */
	    {1000, {99 * S, 5, 50, 500}, 99 * S, 0, 0, 0, 50, NO},
	    /* 1.9 s: a rate, and no forecast yet */
	    {1000, {100 * S + 1900000, 19, 190, 190}, 100 * S + 1900000, 10, 100, 100, 19, NO},
	    /* 4 s at 100 a second: 600 left take 6, said a second more */
	    {1000, {104 * S, 40, 400, 400}, 104 * S, 10, 100, 100, 40, 7},
	    /* no total: standard input */
	    {0, {104 * S, 40, 400, 400}, 104 * S, 10, 100, 100, NO, NO},
	    /* all read, to be written */
	    {1000, {104 * S, 40, 400, 1000}, 104 * S, 10, 100, 250, 100, NO},
	    /* a file has grown */
	    {1000, {104 * S, 40, 400, 1400}, 104 * S, 10, 100, 350, 100, NO},
	    /* not quite all is not 100 */
	    {1000, {104 * S, 40, 400, 999}, 104 * S, 10, 100, 249, 99, 1},
	    /* nothing was read: no forecast */
	    {1000, {104 * S, 0, 0, 0}, 104 * S, 0, 0, 0, 0, NO},
	    /* a byte a second of a million: 277 hours are no forecast */
	    {1000000, {104 * S, 0, 0, 4}, 104 * S, 0, 0, 1, 0, NO},
	    /* the largest numbers there are */
	    {UINT64_MAX, {104 * S, UINT64_MAX, UINT64_MAX, UINT64_MAX / 2}, 104 * S,
		UINT64_C(4611686018427387904), UINT64_C(4611686018427387904),
		UINT64_C(2305843009213693952), 50, 5},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct progress p;
		struct progress_view v;

		progress_begin(&p, 100 * S, cases[i].total);
		progress_add(&p, &cases[i].sample);
		v = progress_look(&p, cases[i].now_us);
		assert_int_equal(v.payloads_per_s, cases[i].payloads_per_s);
		assert_int_equal(v.messages_per_s, cases[i].messages_per_s);
		assert_int_equal(v.bytes_per_s, cases[i].bytes_per_s);
		assert_int_equal(v.percent, cases[i].percent);
		assert_int_equal(v.seconds_left, cases[i].left);
	}
}

/* A hundred seconds at 1,000 messages a second, then 60 at 10: the rate is that of late. */
static void
test_rate_is_of_late(void **state)
{
	struct progress p;
	struct progress_sample s = {0};

	(void)state;
	progress_begin(&p, 0, 0);
	for (int i = 1; i <= 160; i++) {
		s.at_us = i * S;
		s.messages += i <= 100 ? 1000 : 10;
		progress_add(&p, &s);
	}
	assert_int_equal(progress_look(&p, 160 * S).messages_per_s, 10);
	/* 100,600 in 160 s */
	assert_int_equal(progress_sum(&p, 160 * S).messages_per_s, 628);
	assert_int_equal(progress_sum(&p, 160 * S).elapsed_us, 160 * S);
	/* nothing more for 85 s: 150 messages in the 100 s since the oldest sample */
	assert_int_equal(progress_look(&p, 245 * S).messages_per_s, 1);
}

/* However often it is told, the window stays a quarter of a minute. */
static void
test_many_samples(void **state)
{
	struct progress p;
	struct progress_sample s = {0};

	(void)state;
	progress_begin(&p, 0, 0);
	for (int i = 1; i <= 1000; i++) {
		s.at_us = i * (S / 50);
		s.messages += 2;
		progress_add(&p, &s);
	}
	assert_int_equal(p.count, 21); /* at the beginning, and one in each of 20 seconds */
	assert_int_equal(progress_look(&p, 20 * S).messages_per_s, 100);
}

static void
test_bar(void **state)
{
	static const struct progress_view half = {
	    {0, 1234, 56789, 12345678}, 27000000, 8 * S, 154, 9120, 1543209, 45, 42};
	static const struct progress_view piped = {
	    {0, 1234, 56789, 12345678}, 0, 8 * S, 154, 9120, 1543209, NO, NO};
	static const struct progress_view done = {
	    {0, 9999, 10000, 999}, 999, 8 * S, 1, 0, 1, 100, NO};
	static const struct progress_view nothing = {{0, 0, 0, 0}, 5, 0, 0, 0, 0, 0, NO};
	static const struct progress_view vast = {{0, UINT64_MAX, UINT64_MAX, UINT64_MAX},
	    UINT64_MAX, 8 * S, UINT64_MAX, UINT64_MAX, UINT64_MAX, 50, 359999};
	static const struct {
		const struct progress_view *view;
		unsigned columns;
		const char *want;
	} cases[] = {
	    {&half, 20, " 45%  0:42 left"},
	    {&half, 40, " 45%  56.8k messages  9120/s  0:42 left"},
	    {&half, 60, " 45%  1234 payloads  56.8k messages  9120/s  0:42 left"},
	    {&half, 80,
		"[#####--------]  45%  1234 payloads  56.8k messages  9120/s  12.3 MB  0:42 "
		"left"},
	    {&half, 120,
		"[#############-----------------]  45%  1234 payloads  56.8k messages  9120/s  "
		"12.3 MB  0:42 left"},
	    {&piped, 40, "1234 payloads  56.8k messages  9120/s"},
	    {&piped, 80, "1234 payloads  56.8k messages  9120/s  12.3 MB"},
	    {&done, 80,
		"[#############################] 100%  9999 payloads  10.0k messages  0/s  999 B"},
	    {&nothing, 40, "  0%  0 payloads  0 messages  0/s  0 B"},
	    {&vast, 80,
		" 50%  18.4E payloads  18.4E messages  18.4E/s  18446744073.7 GB  99:59:59 left"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out;

		buf_init(&out, 4096);
		progress_put_bar(&out, cases[i].view, cases[i].columns);
		assert_string_equal(buf_str(&out).ptr, cases[i].want);
		assert_true(out.len < cases[i].columns);
		buf_free(&out);
	}
}

/* Of any width it keeps within, in whole words. */
static void
test_bar_fits(void **state)
{
	static const struct progress_view v = {
	    {0, 1234, 56789, 12345678}, 27000000, 8 * S, 154, 9120, 1543209, 45, 42};

	(void)state;
	for (unsigned columns = 20; columns <= 400; columns++) {
		struct buf out;

		buf_init(&out, 4096);
		progress_put_bar(&out, &v, columns);
		assert_true(out.len < columns);
		assert_non_null(strstr(buf_str(&out).ptr, "45%"));
		buf_free(&out);
	}
}

static void
test_numbers(void **state)
{
	static const struct {
		uint64_t n;
		const char *want; /* messages, and bytes behind them */
	} cases[] = {
	    {9999, "  0%  9999 messages  0/s  10.0 kB"},
	    {10000, "  0%  10.0k messages  0/s  10.0 kB"},
	    {99949, "  0%  99.9k messages  0/s  99.9 kB"},
	    {99950, "  0%  100k messages  0/s  100.0 kB"},
	    {999499, "  0%  999k messages  0/s  999.5 kB"},
	    {999500, "  0%  1.0M messages  0/s  999.5 kB"},
	    {1234567890, "  0%  1.2G messages  0/s  1.2 GB"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct progress_view v = {
		    .done = {.messages = cases[i].n, .bytes_read = cases[i].n},
		    .seconds_left = NO,
		};
		struct buf out;
		char *without;

		buf_init(&out, 4096);
		progress_put_bar(&out, &v, 60);
		buf_put_char(&out, '\0');
		without = strstr(out.ptr, "  0%  0 payloads");
		assert_non_null(without);
		/* the payloads are not what this is about */
		memmove(without + 6, without + 18, strlen(without + 18) + 1);
		assert_string_equal(without, cases[i].want);
		buf_free(&out);
	}
}

static void
test_words(void **state)
{
	static const struct {
		struct progress_view view;
		const char *words, *members;
	} cases[] = {
	    {{{0, 1234, 56789, 12345678}, 27000000, 8 * S + 999999, 154, 9120, 1543209, 45, 42},
		"45 %, 1234 payloads, 56789 messages, 12.3 MB of 27.0 MB read, 9120 messages/s, "
		"0:42 left",
		",\"payloads\":1234,\"messages\":56789,\"bytes_read\":12345678,\"bytes_total\":"
		"27000000,\"payloads_per_second\":154,\"messages_per_second\":9120,"
		"\"bytes_per_second\":1543209,\"seconds_elapsed\":8,\"seconds_left\":42"},
	    {{{0, 1, 2, 999}, 0, 0, 0, 0, 0, NO, NO},
		"1 payloads, 2 messages, 999 B read, 0 messages/s",
		",\"payloads\":1,\"messages\":2,\"bytes_read\":999,\"bytes_total\":null,"
		"\"payloads_per_second\":0,\"messages_per_second\":0,\"bytes_per_second\":0,"
		"\"seconds_elapsed\":0,\"seconds_left\":null"},
	    {{{0, 1, 2, 1000}, 2000, 0, 0, 0, 0, 50, 3661},
		"50 %, 1 payloads, 2 messages, 1.0 kB of 2.0 kB read, 0 messages/s, 1:01:01 left",
		",\"payloads\":1,\"messages\":2,\"bytes_read\":1000,\"bytes_total\":2000,"
		"\"payloads_per_second\":0,\"messages_per_second\":0,\"bytes_per_second\":0,"
		"\"seconds_elapsed\":0,\"seconds_left\":3661"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out;

		buf_init(&out, 4096);
		progress_put_words(&out, &cases[i].view);
		assert_string_equal(buf_str(&out).ptr, cases[i].words);
		buf_reset(&out);
		progress_put_members(&out, &cases[i].view);
		assert_string_equal(buf_str(&out).ptr, cases[i].members);
		buf_free(&out);
	}
}

static void
test_columns(void **state)
{
	static const struct {
		const char *columns;
		unsigned terminal, want;
	} cases[] = {
	    {NULL, 0, 80},
	    {NULL, 132, 132},
	    {NULL, 3, 20},
	    {NULL, 65535, 400},
	    {"40", 132, 40},
	    {"", 132, 132},
	    {"0", 0, 80},
	    {"-40", 132, 132},
	    {" 40", 132, 132},
	    {"40x", 132, 132},
	    {"99999999999999999999", 132, 132},
	    {"19", 132, 132},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
		    progress_columns(cases[i].columns, cases[i].terminal), cases[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_look),
	    cmocka_unit_test(test_rate_is_of_late),
	    cmocka_unit_test(test_many_samples),
	    cmocka_unit_test(test_bar),
	    cmocka_unit_test(test_bar_fits),
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
