/*
 * Unit tests of the splitter: bytes to payloads wherever the reads are cut, and that no
 * good line is ever lost or doubled. Paths and files: test_source_files.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "source/splitter.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define MAX_WANTED 8
#define SMALL_MAX 64 /* maximum of a payload in the tables */

/* ---- a stream in memory --------------------------------------------------------------------- */

struct memory {
	struct str bytes;
	size_t at;
	size_t fail_at; /* 0: never */
};

static ssize_t
read_memory(void *state, char *to, size_t size, struct err *e)
{
	struct memory *m = state;
	size_t left = m->bytes.len - m->at;

	if (m->fail_at > 0 && m->at >= m->fail_at)
		return err_set(e, ERR_IO, "memory: broken");
	if (size > left)
		size = left;
	memcpy(to, m->bytes.ptr + m->at, size);
	m->at += size;
	return (ssize_t)size;
}

/* ---- tables: bytes to payloads --------------------------------------------------------------- */

/* Bytes and their number. */
#define B(s) s, sizeof(s) - 1

struct wanted {
	const char *bytes; /* NULL: not kept */
	size_t size_bytes;
	const char *fault;
	const char *source; /* NULL: no payload any more */
};

struct split_case {
	const char *name;
	const char *input;
	size_t input_len;
	struct wanted wanted[MAX_WANTED];
};

#define SPACES_60 "                                                            "
#define LETTERS_60 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"
#define DEEP_32 "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["

static const struct split_case good_cases[] = {
    {"one document", B("{\"a\":1}"), {{B("{\"a\":1}"), NULL, "f"}}},
    {"outer white space", B(" \t\r\n{\"a\":1}\r\n\n"), {{B("{\"a\":1}"), NULL, "f"}}},
    {"byte order mark", B("\xEF\xBB\xBF{\"a\":1}\n"), {{B("{\"a\":1}"), NULL, "f"}}},
    {"lines", B("{\"a\":1}\n{\"b\":2}\n"),
	{{B("{\"a\":1}"), NULL, "f:1"}, {B("{\"b\":2}"), NULL, "f:2"}}},
    {"lines of windows", B("{\"a\":1}\r\n{\"b\":2}\r\n"),
	{{B("{\"a\":1}"), NULL, "f:1"}, {B("{\"b\":2}"), NULL, "f:2"}}},
    {"last line without an end", B("{}\n\n{\"b\":2}"),
	{{B("{}"), NULL, "f:1"}, {B("{\"b\":2}"), NULL, "f:3"}}},
    {"two on a line", B("{\"a\":1}{\"b\":2} {\"c\":3}"),
	{{B("{\"a\":1}"), NULL, "f:1"}, {B("{\"b\":2}"), NULL, "f:1"},
	    {B("{\"c\":3}"), NULL, "f:1"}}},
    {"pretty-printed, joined", B("{\n  \"a\": [\n    1\n  ]\n}\n{\n\"b\": {\n}\n}\n"),
	{{B("{\n  \"a\": [\n    1\n  ]\n}"), NULL, "f:1"}, {B("{\n\"b\": {\n}\n}"), NULL, "f:6"}}},
    {"files with marks, joined", B("\xEF\xBB\xBF{}\n\xEF\xBB\xBF{\"a\":1}"),
	{{B("{}"), NULL, "f:1"}, {B("{\"a\":1}"), NULL, "f:2"}}},
    {"braces and quotes in strings", B("{\"a\":\"}\\\"{\\\\\"}\n{\"b\":\"]\"}"),
	{{B("{\"a\":\"}\\\"{\\\\\"}"), NULL, "f:1"}, {B("{\"b\":\"]\"}"), NULL, "f:2"}}},
    {"letters of several bytes", B("{\"\xC3\xA4\":\"\xF0\x9F\x98\x80\"}"),
	{{B("{\"\xC3\xA4\":\"\xF0\x9F\x98\x80\"}"), NULL, "f"}}},
    {"damaged text is no fault", B("{\"a\":\"\xFF\\u0000\\ud800\"}"),
	{{B("{\"a\":\"\xFF\\u0000\\ud800\"}"), NULL, "f"}}},
    {"array", B("[{\"a\":1}, {\"b\" : 2}\n,\n{}]\n"),
	{{B("{\"a\":1}"), NULL, "f:1[0]"}, {B("{\"b\" : 2}"), NULL, "f:1[1]"},
	    {B("{}"), NULL, "f:3[2]"}}},
    {"array of all kinds", B("[12,-1.5e3,\"x\",true,null,[1,[2]],0]"),
	{{B("12"), NULL, "f:1[0]"}, {B("-1.5e3"), NULL, "f:1[1]"}, {B("\"x\""), NULL, "f:1[2]"},
	    {B("true"), NULL, "f:1[3]"}, {B("null"), NULL, "f:1[4]"},
	    {B("[1,[2]]"), NULL, "f:1[5]"}, {B("0"), NULL, "f:1[6]"}}},
    {"empty array", B(" [ ] "), {{0}}},
    {"arrays and documents", B("[]\n[{}]{\"a\":1}[{}]"),
	{{B("{}"), NULL, "f:2[0]"}, {B("{\"a\":1}"), NULL, "f:2"}, {B("{}"), NULL, "f:2[0]"}}},
};

