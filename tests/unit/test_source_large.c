/*
 * Unit tests of documents that are too large to be kept: where they end, and what is kept of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ends),
	    cmocka_unit_test(test_head),
	};

	return cmocka_run_group_tests_name("source_large", tests, NULL, NULL);
}
