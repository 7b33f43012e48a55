/*
 * Unit tests of the splitter's edges: documents that are too large to be kept, where they end and
 * what is kept of them; cut ones that swallow others; encodings; one stream after the other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "model/time.h"
#include "source/region.h"
#include "source/skipper.h"
#include "source/splitter.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define OPEN_16 "[[[[[[[[[[[[[[[["
#define OPEN_127 OPEN_16 OPEN_16 OPEN_16 OPEN_16 OPEN_16 OPEN_16 OPEN_16 "[[[[[[[[[[[[[[["
#define CLOSE_16 "]]]]]]]]]]]]]]]]"
#define CLOSE_127 CLOSE_16 CLOSE_16 CLOSE_16 CLOSE_16 CLOSE_16 CLOSE_16 CLOSE_16 "]]]]]]]]]]]]]]]"

/* Where a value ends, or cannot go on, in one piece and byte by byte. */
static void
test_ends(void **state)
{
	static const struct {
		const char *text;
		enum skipper_state state;
		size_t taken;
	} cases[] = {
	    {"{\"a\":{\"b\":[1, true ,\"x\"]}} ", SKIPPER_DONE, 26},
	    {"\"a b\\\"\xC3\xA4\"{", SKIPPER_DONE, 9},
	    {"{\"a\":\"", SKIPPER_WITHIN, 6},
	    {"[\"a\nb\"]", SKIPPER_FAULT, 3},
	    {"[\"\\\nb\"]", SKIPPER_FAULT, 3},
	    /* the bracket of another */
	    {"{]", SKIPPER_FAULT, 1},
	    {"[{}}", SKIPPER_FAULT, 3},
	    {"}", SKIPPER_FAULT, 0},
	    /* a value directly behind another: the document was cut */
	    {"[{}\n{}]", SKIPPER_FAULT, 4},
	    {"[\"a\" \"b\"]", SKIPPER_FAULT, 5},
	    {"[12 {", SKIPPER_FAULT, 4},
	    {"[true\n[", SKIPPER_FAULT, 6},
	    {"{\"a\" {", SKIPPER_FAULT, 5},
	    {"{\"a\": {}, \"b\" : [\n[], {}]}", SKIPPER_DONE, 26},
	    /* as deep as json.h allows */
	    {OPEN_127 "{\"a\":1}" CLOSE_127, SKIPPER_DONE, 261},
	    {OPEN_127 "[\"a\",{", SKIPPER_FAULT, 132},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		for (size_t step = 1; step < 1000; step += 998) {
			struct str left = str_of(cases[i].text);
			struct skipper sk;
			size_t taken = 0;

			skipper_init(&sk);
			while (sk.state == SKIPPER_WITHIN && left.len > 0) {
				size_t len = left.len < step ? left.len : step;
				size_t got = skipper_feed(&sk, (struct str){left.ptr, len});

				taken += got;
				left = (struct str){left.ptr + got, left.len - got};
			}
			if (sk.state != cases[i].state || taken != cases[i].taken)
				fail_msg(
				    "%s: state %d, %zu taken", cases[i].text, (int)sk.state, taken);
		}
}

static ssize_t
read_text(void *state, char *to, size_t size, struct err *e)
{
	struct str *left = state;

	(void)e;
	size = size < left->len ? size : left->len;
	memcpy(to, left->ptr, size);
	*left = (struct str){left->ptr + size, left->len - size};
	return (ssize_t)size;
}

/* All is kept of what is as large as it may be, however large that is; of one byte more a head. */
static void
test_head(void **state)
{
	const size_t max = REGION_HEAD_BYTES + 1000;
	char *text = malloc(max + 1);
	struct arena *a = arena_new();

	(void)state;
	assert_non_null(text);
	for (size_t len = max; len <= max + 1; len++) {
		struct str left = {text, len};
		struct sha256 want;
		struct splitter s;
		struct payload got;
		struct err e = {0};

		memset(text, ' ', len);
		text[0] = '{';
		text[len - 1] = '}';
		want = sha256_of(text, len);
		splitter_init(&s, max, 4096);
		splitter_begin(&s, "f", (struct byte_reader){read_text, &left});
		assert_int_equal(splitter_next(&s, a, &got, &e), 1);
		assert_int_equal(got.fault != NULL, len > max);
		assert_int_equal(got.size_bytes, len);
		assert_int_equal(got.bytes.len, len > max ? REGION_HEAD_BYTES : len);
		assert_memory_equal(got.bytes.ptr, text, got.bytes.len);
		assert_int_equal(got.awaits_hash, len <= max);
		payload_hash(&got);
		assert_memory_equal(&got.sha256, &want, sizeof(want));
		splitter_free(&s);
	}
	free(text);
	arena_free(a);
}

/* `SOURCE=FAULT LENGTH ` for each payload, `SOURCE LENGTH ` for a good one. */
static void
put_split(struct buf *out, struct splitter *s, struct str text, struct arena *a)
{
	struct payload got;
	struct err e = {0};

	splitter_begin(s, "f", (struct byte_reader){read_text, &text});
	while (splitter_next(s, a, &got, &e) == 1) {
		assert_true(got.received_at_us == TIME_NONE);
		buf_printf(out, "%s%s%s %d ", got.source.ptr, got.fault == NULL ? "" : "=",
		    got.fault == NULL ? "" : got.fault, (int)got.size_bytes);
	}
	assert_int_equal(e.code, ERR_NONE);
}

/* In this order through one splitter, whatever the reads. */
static void
test_streams(void **state)
{
	static const struct {
		const char *text;
		const char *want;
	} cases[] = {
	    /* an element with a comma behind it is no document of its own */
	    {"{\"a\":[\n{\"b\":2},\n{\"c\":3},\nx\n{\"d\":4}\n", "f:1=json_syntax 26 f:5 7 "},
	    /* a cut one in a cut one, laid out */
	    {"{\"e\":[\n{\n\"object\":[\n{\n\"object\":1\n}\n", "f:1=json_truncated 19 f:4 14 "},
	    /* the mending goes on behind another gap, to the end of the array */
	    {"[\n{x\n{y\n{\"b\":2}\n,{}]\n{}",
		"f:2[0]=json_syntax 2 f:3=json_syntax 2 f:4 7 f:5 2 f:6 2 "},
	    {"[{x\n", "f:1[0]=json_syntax 2 "},
	    /* and not to the next stream */
	    {"{},{}", "f:1 2 f:1=json_syntax 3 "},
	    {"[{},99,9]", "f:1[0] 2 f:1[1] 2 f:1[2] 1 "},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t step = 1; step < 40; step++) {
		struct splitter s;

		splitter_init(&s, 1000, step);
		for (size_t i = 0; i < COUNT_OF(cases); i++) {
			struct buf out;

			buf_init(&out, 1 << 16);
			put_split(&out, &s, str_of(cases[i].text), a);
			assert_string_equal(buf_str(&out).ptr, cases[i].want);
			buf_free(&out);
		}
		splitter_free(&s);
	}
	arena_free(a);
}

/* What is said of a stream that is no JSON, whatever the reads, and where it is no longer kept. */
static void
test_no_json(void **state)
{
	static const struct {
		struct str text;
		const char *want;
	} cases[] = {
	    {{"\xFF\xFE\0\0{\0\0\0", 8}, "the file is UTF-32: convert it to UTF-8"},
	    {{"\0\0\xFE\xFF\0\0\0{", 8}, "the file is UTF-32: convert it to UTF-8"},
	    {{"\xFF\xFE{\0", 4}, "the file is UTF-16: convert it to UTF-8"},
	    {{"\xFE\xFF\0{", 4}, "the file is UTF-16: convert it to UTF-8"},
	    {{"          \n          x", 22}, "neither an object nor an array begins at byte 21"},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t step = 1; step < 10; step++) {
		struct splitter s;

		splitter_init(&s, 4, step);
		for (size_t i = 0; i < COUNT_OF(cases); i++) {
			struct str left = cases[i].text;
			struct payload got;
			struct err e = {0};

			splitter_begin(&s, "f", (struct byte_reader){read_text, &left});
			assert_int_equal(splitter_next(&s, a, &got, &e), 1);
			assert_string_equal(got.fault, "not_json");
			assert_string_equal(got.fault_text.ptr, cases[i].want);
		}
		splitter_free(&s);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ends),
	    cmocka_unit_test(test_head),
	    cmocka_unit_test(test_streams),
	    cmocka_unit_test(test_no_json),
	};

	return cmocka_run_group_tests_name("source_edges", tests, NULL, NULL);
}