static const struct split_case fault_cases[] = {
    {"empty", B(""), {{B(""), "empty", "f"}}},
    {"only white space", B(" \n\t"), {{B(" \n\t"), "empty", "f"}}},
    {"only a mark", B("\xEF\xBB\xBF\n"), {{B("\xEF\xBB\xBF\n"), "empty", "f"}}},
    {"no JSON", B("hello\n{\"a\":1}\n"), {{B("hello\n{\"a\":1}\n"), "not_json", "f"}}},
    {"a scalar", B(" \"x\""), {{B(" \"x\""), "not_json", "f"}}},
    {"half a mark", B("\xEF\xBB{}"), {{B("\xEF\xBB{}"), "not_json", "f"}}},
    {"scalars behind a document", B("{\"a\":1}\n12\n\"x\"\n{\"b\":2}\n"),
	{{B("{\"a\":1}"), NULL, "f:1"}, {B("12\n\"x\""), "json_syntax", "f:2"},
	    {B("{\"b\":2}"), NULL, "f:4"}}},
    {"commas between lines", B("{},\n{}"),
	{{B("{}"), NULL, "f:1"}, {B(","), "json_syntax", "f:1"}, {B("{}"), NULL, "f:2"}}},
    {"closing brace missing", B("{\"a\":1\n{\"b\":2}\n"),
	{{B("{\"a\":1"), "json_syntax", "f:1"}, {B("{\"b\":2}"), NULL, "f:2"}}},
    {"cut in a string", B("{\"a\":\"x\r\n{\"b\":2}\n"),
	{{B("{\"a\":\"x"), "json_syntax", "f:1"}, {B("{\"b\":2}"), NULL, "f:2"}}},
    {"cut behind a bracket", B("{}\n{\"a\":[\n{\"b\":2}\n{\"c\":3}\n"),
	{{B("{}"), NULL, "f:1"}, {B("{\"a\":["), "json_syntax", "f:2"},
	    {B("{\"b\":2}"), NULL, "f:3"}, {B("{\"c\":3}"), NULL, "f:4"}}},
    {"cut behind a colon, then the end", B("{\"a\":\n{\"b\":2}\n"),
	{{B("{\"a\":"), "json_truncated", "f:1"}, {B("{\"b\":2}"), NULL, "f:2"}}},
    {"cut behind a comma, two lines", B("{\"a\":[1,\n{\"b\":[2,\n{\"c\":3}\n{\"d\":4}\n"),
	{{B("{\"a\":[1,\n{\"b\":[2,"), "json_syntax", "f:1"}, {B("{\"c\":3}"), NULL, "f:3"},
	    {B("{\"d\":4}"), NULL, "f:4"}}},
    {"what begins with no brace, behind one that was cut",
	B("{\"a\":[\n[1]\n{\"b\":2}\n{\"c\":3}\n"),
	{{B("{\"a\":[\n[1]"), "json_syntax", "f:1"}, {B("{\"b\":2}"), NULL, "f:3"},
	    {B("{\"c\":3}"), NULL, "f:4"}}},
    {"last line cut", B("{\"a\":1}\n{\"b\":\""),
	{{B("{\"a\":1}"), NULL, "f:1"}, {B("{\"b\":\""), "json_truncated", "f:2"}}},
    {"laid out, behind one that was cut", B("{\"e\":[\n{\n \"object\": [\n  1\n ]\n}\n{\"b\":2}\n"),
	{{B("{\"e\":["), "json_syntax", "f:1"}, {B("{\n \"object\": [\n  1\n ]\n}"), NULL, "f:2"},
	    {B("{\"b\":2}"), NULL, "f:7"}}},
    {"nothing out of one that is cut", B("{\n\"e\": [\n{\n\"a\": 1\n}\n]\n"),
	{{B("{\n\"e\": [\n{\n\"a\": 1\n}\n]"), "json_truncated", "f"}}},
    {"the only document cut", B("{\"a\":[1\n"), {{B("{\"a\":[1"), "json_truncated", "f"}}},
    {"broken, pretty-printed", B("{\n \"a\": 1,\n \"b\": x,\n {\n }\n}\n{\"c\":3}"),
	{{B("{\n \"a\": 1,\n \"b\": x,\n {\n }\n}"), "json_syntax", "f:1"},
	    {B("{\"c\":3}"), NULL, "f:7"}}},
    {"one reject a gap", B("{x\n}\n[y\n\n{\"c\":3}"),
	{{B("{x\n}\n[y"), "json_syntax", "f:1"}, {B("{\"c\":3}"), NULL, "f:5"}}},
    {"too deep", B("{}\n{\"a\":" DEEP_32 DEEP_32 DEEP_32 DEEP_32 "\n{\"b\":2}"),
	{{B("{}"), NULL, "f:1"}, {NULL, 5 + 128 + 1, "too_large", "f:2"},
	    {B("{\"b\":2}"), NULL, "f:3"}}},
    {"array cut behind an element", B("[{\"a\":1},{\"b\":2}"),
	{{B("{\"a\":1}"), NULL, "f:1[0]"}, {B("{\"b\":2}"), NULL, "f:1[1]"},
	    {B(""), "json_truncated", "f:1[2]"}}},
    {"array cut in an element", B("[{\"a\":1},{\"b\":"),
	{{B("{\"a\":1}"), NULL, "f:1[0]"}, {B("{\"b\":"), "json_truncated", "f:1[1]"}}},
    {"array not closed, then a line", B("[{\"a\":1}\n{\"b\":2}\n"),
	{{B("{\"a\":1}"), NULL, "f:1[0]"}, {B(""), "json_syntax", "f:2[1]"},
	    {B("{\"b\":2}"), NULL, "f:2"}}},
    {"comma before the bracket", B("[{\"a\":1},]\n{\"b\":2}"),
	{{B("{\"a\":1}"), NULL, "f:1[0]"}, {B("]"), "json_syntax", "f:1[1]"},
	    {B("{\"b\":2}"), NULL, "f:2"}}},
    {"an element broken, then mended", B("[\n{\"a\":},\n{\"b\":2},\n{\"c\":3}\n]\n{\"d\":4}\n"),
	{{B("{\"a\":},"), "json_syntax", "f:2[0]"}, {B("{\"b\":2}"), NULL, "f:3"},
	    {B("{\"c\":3}"), NULL, "f:4"}, {B("{\"d\":4}"), NULL, "f:6"}}},
    {"the mending ends with the array", B("[{x\n{\"b\":2}\n]\n]\n"),
	{{B("{x"), "json_syntax", "f:1[0]"}, {B("{\"b\":2}"), NULL, "f:2"},
	    {B("]"), "json_syntax", "f:4"}}},
    {"too large, good", B("{\"a\":1}{\"b\":\"" LETTERS_60 "\"}\n{\"c\":3}"),
	{{B("{\"a\":1}"), NULL, "f:1"}, {NULL, 68, "too_large", "f:1"},
	    {B("{\"c\":3}"), NULL, "f:2"}}},
    {"too large, alone", B("{\"b\":\"" LETTERS_60 "\"}\n"), {{NULL, 68, "too_large", "f"}}},
    {"too large, strings and nests", B("{\"b\":[\"}\\\"]\",{}],\n\"c\":\"" LETTERS_60 "\"}{}"),
	{{NULL, 85, "too_large", "f:1"}, {B("{}"), NULL, "f:2"}}},
    {"too large, in an array", B("[1,{\"b\":\"" LETTERS_60 "\"},\"" LETTERS_60 "abcd\",2]"),
	{{B("1"), NULL, "f:1[0]"}, {NULL, 68, "too_large", "f:1[1]"},
	    {NULL, 66, "too_large", "f:1[2]"}, {B("2"), NULL, "f:1[3]"}}},
    {"too large, cut in a string", B("{\"b\":\"" LETTERS_60 "\n{\"c\":3}\n"),
	{{NULL, 67, "too_large", "f:1"}, {B("{\"c\":3}"), NULL, "f:2"}}},
    {"too large, cut in an array", B("[1,{\"b\":\"" LETTERS_60 "\n{\"c\":3}\n"),
	{{B("1"), NULL, "f:1[0]"}, {NULL, 67, "too_large", "f:1[1]"},
	    {B("{\"c\":3}"), NULL, "f:2"}}},
    {"too large, brace missing", B("{\"b\":\"" LETTERS_60 "\"\n{\"c\":3}\n"),
	{{NULL, 68, "too_large", "f:1"}, {B("{\"c\":3}"), NULL, "f:2"}}},
    {"too large, cut at the end", B("{\"b\":\"" LETTERS_60), {{NULL, 66, "too_large", "f"}}},
    {"large gap", B("{}\n!" LETTERS_60 LETTERS_60 "\n{\"c\":3}"),
	{{B("{}"), NULL, "f:1"}, {NULL, 122, "json_syntax", "f:2"}, {B("{\"c\":3}"), NULL, "f:3"}}},
    {"large file, no JSON", B("!" LETTERS_60 LETTERS_60), {{NULL, 121, "not_json", "f"}}},
    {"large, white space", B(SPACES_60 SPACES_60), {{NULL, 120, "empty", "f"}}},
    {"much white space before", B(SPACES_60 SPACES_60 "{}"), {{B("{}"), NULL, "f"}}},
    {"UTF-16", B("\xFF\xFE{\0}\0"), {{B("\xFF\xFE{\0}\0"), "not_json", "f"}}},
    {"UTF-16, other way", B("\xFE\xFF\0{"), {{B("\xFE\xFF\0{"), "not_json", "f"}}},
    {"a NUL", B("{}\0{}"), {{B("{}"), NULL, "f:1"}, {B("\0{}"), "json_syntax", "f:1"}}},
};

