/*
 * Strict JSON: the check, the walk, texts and their repair, the writer.
 * The public test suite of parsers is run too where it lies beside the repository.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/json_text.h"

#include "arena_fixture.h"
#include "skip_sample.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
/* STR_LIT for tables */
#define S(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}
#define FFFD "\xEF\xBF\xBD"

static void
assert_str(struct str what, struct str got, struct str expected)
{
	if (str_equal(got, expected) && (got.ptr == NULL) == (expected.ptr == NULL))
		return;
	fail_msg(
	    "%.*s: got `%.*s`, expected `%.*s`", STR_ARG(what), STR_ARG(got), STR_ARG(expected));
}

/* ---- the check ------------------------------------------------------------------------------ */

static const struct {
	struct str text;
	enum json_fault fault;
	size_t end;
	bool has_damage;
} checks[] = {
    {S("{}"), JSON_OK, 2, false}, {S(" \t\r\n[]"), JSON_OK, 6, false},
    {S("{} {}"), JSON_OK, 2, false}, /* one value, then the caller's business */
    {S("{}\0"), JSON_OK, 2, false}, {S("1 "), JSON_OK, 1, false}, {S("[1,2]x"), JSON_OK, 5, false},
    {S("{\"a\":{\"b\":[1,{\"c\":null}]}}"), JSON_OK, 26, false},
    {S("\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\""), JSON_OK, 11, false},
    {S("\"\x7F\""), JSON_OK, 3, false}, {S("-0.0e+00"), JSON_OK, 8, false},
    {S("1e400"), JSON_OK, 5, false},
    {S("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\""), JSON_OK, 24, false},

    {S(""), JSON_TRUNCATED, 0, false}, {S("  "), JSON_TRUNCATED, 2, false},
    {S("{"), JSON_TRUNCATED, 1, false}, {S("{\"a\""), JSON_TRUNCATED, 4, false},
    {S("{\"a\":"), JSON_TRUNCATED, 5, false}, {S("{\"a\":1"), JSON_TRUNCATED, 6, false},
    {S("{\"a\":1,"), JSON_TRUNCATED, 7, false}, {S("[1,"), JSON_TRUNCATED, 3, false},
    {S("\"abc"), JSON_TRUNCATED, 4, false}, {S("\"abc\\"), JSON_TRUNCATED, 5, false},
    {S("\"\\u12"), JSON_TRUNCATED, 5, false}, {S("tru"), JSON_TRUNCATED, 3, false},
    {S("-"), JSON_TRUNCATED, 1, false}, {S("1."), JSON_TRUNCATED, 2, false},
    {S("1e"), JSON_TRUNCATED, 2, false}, {S("1e-"), JSON_TRUNCATED, 3, false},

    {S("{'a':1}"), JSON_SYNTAX, 1, false}, {S("{a:1}"), JSON_SYNTAX, 1, false},
    {S("{\"a\":1,}"), JSON_SYNTAX, 7, false}, {S("[1,]"), JSON_SYNTAX, 3, false},
    {S("[,1]"), JSON_SYNTAX, 1, false}, {S("[1 2]"), JSON_SYNTAX, 3, false},
    {S("[1}"), JSON_SYNTAX, 2, false}, {S("{\"a\":1]"), JSON_SYNTAX, 6, false},
    {S("{\"a\" 1}"), JSON_SYNTAX, 5, false}, {S("{\"a\":1 \"b\":2}"), JSON_SYNTAX, 7, false},
    {S("{1:1}"), JSON_SYNTAX, 1, false}, {S("// no\n{}"), JSON_SYNTAX, 0, false},
    {S("{}/**/"), JSON_OK, 2, false}, {S("{\"a\":<!-- -->1}"), JSON_SYNTAX, 5, false},
    {S("\xEF\xBB\xBF{}"), JSON_SYNTAX, 0, false}, /* a BOM is the source's business */
    {S("{\xC2\xA0}"), JSON_SYNTAX, 1, false}, {S("[\f]"), JSON_SYNTAX, 1, false},
    {S("\"a\nb\""), JSON_SYNTAX, 2, false}, {S("\"a\tb\""), JSON_SYNTAX, 2, false},
    {S("\"a\0b\""), JSON_SYNTAX, 2, false}, {S("\"\\x41\""), JSON_SYNTAX, 2, false},
    {S("\"\\'\""), JSON_SYNTAX, 2, false}, {S("\"\\\0\""), JSON_SYNTAX, 2, false},
    {S("\"\\u00g0\""), JSON_SYNTAX, 5, false}, {S("\"\\U0041\""), JSON_SYNTAX, 2, false},
    {S("\"\\ud800\\u12x4\""), JSON_SYNTAX, 11, true}, {S("[01]"), JSON_SYNTAX, 2, false},
    {S("[-01]"), JSON_SYNTAX, 3, false}, {S("[+1]"), JSON_SYNTAX, 1, false},
    {S("[.5]"), JSON_SYNTAX, 1, false}, {S("[1.]"), JSON_SYNTAX, 3, false},
    {S("[1:2]"), JSON_SYNTAX, 2, false}, {S("[1.:]"), JSON_SYNTAX, 3, false},
    {S("1:"), JSON_OK, 1, false}, {S("[1e]"), JSON_SYNTAX, 3, false},
    {S("[0x1]"), JSON_SYNTAX, 2, false}, {S("[NaN]"), JSON_SYNTAX, 1, false},
    {S("[nul]"), JSON_SYNTAX, 4, false}, {S("[True]"), JSON_SYNTAX, 1, false},
    {S("[truex]"), JSON_SYNTAX, 5, false}, {S("]"), JSON_SYNTAX, 0, false},

    {S("\"\\u0000\""), JSON_OK, 8, true}, {S("\"\\ud83d\\ude00\""), JSON_OK, 14, false},
    {S("\"\\uD83D\\uDE00\""), JSON_OK, 14, false}, {S("\"\\ud83d\""), JSON_OK, 8, true},
    {S("\"\\ude00\\ud83d\""), JSON_OK, 14, true}, {S("{\"\\ud83d\":1}"), JSON_OK, 12, true},
    {S("\"\xFF\""), JSON_OK, 3, true}, {S("\"\xC0\x80\""), JSON_OK, 4, true}, /* overlong */
    {S("\"\xED\xA0\x80\""), JSON_OK, 5, true}, /* a surrogate */
    {S("\"\xF4\x90\x80\x80\""), JSON_OK, 6, true}, /* above U+10FFFF */
    {S("\"\xF4\x8F\xBF\xBF\""), JSON_OK, 6, false},
    {S("\"\xE2\x82\""), JSON_OK, 4, true}, /* cut: the quote still ends the string */
    {S("[\xFF]"), JSON_SYNTAX, 1, false}, /* outside a string it is no damage */
};

