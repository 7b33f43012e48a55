/*
 * Outlines that the check makes: every large container of a document is in it, and nothing that is
 * none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"

#include "arena_fixture.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
/* STR_LIT for tables */
#define S(literal) \
	{ \
		(literal), sizeof(literal) - 1 \
	}

static const struct json_span *
find_span(const struct json_outline *o, size_t begin)
{
	for (size_t i = 0; i < o->count; i++)
		if (o->spans[i].begin == begin)
			return &o->spans[i];
	return NULL;
}

/* How many of the containers in the value, and it, are in the outline; the large ones must be. */
static size_t
count_spans(const struct json_outline *o, struct str document, struct str value, size_t level)
{
	size_t large = document.len / 8 < JSON_SPAN_BYTES ? document.len / 8 : JSON_SPAN_BYTES;
	struct json_walk w = json_enter(value);
	const struct json_span *span = find_span(o, (size_t)(value.ptr - document.ptr));
	struct str inner;
	size_t count = 0;

	if (json_kind(value) != JSON_ARRAY && json_kind(value) != JSON_OBJECT)
		return 0;
	if (span != NULL)
		assert_int_equal(span->end - span->begin, value.len);
	else if (value.len > 2 && value.len >= large && level <= JSON_SPAN_LEVELS)
		fail_msg("`%.*s` is not in the outline", (int)value.len, value.ptr);
	while (json_element(&w, &inner)) /* keys, too */
		count += count_spans(o, document, inner, level + 1);
	return count + (span != NULL);
}

static struct json_outline
outline_of(struct arena *a, struct str document)
{
	struct json_outline o;
	struct json_check c = json_check_outline(a, document.ptr, document.len, &o);
	struct str value = {document.ptr, c.end};

	assert_int_equal(c.fault, JSON_OK);
	assert_true(o.is_known);
	assert_int_equal(o.is_clean, !c.has_damage);
	assert_int_equal(count_spans(&o, value, value, 1), o.count);
	for (size_t i = 1; i < o.count; i++)
		assert_true(o.spans[i - 1].begin < o.spans[i].begin);
	return o;
}

static void
test_small(void **state)
{
	static const struct {
		struct str text;
		size_t count;
	} cases[] = {
	    {S("1"), 0},
	    {S("\"[[[]]]\""), 0},
	    {S("{}"), 0},
	    {S("[]"), 0},
	    {S("[1]"), 1},
	    {S("{\"a\":{\"b\":[1,2]},\"c\":[{}]} [1]"), 4}, /* that behind it is not part of it */
	    {S("{\"}\":[{\"]\":{\"\\\"\":1}}]}"), 4},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(outline_of(*state, cases[i].text).count, cases[i].count);
}

/* Threads of messages, each smaller than what is kept, with a large one here and there. */
static void
test_large(void **state)
{
	struct json_outline o;
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_put_text(&b, "{\"entry\" : [{\"id\":\"1\",\"changes\":[ ");
	for (int thread = 0; thread < 60; thread++) {
		buf_printf(&b, "%s{\"id\":%d,\"messages\":[", thread == 0 ? "" : ",\n", thread);
		for (int m = 0; m <= thread % 7; m++)
			buf_printf(&b, "%s{\"id\":\"]%d\",\"text\":{\"body\":\"%0*d\"}}",
			    m == 0 ? "" : ",", m, 8 * thread + 1, m);
		buf_put_text(&b, "]}");
	}
	buf_put_text(&b, "]}]}");
	o = outline_of(*state, buf_str(&b));
	assert_true(o.count > 60 && o.count < 200);
	buf_free(&b);
}

/* What lies too deep is not kept, though it is large. */
static void
test_deep(void **state)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	for (int i = 0; i < JSON_MAX_DEPTH; i++)
		buf_put_char(&b, '[');
	buf_printf(&b, "\"%02000d\"", 1);
	for (int i = 0; i < JSON_MAX_DEPTH; i++)
		buf_put_char(&b, ']');
	assert_int_equal(outline_of(*state, buf_str(&b)).count, JSON_SPAN_LEVELS);
	buf_free(&b);
}

static void
test_damage(void **state)
{
	static const struct {
		struct str text;
		bool is_clean;
	} cases[] = {
	    {S("[\"\\u00e4\\ud83d\\ude00\xC3\xA4\",1e400]"), true},
	    {S("[\"\\u0000\"]"), false},
	    {S("[\"\\ud83d\"]"), false},
	    {S("[\"\xFF\"]"), false},
	    {S("{\"\xFF\":1}"), false},
	    {S("[1e401]"), false},
	};
	struct json_outline o;

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(outline_of(*state, cases[i].text).is_clean, cases[i].is_clean);
	(void)json_check_outline(*state, "[[1}", 4, &o);
	assert_false(o.is_known);
	(void)json_check_outline(*state, "[[1]", 4, &o);
	assert_false(o.is_known);
}

static void
test_copy(void **state)
{
	struct arena *other = arena_new();
	struct json_outline o = outline_of(other, STR_LIT("{\"a\":[1],\"\\u0000\":[2]}")), copy;
	struct json_outline none = {0};

	copy = json_outline_copy(*state, &o);
	assert_int_equal(copy.count, 3);
	assert_memory_equal(copy.spans, o.spans, 3 * sizeof(*o.spans));
	arena_free(other);
	assert_int_equal(copy.spans[2].begin, 18);
	assert_true(copy.is_known && !copy.is_clean);
	copy = json_outline_copy(*state, &none);
	assert_false(copy.is_known);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_small),
	    cmocka_unit_test(test_large),
	    cmocka_unit_test(test_deep),
	    cmocka_unit_test(test_damage),
	    cmocka_unit_test(test_copy),
	};

	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