static const size_t steps[] = {1, 2, 3, 7, 13, 64, 65, 1 << 20};

static struct byte_reader
memory_reader(struct memory *m)
{
	return (struct byte_reader){read_memory, m};
}

/* A line of text for a payload, so that a failure shows all there is. */
static void
put_payload(struct buf *out, const struct payload *p)
{
	struct sha256 hash = sha256_of(p->bytes.ptr, p->bytes.len);
	char hex[SHA256_HEX_BYTES];

	buf_printf(out, "%s %s %zu ", p->source.ptr, p->fault == NULL ? "good" : p->fault,
	    (size_t)p->size_bytes);
	if (p->bytes.len < p->size_bytes) {
		buf_put_text(out, "not kept\n");
		return;
	}
	assert_int_equal(p->size_bytes, p->bytes.len);
	assert_memory_equal(&p->sha256, &hash, sizeof(hash));
	buf_printf(out, "%s %s\n", sha256_hex(&hash, hex), p->bytes.ptr);
}

static void
put_wanted(struct buf *out, const struct wanted *w)
{
	struct payload p = {
	    .bytes = {w->bytes, w->bytes == NULL ? 0 : w->size_bytes},
	    .size_bytes = w->size_bytes,
	    .sha256 = sha256_of(w->bytes, w->bytes == NULL ? 0 : w->size_bytes),
	    .source = str_of(w->source),
	    .fault = w->fault,
	};

	put_payload(out, &p);
}