static void
test_check(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(checks); i++) {
		struct json_check c = json_check(checks[i].text.ptr, checks[i].text.len);

		if (c.fault != checks[i].fault || c.end != checks[i].end ||
		    c.has_damage != checks[i].has_damage)
			fail_msg("%.*s: fault %d at %zu, damage %d", STR_ARG(checks[i].text),
			    c.fault, c.end, c.has_damage);
	}
	/* what stands behind is not looked at */
	assert_int_equal(json_check("12.5", 2).fault, JSON_OK);
	assert_int_equal(json_check("12.5", 2).end, 2);
}

static void
test_check_depth(void **state)
{
	char text[4 * JSON_MAX_DEPTH];

	(void)state;
	for (size_t depth = JSON_MAX_DEPTH - 1; depth <= JSON_MAX_DEPTH + 1; depth++) {
		struct json_check c;

		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		c = json_check(text, 2 * depth);
		if (depth <= JSON_MAX_DEPTH) {
			assert_int_equal(c.fault, JSON_OK);
			assert_int_equal(c.end, 2 * depth);
		} else {
			assert_int_equal(c.fault, JSON_TOO_DEEP);
			assert_int_equal(c.end, JSON_MAX_DEPTH);
		}
	}
	/* siblings do not add up */
	assert_int_equal(json_check(STR_LIT("[[],[],[[]],{}]").ptr, 15).fault, JSON_OK);
}

