/*
 * The letters of JSON strings by words of eight bytes, as on machines that compare no more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define JSON_WORDS
#include "base/json_text.h"

#include "skip_sample.h"

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_skip_plain),
	    cmocka_unit_test(test_skip_plain_neighbours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