static void
put_split(struct buf *out, struct str bytes, size_t step, struct arena *a)
{
	struct memory m = {.bytes = bytes};
	struct splitter s;
	struct payload got;
	struct err e = {0};
	int given;

	splitter_init(&s, SMALL_MAX, step);
	splitter_begin(&s, "f", memory_reader(&m));
	while ((given = splitter_next(&s, a, &got, &e)) == 1) {
		assert_true(got.fault == NULL || got.fault_text.len > 0);
		put_payload(out, &got);
	}
	assert_int_equal(given, 0);
	assert_int_equal(splitter_next(&s, a, &got, &e), 0);
	splitter_free(&s);
}

static void
run_case(const struct split_case *c, size_t step, struct arena *a)
{
	struct buf want, got;

	buf_init(&want, 1 << 16);
	buf_init(&got, 1 << 16);
	buf_printf(&want, "%s, %zu bytes a read\n", c->name, step);
	buf_printf(&got, "%s, %zu bytes a read\n", c->name, step);
	for (const struct wanted *w = c->wanted; w->source != NULL; w++)
		put_wanted(&want, w);
	put_split(&got, (struct str){c->input, c->input_len}, step, a);
	assert_string_equal(buf_str(&got).ptr, buf_str(&want).ptr);
	buf_free(&want);
	buf_free(&got);
}