/* ---- the walk ------------------------------------------------------------------------------- */

static void
test_walk(void **state)
{
	struct str object =
	    STR_LIT(" {\"a\" : 1 \r\n,\t\"\"\t:\r\"x,\\\"]\" ,\"c\":[ {\"}\":[]},-2.5e3\n] }");
	struct json_walk w;
	struct str key, value;

	(void)state;
	object.ptr++; /* a slice begins at its value */
	object.len--;
	w = json_enter(object);
	assert_true(json_member(&w, &key, &value));
	assert_str(object, key, STR_LIT("a"));
	assert_str(object, value, STR_LIT("1"));
	assert_true(json_member(&w, &key, &value));
	assert_str(object, key, STR_LIT(""));
	assert_str(object, value, STR_LIT("\"x,\\\"]\""));
	assert_true(json_member(&w, &key, &value));
	assert_str(object, value, STR_LIT("[ {\"}\":[]},-2.5e3\n]"));
	assert_false(json_member(&w, &key, &object));
	w = json_enter(value);
	assert_true(json_element(&w, &key));
	assert_str(value, key, STR_LIT("{\"}\":[]}"));
	assert_true(json_element(&w, &key));
	assert_str(value, key, STR_LIT("-2.5e3"));
	assert_false(json_element(&w, &key));
}

/* Where strings end: behind escapes, quotes and backslashes in any mixture. */
static void
test_walk_strings(void **state)
{
	static const struct str strings[] = {S("\"\""), S("\"a\""), S("\"\\\"\""), S("\"\\\\\""),
	    S("\"\\\\\\\"\""), S("\"\\n\""), S("\"\\n\\\"\""), S("\"\\\"\\n\""), S("\"a\\nb\""),
	    S("\"\\u0022\""), S("\"\\\"\\\"\\\"\""), S("\"\\\\\\\\\""), S("\"a\\\"b\\\\\\\"c\"")};

	for (size_t i = 0; i < COUNT(strings); i++) {
		struct str text = arena_printf(*state, "[%.*s,1]", STR_ARG(strings[i])), value;
		struct json_walk w = json_enter(text);

		assert_int_equal(json_check(text.ptr, text.len).fault, JSON_OK);
		assert_true(json_element(&w, &value));
		assert_str(text, value, strings[i]);
		assert_true(json_element(&w, &value));
		assert_str(text, value, STR_LIT("1"));
	}
}

/* A string of escapes takes time by its length, not by the square of it (some minutes). */
static void
test_walk_time(void **state)
{
	size_t len = 4 << 20;
	char *text = arena_alloc(*state, len);
	struct json_walk w;
	struct str value;
	clock_t start = clock();

	for (size_t i = 2; i < len - 2; i += 2)
		memcpy(text + i, "\\n", 2);
	memcpy(text, "[\"", 2);
	memcpy(text + len - 2, "\"]", 2);
	w = json_enter((struct str){text, len});
	assert_true(json_element(&w, &value));
	assert_int_equal(value.len, len - 2);
	assert_false(json_element(&w, &value));
	assert_true(clock() - start < 10 * CLOCKS_PER_SEC);
}

