/*
 * The pure rules about bytes of any kind: numbers named in them, and how they are shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules/mention.h"
#include "rules/text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
/* STR_LIT for tables */
#define S(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

#define ID "\"phone_number_id\""
#define D32 "12345678901234567890123456789012"

static void
test_mention(void **state)
{
	static const struct {
		const char *bytes;
		const char *number; /* NULL: none */
	} cases[] = {
	    {"", NULL},
	    {"phone_number_id", NULL},
	    {"{" ID, NULL},
	    {"{" ID ":", NULL},
	    {"{" ID ":\"", NULL},
	    {"{" ID ":\"109", NULL}, /* cut: it may go on */
	    {"{" ID ":\"109\"", "109"},
	    {"{" ID " \t\r\n: \n\"109\", oops", "109"},
	    {"{" ID ":109}", NULL},
	    {"{" ID ";\"109\"}", NULL},
	    {"\\\"phone_number_id\\\":\\\"109\\\"", "109"},
	    {"{" ID ":\"\"}", NULL},
	    {"{" ID ":\"10 9\"}", NULL},
	    {"{" ID ":\"" D32 "\"}", D32},
	    {"{" ID ":\"" D32 "3\"}", NULL},
	    {"{\"my_phone_number_id\":\"109\"}", NULL},
	    {"{\"phone_number_ids\":\"109\"}", NULL},
	    {"{\\\"phone_number_id\\\":\\\"109\\\",", "109"},
	    {"{\\\"phone_number_id\\\":\"109\"", NULL},
	    {"{\\\"phone_number_id\":\"109\"", NULL},
	    {"{" ID ":\"109\"," ID ":\"109\"}", "109"},
	    {"{" ID ":\"109\"," ID ":\"110\"}", NULL},
	    {"{" ID ":\"109\"," ID ":110}", "109"},
	};

	static const char quoted[] = ID ":\"109\"";

	(void)state;
	assert_null(mention_phone_number_id(STR_NULL).ptr);
	assert_null(mention_phone_number_id(STR_LIT("{" ID ":\0\"109\"}")).ptr);
	/* cut: it may go on, whatever stands behind */
	assert_null(mention_phone_number_id((struct str){quoted, sizeof(quoted) - 2}).ptr);
	/* the quote before the name is none of these bytes */
	assert_null(mention_phone_number_id((struct str){quoted + 1, sizeof(quoted) - 2}).ptr);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str got = mention_phone_number_id(str_of(cases[i].bytes));

		if (got.len != str_of(cases[i].number).len || !str_is(got, cases[i].number))
			fail_msg("%s: got %.*s", cases[i].bytes, STR_ARG(got));
	}
}

static void
test_text_printable(void **state)
{
	struct arena *a = arena_new();
	static const struct {
		struct str bytes;
		size_t max_bytes;
		const char *text;
	} cases[] = {
	    {S("dir/0012.json:17"), 100, "dir/0012.json:17"},
	    {S("dir/0012.json:17"), 16, "dir/0012.json:17"},
	    {S("dir/0012.json:17"), 3, "dir"},
	    {S(" ~"), 2, " ~"},
	    {S(""), 10, ""},
	    {S("a\nb\0c\x7F"
	       "d\x1F"),
		100, "a b c d "},
	    {S("a\nb"), 2, "a "},
	    {S("Z\xC3\xBCrich"), 100, "Z\xC3\xBCrich"},
	    {S("Z\xC3\xBCrich"), 3, "Z\xC3\xBC"},
	    {S("Z\xC3\xBCrich"), 2, "Z"}, /* not within a letter */
	    {S("abc\xC3\xBC"), 3, "abc"},
	    {S("a\xC2\x9B"
	       "b\xC2\xA0"),
		100, "a b\xC2\xA0"},
	    {S("a\xE2\x80\xAE-\xE2\x81\xA6"), 100, "a - "}, /* direction of writing */
	    {S("\xFFname\xC3"), 100, "?name?"},
	    {S("\xFF\xFF"), 1, "?"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct str text = text_printable(a, cases[i].bytes, cases[i].max_bytes);

		assert_non_null(text.ptr);
		assert_int_equal(text.len, strlen(cases[i].text));
		assert_memory_equal(text.ptr, cases[i].text, text.len);
	}
	assert_null(text_printable(a, STR_NULL, 10).ptr);
	arena_free(a);
}

static void
test_text_is_name(void **state)
{
	static const struct str good[] = {
	    S("7"), S("+15550001111"), S("waba:9001"), S("Z\xC3\xBCrich 1"), S("\xF0\x9F\x98\x80")};
	static const struct str bad[] = {S(""), {NULL, 0}, S("70\n"), S("\x1F"), S("7\0"),
	    S("7\x7F"), S("\xC2\x9B"), S("7\xE2\x80\xAE"), S("7\xFF"), S("7\xC3")};
	char longest[TEXT_NAME_MAX_BYTES + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!text_is_name(good[i]))
			fail_msg("%s", good[i].ptr);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (text_is_name(bad[i]))
			fail_msg("bad name %zu", i);
	assert_int_equal(TEXT_NAME_MAX_BYTES, 200);
	memset(longest, '7', sizeof(longest));
	assert_true(text_is_name((struct str){longest, 200}));
	assert_false(text_is_name((struct str){longest, 201}));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_mention),
	    cmocka_unit_test(test_text_printable),
	    cmocka_unit_test(test_text_is_name),
	};

	return cmocka_run_group_tests_name("rules_text", tests, NULL, NULL);
}