static void
run_cases(const struct split_case *cases, size_t count)
{
	struct arena *a = arena_new();

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < COUNT_OF(steps); k++) {
			run_case(&cases[i], steps[k], a);
			arena_reset(a);
		}
	arena_free(a);
}

static void
test_good_documents(void **state)
{
	(void)state;
	run_cases(good_cases, COUNT_OF(good_cases));
}

static void
test_faults(void **state)
{
	(void)state;
	run_cases(fault_cases, COUNT_OF(fault_cases));
}

/* The hash of what was not kept is of all its bytes. */
static void
test_hash_of_streamed(void **state)
{
	const char *giant = "{\"b\":\"" LETTERS_60 LETTERS_60 "\"}";
	struct sha256 want = sha256_of(giant, strlen(giant));
	struct arena *a = arena_new();

	(void)state;
	for (size_t k = 0; k < COUNT_OF(steps); k++) {
		struct memory m = {.bytes = str_of(giant)};
		struct splitter s;
		struct payload got;
		struct err e = {0};

		splitter_init(&s, SMALL_MAX, steps[k]);
		splitter_begin(&s, "f", memory_reader(&m));
		assert_int_equal(splitter_next(&s, a, &got, &e), 1);
		assert_string_equal(got.fault, "too_large");
		assert_memory_equal(&got.sha256, &want, sizeof(want));
		/* its beginning, the same in whatever pieces it came */
		assert_int_equal(got.bytes.len, SMALL_MAX);
		assert_memory_equal(got.bytes.ptr, giant, SMALL_MAX);
		splitter_free(&s);
	}
	arena_free(a);
}

/* A document of exactly the maximum is good, one byte more is too large; memory stays bounded. */
static void
test_limit(void **state)
{
	static const char text[] = "{\"a\":\"" LETTERS_60 "\"}\n{}";
	static const struct {
		size_t max_bytes;
		const char *fault;
	} cases[] = {{69, NULL}, {68, NULL}, {67, "too_large"}, {8, "too_large"}};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct memory m = {.bytes = str_of(text)};
		struct splitter s;
		struct payload got;
		struct err e = {0};

		splitter_init(&s, cases[i].max_bytes, 3);
		splitter_begin(&s, "f", memory_reader(&m));
		assert_int_equal(splitter_next(&s, a, &got, &e), 1);
		assert_int_equal(got.size_bytes, 68);
		assert_int_equal(got.fault == NULL, cases[i].fault == NULL);
		assert_int_equal(splitter_next(&s, a, &got, &e), 1);
		assert_null(got.fault);
		assert_true(s.window.cap <= cases[i].max_bytes + 1);
		splitter_free(&s);
	}
	arena_free(a);
}