static const struct {
	struct str text;
	enum json_kind kind;
} kinds[] = {
    {{NULL, 0}, JSON_NONE},
    {S("null"), JSON_NULL},
    {S("true"), JSON_BOOL},
    {S("false"), JSON_BOOL},
    {S("0"), JSON_NUMBER},
    {S("-1"), JSON_NUMBER},
    {S("\"\""), JSON_STRING},
    {S("[]"), JSON_ARRAY},
    {S("{}"), JSON_OBJECT},
};

static void
test_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct json_walk w = json_enter(kinds[i].text);
		struct str value;

		assert_int_equal(json_kind(kinds[i].text), kinds[i].kind);
		assert_false(json_element(&w, &value));
		assert_int_equal(json_is_true(kinds[i].text), str_is(kinds[i].text, "true"));
	}
}

static const struct {
	struct str object;
	const char *name;
	struct str value;
} gets[] = {
    {S("{\"a\":1,\"b\":2}"), "b", S("2")},
    {S("{\"a\":1,\"a\":2,\"b\":3}"), "a", S("2")},
    {S("{\"a\":1,\"a\":null}"), "a", S("null")},
    {S("{\"\\u0061b\":1}"), "ab", S("1")},
    {S("{\"a\\u0062\":1}"), "ab", S("1")},
    {S("{\"ab\":1,\"\\u0061\\u0062\":2}"), "ab", S("2")},
    {S("{\"\\/\":1}"), "/", S("1")},
    {S("{\"\\u00e4\":1}"), "\xC3\xA4", S("1")},
    {S("{\"\\ud83d\\ude00\":1}"), "\xF0\x9F\x98\x80", S("1")},
    {S("{\"\":1}"), "", S("1")},
    {S("{\"ab\":1}"), "a", {NULL, 0}},
    {S("{\"a\":1}"), "ab", {NULL, 0}},
    {S("{\"\\u0061\":1}"), "ab", {NULL, 0}},
    {S("{\"\\u0061b\":1}"), "a", {NULL, 0}},
    {S("{\"a\\u0000b\":1}"), "a", {NULL, 0}},
    {S("{\"A\":1}"), "a", {NULL, 0}},
    {S("{\"b\":{\"a\":1}}"), "a", {NULL, 0}},
    {S("{\"b\":\"\\\"a\\\":1\"}"), "a", {NULL, 0}},
    {S("{}"), "a", {NULL, 0}},
    {S("[\"a\",1]"), "a", {NULL, 0}},
    {S("\"a\""), "a", {NULL, 0}},
    {{NULL, 0}, "a", {NULL, 0}},
};

static void
test_get(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(gets); i++)
		assert_str(gets[i].object, json_get(gets[i].object, gets[i].name), gets[i].value);
}

#define NO_INT INT64_C(-4242)

static const struct {
	struct str text;
	int64_t n;
} ints[] = {
    {S("0"), 0},
    {S("-0"), 0},
    {S("42"), 42},
    {S("-42"), -42},
    {S("\"42\""), 42},
    {S("\"-42\""), -42},
    {S("\"0042\""), 42},
    {S("9223372036854775807"), INT64_MAX},
    {S("-9223372036854775808"), INT64_MIN},
    {S("\"9223372036854775807\""), INT64_MAX},
    {S("9223372036854775808"), NO_INT},
    {S("-9223372036854775809"), NO_INT},
    {S("9999999999999999999"), NO_INT},
    {S("18446744073709551616"), NO_INT},
    {S("1.0"), 1},
    {S("1e3"), 1000},
    {S("-250.0E-1"), -25},
    {S("1.5"), NO_INT},
    {S("1e16"), NO_INT},
    {S("1e999"), NO_INT},
    {S("\"1.0\""), NO_INT},
    {S("\"\""), NO_INT},
    {S("\"-\""), NO_INT},
    {S("\"+1\""), NO_INT},
    {S("\" 1\""), NO_INT},
    {S("\"1x\""), NO_INT},
    {S("\"--1\""), NO_INT},
    {S("true"), NO_INT},
    {S("null"), NO_INT},
    {S("[1]"), NO_INT},
    {{NULL, 0}, NO_INT},
};

