/*
 * Unit tests of decode: rules that one line of payload shows. fixtures/values/cases.txt holds them,
 * an empty line between two: what it is about, the payload, the rows that it must become.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "decode_fixture.h"

/* Takes what stands before `mark` off the front of the text; all of it if there is none. */
static struct str
take(struct str *text, const char *mark)
{
	const char *end = memmem(text->ptr, text->len, mark, strlen(mark));
	struct str taken = {text->ptr, end == NULL ? text->len : (size_t)(end - text->ptr)};
	size_t step = taken.len + (end == NULL ? 0 : strlen(mark));

	*text = (struct str){text->ptr + step, text->len - step};
	return taken;
}

static void
compare_case(struct str rows)
{
	struct str what = take(&rows, "\n"), payload = take(&rows, "\n");
	struct fixture f;
	const char *text;

	open_fixture(&f);
	text = dump(&f, payload, &plain);
	if (strlen(text) != rows.len || memcmp(text, rows.ptr, rows.len) != 0) {
		print_message("%.*s:\n%.*s\ngives\n%sand not\n%.*s", STR_ARG(what),
		    STR_ARG(payload), text, STR_ARG(rows));
		fail();
	}
	close_fixture(&f);
}

static void
test_values(void **state)
{
	static char bytes[1 << 16];
	FILE *file = fopen("fixtures/values/cases.txt", "rb");
	struct str text = {bytes, 0};
	size_t count = 0;

	(void)state;
	assert_non_null(file);
	text.len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	assert_true(text.len > 0 && text.len < sizeof(bytes));
	for (; text.len > 0; count++) {
		struct str rows = take(&text, "\n\n");

		assert_int_equal(rows.ptr[0], '#');
		/* the newline of its last row, if an empty line follows */
		rows.len += text.len > 0;
		compare_case(rows);
	}
	print_message("%zu cases\n", count);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests_name("decode_values", tests, NULL, NULL);
}