static void
test_fault_texts(void **state)
{
	static const struct {
		const char *input;
		const char *text;
	} cases[] = {
	    {"{\"a\":x}", "unexpected character at byte 5"},
	    {"\xEF\xBB\xBF\n{\"a\":x}", "unexpected character at byte 9"},
	    {"{\"a\":", "the document ends too early at byte 5"},
	    {"  hello", "neither an object nor an array begins at byte 2"},
	    {"\xFF\xFE{", "the file is UTF-16: convert it to UTF-8"},
	    {"[[" DEEP_32 DEEP_32 DEEP_32 DEEP_32, "nested too deeply at byte 129"},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct memory m = {.bytes = str_of(cases[i].input)};
		struct splitter s;
		struct payload got;
		struct err e = {0};

		splitter_init(&s, 1000, 2);
		splitter_begin(&s, "f", memory_reader(&m));
		assert_int_equal(splitter_next(&s, a, &got, &e), 1);
		assert_string_equal(got.fault_text.ptr, cases[i].text);
		splitter_free(&s);
	}
	arena_free(a);
}

/* Wherever the reader fails, its error comes out, and nothing is lost to the leak checker. */
static void
test_read_error(void **state)
{
	static const char *const texts[] = {
	    "{\"a\":1}\n[{\"b\":\"" LETTERS_60 "\"},x" LETTERS_60 "\n",
	    SPACES_60 SPACES_60 "{\"a\":1} " SPACES_60 SPACES_60,
	    "!" LETTERS_60 LETTERS_60,
	    "\xFF\xFE" LETTERS_60 LETTERS_60,
	    "{}\n\xEF\xBB\xBF{\"b\":\"" LETTERS_60 LETTERS_60 "\"}\n\xEF\xBB\xBF{}",
	    "{} !" LETTERS_60 LETTERS_60 "\n{}",
	    "{\"a\":[\n{}\n{\"b\":\"" LETTERS_60 LETTERS_60,
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0, at = 1; i < sizeof(texts) / sizeof(texts[0]);) {
		struct memory m = {.bytes = str_of(texts[i]), .fail_at = at};
		struct splitter s;
		struct payload got;
		struct err e = {0};
		int given;

		splitter_init(&s, SMALL_MAX, 1);
		splitter_begin(&s, "f", memory_reader(&m));
		while ((given = splitter_next(&s, a, &got, &e)) == 1)
			continue;
		assert_int_equal(given, -1);
		assert_int_equal(e.code, ERR_IO);
		splitter_free(&s);
		if (++at > strlen(texts[i])) {
			at = 1;
			i++;
		}
	}
	arena_free(a);
}

/* ---- properties ------------------------------------------------------------------------------ */

static uint32_t
next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

static void
put_good_line(struct buf *b, unsigned number)
{
	buf_printf(b, "{\"good\":%u,\"list\":[{\"t\":\"a}\\\"{\"},[1,2.5e1]]}\n", number);
}

/* A document that was cut, or with some bytes overwritten. It begins with a bracket. */
static void
put_broken_line(struct buf *b, uint64_t *seed)
{
	static const char *const models[] = {
	    "{\"entry\":[{\"id\":\"1\",\"changes\":[{\"value\":{\"a\":[1,2,{\"b\":null}]}},{}]}]}",
	    "[{\"x\":1},[2,[3,{\"y\":[\"z\",{}]}]],\"text\",-0.5]",
	};
	static const char letters[] = "{}[]\",:\\ 1etn";
	char line[128];
	size_t len;

	snprintf(line, sizeof(line), "%s", models[next_random(seed) % COUNT_OF(models)]);
	len = strlen(line);
	if (next_random(seed) % 2 == 0)
		len = 1 + next_random(seed) % len;
	else
		for (uint32_t i = next_random(seed) % 4; i < 4; i++)
			line[1 + next_random(seed) % (len - 1)] =
			    letters[next_random(seed) % (sizeof(letters) - 1)];
	buf_put(b, line, len);
	buf_put_text(b, next_random(seed) % 3 == 0 ? "\r\n" : "\n");
}

