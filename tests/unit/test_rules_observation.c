/*
 * Unit tests of what copies of a payload say together: in any order the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "model/time.h"
#include "rules/observation.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define REFUSED "signature_not_valid"
#define S(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

/* `adds`: each to what the other says; `both`: what they say together. */
static const struct {
	struct payload one;
	struct payload two;
	bool one_adds;
	bool two_adds;
	struct payload both;
} cases[] = {
    {{.received_at_us = TIME_NONE}, {.received_at_us = TIME_NONE}, false, false,
	{.received_at_us = TIME_NONE}},
    {{.received_at_us = 5}, {.received_at_us = TIME_NONE}, true, false, {.received_at_us = 5}},
    {{.received_at_us = 5}, {.received_at_us = 6}, true, false, {.received_at_us = 5}},
    {{.received_at_us = 5}, {.received_at_us = 5}, false, false, {.received_at_us = 5}},
    {{.signature = SIGNATURE_UNCHECKED, .signature_header = S("z")}, {.received_at_us = 0}, true,
	false, {.signature = SIGNATURE_UNCHECKED, .signature_header = S("z")}},
    {{.signature = SIGNATURE_INVALID, .signature_header = S("a")},
	{.signature = SIGNATURE_UNCHECKED, .signature_header = S("z")}, true, false,
	{.signature = SIGNATURE_INVALID, .signature_header = S("a")}},
    {{.signature = SIGNATURE_VALID, .signature_header = S("a")},
	{.signature = SIGNATURE_INVALID, .signature_header = S("z")}, true, false,
	{.signature = SIGNATURE_VALID, .signature_header = S("a")}},
    {{.signature = SIGNATURE_INVALID, .signature_header = S("z")},
	{.signature = SIGNATURE_INVALID, .signature_header = S("a")}, true, false,
	{.signature = SIGNATURE_INVALID, .signature_header = S("z")}},
    {{.signature = SIGNATURE_INVALID, .signature_header = S("b")},
	{.signature = SIGNATURE_INVALID, .signature_header = S("a")}, true, false,
	{.signature = SIGNATURE_INVALID, .signature_header = S("b")}},
    /* each adds something */
    {{.received_at_us = 5, .signature = SIGNATURE_INVALID},
	{.received_at_us = 6, .signature = SIGNATURE_VALID}, true, true,
	{.received_at_us = 5, .signature = SIGNATURE_VALID}},
    /* refused by one */
    {{.fault = NULL}, {.fault = REFUSED}, true, false, {.fault = NULL}},
    {{.fault = REFUSED}, {.fault = REFUSED}, false, false, {.fault = REFUSED}},
    {{.received_at_us = 5, .signature = SIGNATURE_INVALID, .fault = REFUSED},
	{.received_at_us = 6, .signature = SIGNATURE_ABSENT}, true, true,
	{.received_at_us = 5, .signature = SIGNATURE_INVALID}},
    {{.fault = "json_syntax"}, {.fault = REFUSED}, true, false, {.fault = "json_syntax"}},
};

static void
assert_joined(size_t i, struct payload to, const struct payload *other)
{
	const struct payload *want = &cases[i].both;

	observation_join(&to, other);
	if (to.received_at_us != want->received_at_us || to.signature != want->signature ||
	    !str_equal(to.signature_header, want->signature_header) ||
	    !str_equal(str_of(to.fault), str_of(want->fault)))
		fail_msg("case %zu: %jd, %d, `%.*s`, %s", i, (intmax_t)to.received_at_us,
		    to.signature, STR_ARG(to.signature_header),
		    to.fault == NULL ? "no fault" : to.fault);
}

static void
test_copies(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct observation one = observation_of(&cases[i].one);
		const struct observation two = observation_of(&cases[i].two);
		const struct observation both = observation_of(&cases[i].both);

		if (observation_adds(&one, &two) != cases[i].one_adds ||
		    observation_adds(&two, &one) != cases[i].two_adds)
			fail_msg("case %zu: what adds", i);
		assert_false(observation_adds(&one, &both));
		assert_false(observation_adds(&two, &both));
		assert_joined(i, cases[i].one, &cases[i].two);
		assert_joined(i, cases[i].two, &cases[i].one);
	}
}

/* Of what is too large the bytes are not here: it never replaces what was read. */
static void
test_too_large(void **state)
{
	const struct payload large = {
	    .received_at_us = 5, .signature = SIGNATURE_VALID, .fault = "too_large"};
	const struct payload read = {.received_at_us = 6};
	const struct observation without = observation_of(&large), with = observation_of(&read);
	struct payload both = large;

	(void)state;
	assert_false(observation_adds(&without, &with));
	assert_true(observation_adds(&with, &without));
	observation_join(&both, &read);
	assert_string_equal(both.fault, "too_large");
	both = read;
	observation_join(&both, &large);
	assert_null(both.fault);
}

static void
test_is_any(void **state)
{
	(void)state;
	assert_false(observation_is_any(&(struct payload){.received_at_us = TIME_NONE}));
	assert_true(observation_is_any(&(struct payload){.received_at_us = 0}));
	assert_true(observation_is_any(
	    &(struct payload){.received_at_us = TIME_NONE, .signature = SIGNATURE_UNCHECKED}));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_copies),
	    cmocka_unit_test(test_too_large),
	    cmocka_unit_test(test_is_any),
	};

	return cmocka_run_group_tests_name("rules_observation", tests, NULL, NULL);
}