static void
test_int(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ints); i++) {
		int64_t n = NO_INT;
		bool is_int = json_int(ints[i].text, &n);

		if (is_int != (ints[i].n != NO_INT) || n != ints[i].n)
			fail_msg("%.*s: %d, %lld", STR_ARG(ints[i].text), is_int, (long long)n);
	}
}

/* ---- texts ---------------------------------------------------------------------------------- */

static const struct {
	struct str json;
	struct str text;
	struct str repaired; /* as JSON; NULL: as it stands */
	unsigned repairs;
} texts[] = {
    {S("\"\""), S(""), {NULL, 0}, 0},
    {S("\"plain\""), S("plain"), {NULL, 0}, 0},
    {S("\"\xC3\xA4\xF0\x9F\x98\x80\""), S("\xC3\xA4\xF0\x9F\x98\x80"), {NULL, 0}, 0},
    {S("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), S("\"\\/\b\f\n\r\t"), {NULL, 0}, 0},
    {S("\"\\u0041\\u00e4\\u20AC\\ud83d\\ude00\""), S("A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"),
	{NULL, 0}, 0},
    {S("\"\\u0001\\u001f\\u007f\""), S("\x01\x1F\x7F"), {NULL, 0}, 0},
    {S("\"\\u0080\\u07ff\\u0800\""), S("\xC2\x80\xDF\xBF\xE0\xA0\x80"), {NULL, 0}, 0},
    {S("\"\\uffff\\ufffd\""), S("\xEF\xBF\xBF" FFFD), {NULL, 0}, 0},
    {S("\"\\ud800\\udc00\\udbff\\udfff\""), S("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), {NULL, 0}, 0},
    {S("\"\\\\u0000\""), S("\\u0000"), {NULL, 0}, 0}, /* an escaped backslash, no NUL */

    {S("\"a\\u0000b\""), S("a" FFFD "b"), S("\"a" FFFD "b\""), 1},
    {S("\"\\ud83d\""), S(FFFD), S("\"" FFFD "\""), 1},
    {S("\"\\ude00\""), S(FFFD), S("\"" FFFD "\""), 1},
    {S("\"\\ude00\\ud83d\""), S(FFFD FFFD), S("\"" FFFD FFFD "\""), 2},
    {S("\"\\ud83d\\ud83d\\ude00\""), S(FFFD "\xF0\x9F\x98\x80"), S("\"" FFFD "\\ud83d\\ude00\""),
	1},
    {S("\"\\ud83dx\""), S(FFFD "x"), S("\"" FFFD "x\""), 1},
    {S("\"\\ud83d\\n\""), S(FFFD "\n"), S("\"" FFFD "\\n\""), 1},
    {S("\"\\ud83d\\udbff\""), S(FFFD FFFD), S("\"" FFFD FFFD "\""), 2},
    {S("\"\\ud83d\\ue000\""), S(FFFD "\xEE\x80\x80"), S("\"" FFFD "\\ue000\""), 1},
    {S("\"\\ud83d\\u0041\""), S(FFFD "A"), S("\"" FFFD "\\u0041\""), 1},
    {S("\"\xFF\""), S(FFFD), S("\"" FFFD "\""), 1},
    {S("\"a\xE2\x82"
       "b\""),
	S("a" FFFD FFFD "b"), S("\"a" FFFD FFFD "b\""), 2},
    {S("\"\xC3\""), S(FFFD), S("\"" FFFD "\""), 1},
    {S("\"\xC0\xAF\""), S(FFFD FFFD), S("\"" FFFD FFFD "\""), 2},
    {S("\"\xED\xA0\x80\""), S(FFFD FFFD FFFD), S("\"" FFFD FFFD FFFD "\""), 3},
    {S("\"\xC3\xA4\xFF\\n\""), S("\xC3\xA4" FFFD "\n"), S("\"\xC3\xA4" FFFD "\\n\""), 1},

    {S("null"), {NULL, 0}, {NULL, 0}, 0},
    {S("12"), {NULL, 0}, {NULL, 0}, 0},
    {S("true"), {NULL, 0}, {NULL, 0}, 0},
    {S("[\"a\\u0000\",\"\xFF\"]"), {NULL, 0}, S("[\"a" FFFD "\",\"" FFFD "\"]"), 2},
    {S("{\"\\ud83d\" : 1.50}"), {NULL, 0}, S("{\"" FFFD "\" : 1.50}"), 1},
    /* numbers that PostgreSQL would print at great length; never within strings */
    {S("1e400"), {NULL, 0}, {NULL, 0}, 0},
    {S("-12.5e-400"), {NULL, 0}, {NULL, 0}, 0},
    {S("1e401"), {NULL, 0}, S("\"1e401\""), 1},
    {S("9e401"), {NULL, 0}, S("\"9e401\""), 1},
    {S("1E+00401"), {NULL, 0}, S("\"1E+00401\""), 1},
    {S("1e99999999999999999999"), {NULL, 0}, S("\"1e99999999999999999999\""), 1},
    {S("{\"a\":[-1.5E-100000,3,\"2e999 \\\"4e999\\\\\"]}"), {NULL, 0},
	S("{\"a\":[\"-1.5E-100000\",3,\"2e999 \\\"4e999\\\\\"]}"), 1},
    {{NULL, 0}, {NULL, 0}, {NULL, 0}, 0},
};

static void
test_text(void **state)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct str json = texts[i].json;
		unsigned repairs = 5; /* added to, not set */

		assert_str(json, json_text(*state, json, &repairs), texts[i].text);
		assert_int_equal(repairs, 5 + (texts[i].text.ptr == NULL ? 0 : texts[i].repairs));
		if (texts[i].repairs == 0) /* and that is known */
			assert_str(json, json_text(*state, json, NULL), texts[i].text);
	}
	/* without escapes it is the slice itself */
	for (size_t i = 0; i < 3; i++)
		assert_ptr_equal(json_text(*state, texts[i].json, NULL).ptr, texts[i].json.ptr + 1);
}