/* Broken lines between them take no good line away and double none. */
static void
test_good_lines_survive(void **state)
{
	struct arena *a = arena_new();
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 20);
	for (uint64_t round = 0; round < 3000; round++) {
		uint64_t seed = round;
		unsigned lines = 1 + next_random(&seed) % 12, found = 0;
		struct memory m = {0};
		struct splitter s;
		struct payload got;
		struct err e = {0};
		int given;

		buf_reset(&text);
		for (unsigned i = 0; i < lines; i++) {
			put_good_line(&text, i);
			for (uint32_t k = next_random(&seed) % 4; k > 0; k--)
				put_broken_line(&text, &seed);
		}
		m.bytes = buf_str(&text);
		splitter_init(&s, 1 << 16, steps[round % COUNT_OF(steps)]);
		splitter_begin(&s, "f", memory_reader(&m));
		while ((given = splitter_next(&s, a, &got, &e)) == 1) {
			char want[32];

			if (got.fault != NULL || got.bytes.len < 7 ||
			    memcmp(got.bytes.ptr, "{\"good\"", 7) != 0)
				continue;
			snprintf(want, sizeof(want), "{\"good\":%u,", found++);
			assert_memory_equal(got.bytes.ptr, want, strlen(want));
		}
		assert_int_equal(given, 0);
		assert_int_equal(found, lines);
		splitter_free(&s);
		arena_reset(a);
	}
	buf_free(&text);
	arena_free(a);
}

/* It is JSON, and its outline that of its bytes, wherever they stood when they were checked. */
static void
assert_checked(struct arena *a, const struct payload *p)
{
	struct json_outline o;

	assert_int_equal(json_check_outline(a, p->bytes.ptr, p->bytes.len, &o).end, p->bytes.len);
	assert_true(p->outline.is_known);
	assert_int_equal(p->outline.is_clean, o.is_clean);
	assert_int_equal(p->outline.count, o.count);
	if (o.count > 0)
		assert_memory_equal(p->outline.spans, o.spans, o.count * sizeof(*o.spans));
}

/* One line for each payload; also proves that what has no fault is JSON, and that nothing grows. */
static void
describe(struct str text, size_t step, struct arena *a, struct buf *out)
{
	struct memory m = {.bytes = text};
	struct splitter s;
	struct payload got;
	struct err e = {0};
	uint64_t sum = 0;
	int given;

	splitter_init(&s, SMALL_MAX, step);
	splitter_begin(&s, "f", memory_reader(&m));
	while ((given = splitter_next(&s, a, &got, &e)) == 1) {
		char hex[SHA256_HEX_BYTES];

		if (got.fault == NULL)
			assert_checked(a, &got);
		sum += got.size_bytes;
		buf_printf(out, "%s %s %s\n", got.source.ptr, got.fault == NULL ? "" : got.fault,
		    sha256_hex(&got.sha256, hex));
	}
	assert_int_equal(given, 0);
	assert_true(sum <= text.len);
	splitter_free(&s);
}

/* Any bytes give the same payloads however they are read. */
static void
test_cuts_do_not_matter(void **state)
{
	static const char letters[] = "{{{}}[[]]\"\"\"::,, \n\n\n\\a12-.\xEF\xBB\xBF";
	struct arena *a = arena_new();
	struct buf want, got;

	(void)state;
	buf_init(&want, 1 << 20);
	buf_init(&got, 1 << 20);
	for (uint64_t round = 0; round < 20000; round++) {
		uint64_t seed = round;
		char text[160];
		size_t len = 1 + next_random(&seed) % sizeof(text);

		text[0] = round % 8 == 0 ? '[' : '{';
		for (size_t i = 1; i < len; i++)
			text[i] = letters[next_random(&seed) % (sizeof(letters) - 1)];
		buf_reset(&want);
		buf_reset(&got);
		describe((struct str){text, len}, sizeof(text), a, &want);
		describe((struct str){text, len}, 1 + round % 9, a, &got);
		assert_string_equal(buf_str(&got).ptr, buf_str(&want).ptr);
		arena_reset(a);
	}
	buf_free(&want);
	buf_free(&got);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good_documents),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_hash_of_streamed),
	    cmocka_unit_test(test_limit),
	    cmocka_unit_test(test_fault_texts),
	    cmocka_unit_test(test_read_error),
	    cmocka_unit_test(test_good_lines_survive),
	    cmocka_unit_test(test_cuts_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
