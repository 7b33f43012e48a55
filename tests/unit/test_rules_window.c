/*
 * The windows of media: what the operator may write, and how it is said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rules/window.h"

#define UNTOUCHED (-7)
/* STR_LIT for tables */
#define S(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

static const struct {
	struct str text;
	int hours; /* UNTOUCHED: refused */
} values[] = {
    {S("14"), 336},
    {S("14d"), 336},
    {S("336h"), 336},
    {S("1"), 24},
    {S("1d"), 24},
    {S("1h"), 1},
    {S("25h"), 25},
    {S("007"), 168},
    {S("365"), 8760},
    {S("365d"), 8760},
    {S("8760h"), 8760},
    /* nothing, or less */
    {S(""), UNTOUCHED},
    {{NULL, 0}, UNTOUCHED},
    {S("d"), UNTOUCHED},
    {S("h"), UNTOUCHED},
    {S("0"), UNTOUCHED},
    {S("0d"), UNTOUCHED},
    {S("0h"), UNTOUCHED},
    {S("000"), UNTOUCHED},
    {S("-1"), UNTOUCHED},
    {S("-14d"), UNTOUCHED},
    {S("+14"), UNTOUCHED},
    /* more than makes sense, and than a number holds: 2^32 + 1 and 2^64 + 1 */
    {S("366"), UNTOUCHED},
    {S("8761h"), UNTOUCHED},
    {S("1209600"), UNTOUCHED},
    {S("4294967297"), UNTOUCHED},
    {S("18446744073709551617h"), UNTOUCHED},
    {S("99999999999999999999999999999999"), UNTOUCHED},
    /* another form */
    {S("14 d"), UNTOUCHED},
    {S(" 14"), UNTOUCHED},
    {S("14 "), UNTOUCHED},
    {S("14\n"), UNTOUCHED},
    {S("14dd"), UNTOUCHED},
    {S("14dh"), UNTOUCHED},
    {S("d14"), UNTOUCHED},
    {S("1.5"), UNTOUCHED},
    {S("1,5d"), UNTOUCHED},
    {S("1d12h"), UNTOUCHED},
    {S("14D"), UNTOUCHED},
    {S("2w"), UNTOUCHED},
    {S("90m"), UNTOUCHED},
    {S("14 days"), UNTOUCHED},
    {S("P14D"), UNTOUCHED},
    {S("0x10"), UNTOUCHED},
    {S("1e2"), UNTOUCHED},
    {S("inf"), UNTOUCHED},
    {S("14\0"), UNTOUCHED},
};

static void
test_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		int hours = UNTOUCHED;
		bool is_one = window_parse(values[i].text, &hours);

		if (hours != values[i].hours || is_one != (values[i].hours != UNTOUCHED))
			fail_msg("`%.*s`: %d, %d hours instead of %d", STR_ARG(values[i].text),
			    is_one, hours, values[i].hours);
	}
}

static void
test_text(void **state)
{
	static const struct {
		int hours;
		const char *text;
	} texts[] = {{336, "14 days"}, {168, "7 days"}, {24, "1 day"}, {48, "2 days"},
	    {1, "1 hour"}, {23, "23 hours"}, {25, "25 hours"}, {36, "36 hours"},
	    {8760, "365 days"}};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_string_equal(window_text(a, texts[i].hours).ptr, texts[i].text);
	arena_free(a);
}

/* The contract's, whatever the program has: 14 days and 7. */
static void
test_usual(void **state)
{
	static const struct {
		struct as_of as_of;
		bool is_usual;
	} cases[] = {{{0, 14 * 24, 7 * 24}, true}, {{1, 14 * 24, 7 * 24}, true},
	    {{0, 14 * 24 + 1, 7 * 24}, false}, {{0, 14 * 24, 7 * 24 - 1}, false},
	    {{0, 7 * 24, 14 * 24}, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(window_is_usual(&cases[i].as_of), cases[i].is_usual);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_usual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