/* Each bad byte becomes three: so many have memory of their own, and all of it is used. */
static void
test_bad_bytes(void **state)
{
	enum { BAD = 1 << 20 };
	char *bytes = malloc(BAD + 2);
	struct str json = {bytes, BAD + 2}, text;
	unsigned repairs = 0;

	assert_non_null(bytes);
	memset(bytes, 0xFF, BAD + 2);
	bytes[0] = bytes[BAD + 1] = '"';
	text = json_text(*state, json, &repairs);
	assert_int_equal(repairs, BAD);
	assert_int_equal(text.len, 3 * BAD);
	for (size_t i = 0; i < text.len; i += 3)
		assert_memory_equal(text.ptr + i, FFFD, 3);
	text = json_repaired(*state, json, &repairs);
	assert_int_equal(repairs, 2 * BAD);
	assert_int_equal(text.len, 3 * BAD + 2);
	free(bytes);
}

static void
test_repaired(void **state)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct str json = texts[i].json, repaired;
		bool is_sound = texts[i].repaired.ptr == NULL;
		unsigned repairs = 5;

		repaired = json_repaired(*state, json, &repairs);
		assert_str(json, repaired, is_sound ? json : texts[i].repaired);
		assert_int_equal(repairs, 5 + texts[i].repairs);
		if (is_sound) {
			assert_ptr_equal(repaired.ptr, json.ptr);
			assert_ptr_equal(json_repaired(*state, json, NULL).ptr, json.ptr);
		}
		if (!is_sound)
			assert_false(json_check(repaired.ptr, repaired.len).has_damage);
	}
}

