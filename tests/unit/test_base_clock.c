/*
 * Times as text, both ways. Expected seconds come from `date -u -d … +%s` and from RFC 3339.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "model/time.h"

#define S INT64_C(1000000)

static void
test_format(void **state)
{
	static const struct {
		int64_t us;
		const char *text;
	} cases[] = {
	    {0, "1970-01-01T00:00:00Z"},
	    {S - 1, "1970-01-01T00:00:00Z"},
	    {-1, "1969-12-31T23:59:59Z"},
	    {-S, "1969-12-31T23:59:59Z"},
	    {-S - 1, "1969-12-31T23:59:58Z"},
	    {951782400 * S, "2000-02-29T00:00:00Z"},
	    {4107542399 * S, "2100-02-28T23:59:59Z"},
	    {4107542400 * S, "2100-03-01T00:00:00Z"}, /* 2100 is no leap year */
	    {INT64_C(1772355600) * S + 999999, "2026-03-01T09:00:00Z"},
	    {INT64_C(253402300799) * S, "9999-12-31T23:59:59Z"},
	    {INT64_C(253402300800) * S, "-"},
	    {INT64_C(-62167219200) * S, "0000-01-01T00:00:00Z"},
	    {INT64_C(-62167219200) * S - 1, "-"},
	    {INT64_MAX, "-"},
	    {INT64_MIN + 1, "-"},
	    {TIME_NONE, "-"},
	};
	char out[CLOCK_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    clock_format_rfc3339(cases[i].us, out, sizeof(out)), cases[i].text);
}

static void
test_format_exact(void **state)
{
	static const struct {
		int64_t us;
		const char *text;
	} cases[] = {
	    {INT64_C(1772355600) * S, "2026-03-01T09:00:00Z"},
	    {INT64_C(1772355600) * S + 1, "2026-03-01T09:00:00.000001Z"},
	    {INT64_C(1772355600) * S + 999999, "2026-03-01T09:00:00.999999Z"},
	    {-S / 2, "1969-12-31T23:59:59.500000Z"},
	    {TIME_NONE, "-"},
	};
	char out[CLOCK_EXACT_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    clock_format_exact(cases[i].us, out, sizeof(out)), cases[i].text);
}

static void
test_format_cuts(void **state)
{
	char out[5];

	(void)state;
	assert_string_equal(clock_format_rfc3339(0, out, sizeof(out)), "1970");
}

static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		int64_t us;
	} cases[] = {
	    {"1970-01-01T00:00:00Z", 0},
	    {"1969-12-31T23:59:59.5Z", -S / 2},
	    {"2026-03-01T09:00:00Z", INT64_C(1772355600) * S},
	    {"2026-03-01t09:00:00z", INT64_C(1772355600) * S},
	    {"2026-03-01T10:00:00+01:00", INT64_C(1772355600) * S},
	    {"2026-02-28T23:30:00-09:30", INT64_C(1772355600) * S},
	    {"2026-03-01T09:00:00-00:00", INT64_C(1772355600) * S},
	    {"2026-03-01T09:00:00.1Z", INT64_C(1772355600) * S + 100000},
	    {"2026-03-01T09:00:00.123456789Z", INT64_C(1772355600) * S + 123456},
	    {"2000-02-29T00:00:00Z", 951782400 * S},
	    {"2100-03-01T00:00:00Z", 4107542400 * S},
	    {"0000-01-01T00:00:00Z", INT64_C(-62167219200) * S},
	    {"9999-12-31T23:59:59.999999Z", INT64_C(253402300800) * S - 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t us = TIME_NONE;

		assert_int_equal(clock_parse_rfc3339(str_of(cases[i].text), &us), 0);
		assert_true(us == cases[i].us);
	}
}

static void
test_parse_refuses(void **state)
{
	static const char *const cases[] = {
	    "",
	    "-",
	    "now",
	    "1772355600",
	    "2026-03-01",
	    "2026-03-01T09:00Z",
	    "2026-03-01T09:00:00", /* no zone */
	    "2026-03-01 09:00:00Z", /* a space for the T */
	    " 2026-03-01T09:00:00Z",
	    "2026-03-01T09:00:00Z ",
	    "2026-03-01T09:00:00ZZ",
	    "2026-3-01T09:00:00Z",
	    "26-03-01T09:00:00Z",
	    "+026-03-01T09:00:00Z",
	    "2026-00-01T09:00:00Z",
	    "2026-13-01T09:00:00Z",
	    "2026-03-00T09:00:00Z",
	    "2026-04-31T09:00:00Z",
	    "2026-02-29T09:00:00Z",
	    "2100-02-29T09:00:00Z",
	    "2026-03-01T24:00:00Z",
	    "2026-03-01T09:60:00Z",
	    "2016-12-31T23:59:60Z", /* a leap second that there was */
	    "2026-03-01T09:00:00.Z",
	    "2026-03-01T09:00:00,5Z",
	    "2026-03-01T09:00:00.1234567890Z",
	    "2026-03-01T09:00:00+0100",
	    "2026-03-01T09:00:00+01",
	    "2026-03-01T09:00:00+24:00",
	    "2026-03-01T09:00:00+01:60",
	    "2026-03-01T09:00:00 01:00",
	};
	int64_t us = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (clock_parse_rfc3339(str_of(cases[i]), &us) != -1 || us != 42)
			fail_msg("taken: %s", cases[i]);
	assert_int_equal(clock_parse_rfc3339(STR_NULL, &us), -1);
	assert_int_equal(clock_parse_rfc3339(STR_LIT("2026-03-01T09:00:00\0"), &us), -1);
}

/* Every day of 10,000 years, there and back; the days must follow each other without a gap. */
static void
test_round_trip(void **state)
{
	const int64_t day = 86400 * S;
	char out[CLOCK_TEXT_BYTES], before[CLOCK_TEXT_BYTES] = "";

	(void)state;
	for (int64_t us = INT64_C(-62167219200) * S; us < INT64_C(253402300800) * S; us += day) {
		int64_t back = TIME_NONE;

		clock_format_rfc3339(us, out, sizeof(out));
		assert_int_equal(clock_parse_rfc3339(str_of(out), &back), 0);
		assert_true(back == us);
		assert_true(strcmp(before, out) < 0);
		memcpy(before, out, sizeof(out));
	}
}

static void
test_now(void **state)
{
	int64_t first = clock_now_us();

	(void)state;
	assert_true(first > INT64_C(1700000000) * S);
	assert_true(clock_now_us() >= first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_format),
	    cmocka_unit_test(test_format_exact),
	    cmocka_unit_test(test_format_cuts),
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_parse_refuses),
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