static void
test_scalar(void **state)
{
	unsigned repairs = 0;

	assert_str(STR_NULL, json_scalar(*state, STR_LIT("12"), &repairs), STR_LIT("12"));
	assert_str(STR_NULL, json_scalar(*state, STR_LIT("-1.5e3"), &repairs), STR_LIT("-1.5e3"));
	assert_str(STR_NULL, json_scalar(*state, STR_LIT("\"1\\u0032\""), &repairs), STR_LIT("12"));
	assert_str(STR_NULL, json_scalar(*state, STR_LIT("\"\""), &repairs), STR_LIT(""));
	assert_str(STR_NULL, json_scalar(*state, STR_LIT("null"), &repairs), STR_NULL);
	assert_str(STR_NULL, json_scalar(*state, STR_LIT("true"), &repairs), STR_NULL);
	assert_str(STR_NULL, json_scalar(*state, STR_LIT("[1]"), &repairs), STR_NULL);
	assert_str(STR_NULL, json_scalar(*state, STR_NULL, &repairs), STR_NULL);
	assert_int_equal(repairs, 0);
}

/* ---- the writer ----------------------------------------------------------------------------- */

static void
test_writer(void **state)
{
	struct buf out;
	struct json_writer w = {.out = &out};

	(void)state;
	buf_init(&out, 4096);
	json_begin_object(&w);
	json_put_key(&w, "empty");
	json_begin_array(&w);
	json_end_array(&w);
	json_put_key(&w, "mixed\n\"");
	json_begin_array(&w);
	json_put_int(&w, INT64_MIN);
	json_put_bool(&w, true);
	json_put_bool(&w, false);
	json_put_null(&w);
	json_put_str(&w, STR_NULL);
	json_put_str(&w, STR_LIT(""));
	json_begin_object(&w);
	json_end_object(&w);
	json_put_raw(&w, STR_LIT("{\"raw\":1.50}"));
	json_end_array(&w);
	json_put_key(&w, "last");
	json_put_int(&w, 0);
	json_end_object(&w);
	assert_str(STR_NULL, buf_str(&out),
	    STR_LIT("{\"empty\":[],\"mixed\\n\\\"\":[-9223372036854775808,true,false,null,null,"
		    "\"\",{},{\"raw\":1.50}],\"last\":0}"));
	buf_free(&out);
}

/* What is written is read back, for texts that mix every ASCII character with longer ones. */
static void
test_writer_round_trip(void **state)
{
	static const char *const longer[] = {"", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};

	for (int c = 1; c < 128; c++)
		for (size_t i = 0; i < COUNT(longer); i++) {
			struct str text = arena_printf(
			    *state, "%s%c%splain%c%c%s", longer[i], c, longer[i], c, c, longer[i]);
			struct buf out;
			struct json_writer w = {.out = &out};
			struct json_check check;
			unsigned repairs = 0;

			buf_init(&out, 4096);
			json_put_str(&w, text);
			check = json_check(buf_str(&out).ptr, out.len);
			assert_int_equal(check.fault, JSON_OK);
			assert_int_equal(check.end, out.len);
			assert_false(check.has_damage);
			assert_str(text, json_text(*state, buf_str(&out), &repairs), text);
			buf_free(&out);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_check),
	    cmocka_unit_test(test_check_depth),
	    cmocka_unit_test(test_skip_plain),
	    cmocka_unit_test(test_skip_plain_neighbours),
	    cmocka_unit_test(test_walk),
	    cmocka_unit_test(test_walk_strings),
	    cmocka_unit_test(test_walk_time),
	    cmocka_unit_test(test_kind),
	    cmocka_unit_test(test_get),
	    cmocka_unit_test(test_int),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_bad_bytes),
	    cmocka_unit_test(test_repaired),
	    cmocka_unit_test(test_scalar),
	    cmocka_unit_test(test_writer),
	    cmocka_unit_test(test_writer_round_trip),
	};

	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
