/*
 * Unit tests of archives as bytes: the members of those of coexsync export, the end of a zip
 * (APPNOTE.TXT 4.3.16), what is a bomb, the first bytes of files, a member that is read in small
 * pieces.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/members.h"
#include "source/own.h"
#include "source/sniff.h"
#include "source/zip_end.h"

#include "archive_sample.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* docs/DESIGN.md, the audit archive; payloads are read, all else is known to be no payload. */
static void
test_own_names(void **state)
{
	static const char *const written[] = {"bagit.txt", "bag-info.txt", "manifest-sha256.txt",
	    "tagmanifest-sha256.txt", "tagmanifest-sha256.txt.sig", "data/account.json",
	    "data/coverage.json", "data/report.html", "data/messages.jsonl",
	    "data/message_events.jsonl", "data/message_versions.jsonl", "data/contacts.jsonl",
	    "data/contact_events.jsonl", "data/conversations.jsonl", "data/media.jsonl",
	    "data/rejects.jsonl", "data/media/" HASH, "data/transcript/index.html",
	    "data/transcript/" HASH ".html"};
	static const char *const others[] = {"", "hook.json", "data/hook.json", "bagit.txt.json",
	    "data/media/", "data/media/0123", "data/media/" HASH "0", "data/media/" HASH ".html",
	    "data/transcript/" HASH, "data/transcript/" HASH ".htm", "data/transcript/x.html",
	    "data/media/x123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", HASH,
	    "data/payloads/" HASH ".json"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(written); i++) {
		if (!own_is_written(written[i]))
			fail_msg("%s", written[i]);
		assert_false(own_is_payload(written[i]));
	}
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (own_is_written(others[i]))
			fail_msg("%s", others[i]);
	assert_true(own_is_payload("data/payloads/" HASH ".json"));
	assert_false(own_is_payload("data/payload"));
}

static void
test_own_says_so(void **state)
{
	static const char words[] = "Bag-Software-Agent: coexsync ";

	(void)state;
	assert_true(own_says_so("Bag-Software-Agent: coexsync 0.1.0\n", 35));
	assert_true(own_says_so(words, strlen(words)));
	assert_false(own_says_so(words, strlen(words) - 1));
	assert_false(own_says_so("Bag-Software-Agent: coexsyncer 0.1.0\n", 37));
	assert_false(own_says_so("", 0));
}

static void
test_own_lacking(void **state)
{
	static const struct {
		const char *info;
		const char *count;
	} cases[] = {{"", ""}, {"a: b\n", ""},
	    {"a: b\nCoexsync-Payloads-Without-Raw-Bytes: 0\n", ""},
	    {"a: b\nCoexsync-Payloads-Without-Raw-Bytes: 10\nc: d\n", "10"},
	    {"a: b\nCoexsync-Payloads-Without-Raw-Bytes: 7", "7"},
	    {"a: b\nX-Coexsync-Payloads-Without-Raw-Bytes: 7\n", ""}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_true(str_is(own_lacking(cases[i].info), cases[i].count));
}

/* An archive of `before` bytes, a directory of 46 with an end of `members`, and its comment. */
static size_t
make_archive(char *to, size_t before, unsigned members, size_t comment)
{
	unsigned char end[22] = {'P', 'K', 5,
	    6, [10] = (unsigned char)members, [12] = 46, [16] = (unsigned char)before,
	    (unsigned char)(before >> 8),
	    (unsigned char)(before >> 16), [20] = (unsigned char)comment,
	    (unsigned char)(comment >> 8)};

	memset(to, 'm', before);
	memset(to + before, 'd', 46);
	memcpy(to + before + 46, end, sizeof(end));
	memset(to + before + 46 + sizeof(end), 'c', comment);
	return before + 46 + sizeof(end) + comment;
}

static const char *
fault_of(const char *bytes, size_t len, size_t step, uint64_t members)
{
	struct zip_end *z = calloc(1, sizeof(*z));
	const char *fault;

	assert_non_null(z);
	for (size_t at = 0; at < len; at += step)
		zip_end_add(z, bytes + at, len - at < step ? len - at : step);
	fault = zip_end_fault(z, members);
	free(z);
	return fault;
}

/* In pieces of any size, shorter and longer than what is kept of the end. */
static void
test_zip_end(void **state)
{
	static const size_t befores[] = {0, 1, 60000, 65535, 65600, 300000};
	static const size_t comments[] = {0, 1, 300, 65535};
	static const size_t steps[] = {997, 4096, 65536, 65557, 65558, 100000, 1 << 20};
	char *bytes = malloc(1 << 19);

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < COUNT_OF(befores) * COUNT_OF(comments) * COUNT_OF(steps); i++) {
		size_t before = befores[i % COUNT_OF(befores)];
		size_t comment = comments[i / COUNT_OF(befores) % COUNT_OF(comments)];
		size_t step = steps[i / COUNT_OF(befores) / COUNT_OF(comments)];
		size_t len = make_archive(bytes, before, 3, comment);

		assert_null(fault_of(bytes, len, step, 3));
		assert_non_null(fault_of(bytes, len, step, 2));
		assert_non_null(fault_of(bytes, len, step, 4));
		assert_non_null(fault_of(bytes, len - 1, step, 3));
		/* all ones: the number stands in the part for zip64 */
		memset(bytes + before + 46 + 10, 0xFF, 2);
		assert_null(fault_of(bytes, len, step, 70000));
		memcpy(bytes + before + 46 + 10, "\3", 2);
		bytes[len] = 'x';
		assert_non_null(fault_of(bytes, len + 1, step, 3));
		/* between the directory and its end the end of zip64 and its locator have room */
		memmove(bytes + before + 46 + 76, bytes + before + 46, len - before - 46);
		assert_null(fault_of(bytes, len + 76, step, 3));
		memmove(bytes + before + 46 + 77, bytes + before + 46 + 76, len - before - 46);
		assert_non_null(fault_of(bytes, len + 77, step, 3));
		memset(bytes + before + 46 + 77 + 16, 0xFF, 4);
		assert_null(fault_of(bytes, len + 77, step, 3));
		len = make_archive(bytes, before, 3, comment);
		/* bytes within that the directory does not know of */
		memmove(bytes + before + 100, bytes + before, len - before);
		assert_non_null(fault_of(bytes, len + 100, step, 3));
	}
	free(bytes);
}

/* source/limits.h: more than 64 MiB, and more than 500 bytes for each of the file. */
static void
test_bombs(void **state)
{
	static const struct {
		struct expansion x;
		bool is_bomb;
	} cases[] = {{{0, 64 << 20}, false}, {{1, 64 << 20}, false}, {{1, (64 << 20) + 1}, true},
	    {{1 << 20, 500 << 20}, false}, {{1 << 20, (uint64_t)501 << 20}, true},
	    {{10 << 20, (uint64_t)600 << 20}, false}, {{0, 0}, false}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(expansion_is_bomb(&cases[i].x), cases[i].is_bomb);
}

/* Writers differ in how they put the sum of a header's bytes; old ones added signed bytes. */
static void
test_tar_sums(void **state)
{
	static const struct {
		const char *form;
		size_t len;
		bool is_signed;
		bool is_tar;
	} cases[] = {{"%06lo\0 ", 8, false, true}, {"%07lo\0", 8, false, true},
	    {"%6lo\0 ", 8, false, true}, {"%7lo ", 8, false, true}, {"%8lo", 8, false, true},
	    {"%08lo", 8, false, true}, {"%06lo\0 ", 8, true, true}, {"%06lx\0 ", 8, false, false},
	    {"x%05lo\0 ", 8, false, false}, {"        ", 8, false, false}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		for (long more = -1; more <= 1; more++) {
			char head[512] = "\xC3\xA4.json", sum[32];
			long bytes = 0;

			memset(head + 148, ' ', 8);
			for (size_t k = 0; k < sizeof(head); k++)
				bytes += cases[i].is_signed ? (signed char)head[k]
							    : (unsigned char)head[k];
			snprintf(sum, sizeof(sum), cases[i].form, bytes + more);
			memcpy(head + 148, sum, cases[i].len);
			assert_int_equal(sniff_kind_of(head, sizeof(head)) == SNIFF_TAR,
			    cases[i].is_tar && more == 0);
			assert_int_equal(sniff_kind_of(head, sizeof(head) - 1), SNIFF_OTHER);
		}
}

/* Bytes whose signed sum is that of no digits, or none at all, are no header of tar. */
static void
test_no_tar_sum(void **state)
{
	(void)state;
	for (size_t count = 255; count <= 258; count++) {
		char head[512] = {0};

		memset(head + 148, ' ', 8);
		memset(head + 200, 0xFF, count);
		assert_int_equal(sniff_kind_of(head, sizeof(head)), SNIFF_OTHER);
	}
}

/* RFC 1952, 2.3.1; RFC 8878, 3.1; APPNOTE.TXT 4.3.7 and 4.3.16. */
static void
test_magics(void **state)
{
	static const struct {
		struct str magic;
		enum sniff_kind kind;
	} cases[] = {{{"\x1F\x8B", 2}, SNIFF_GZIP}, {{"\x28\xB5\x2F\xFD", 4}, SNIFF_ZSTD},
	    {{"\x50\x2A\x4D\x18", 4}, SNIFF_ZSTD}, {{"\x5F\x2A\x4D\x18", 4}, SNIFF_ZSTD},
	    {{"PK\3\4", 4}, SNIFF_ZIP}, {{"PK\5\6", 4}, SNIFF_ZIP},
	    {{"\x60\x2A\x4D\x18", 4}, SNIFF_OTHER}, {{"\x50\x2A\x4D\x19", 4}, SNIFF_OTHER}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str m = cases[i].magic;

		assert_int_equal(sniff_kind_of(m.ptr, m.len), cases[i].kind);
		assert_int_equal(sniff_kind_of(m.ptr, m.len - 1), SNIFF_OTHER);
	}
}

struct pieces {
	size_t size; /* of each */
	const char *first; /* begins the first one */
	int reads;
};

/* Then it fails. */
static ssize_t
read_piece(void *state, char *to, size_t size, struct err *e)
{
	struct pieces *p = state;

	if (p->reads++ > 0)
		return err_set(e, ERR_IO, "broken");
	assert_true(p->size <= size);
	memset(to, 'x', p->size);
	memcpy(to, p->first, strlen(p->first));
	return (ssize_t)p->size;
}

/* A line in a pipe does not wait for the next one; an error comes behind all that came before. */
static void
test_sniff_waits(void **state)
{
	static const struct pieces cases[] = {{9, "{", 0}, {9, "[", 0}, {9, " ", 0}, {9, "\n", 0},
	    {9, "\xEF\xBB\xBF", 0}, {SNIFF_BYTES, "{", 0}, {SNIFF_BYTES, "x", 0}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct pieces p = cases[i];
		struct byte_reader reader;
		struct sniff s;
		struct err e = {0};
		char got[1000];

		assert_int_equal(sniff_begin(&s, (struct byte_reader){read_piece, &p}, &e), 0);
		assert_int_equal(p.reads, 1);
		reader = sniff_reader(&s);
		assert_int_equal(reader.read(reader.state, got, sizeof(got), &e), p.size);
		assert_memory_equal(got, p.first, strlen(p.first));
		if (p.size < SNIFF_BYTES)
			assert_int_equal(p.reads, 1);
		assert_int_equal(reader.read(reader.state, got, sizeof(got), &e), -1);
		assert_int_equal(e.code, ERR_IO);
	}
}

/* ---- a member by pieces ---------------------------------------------------------------------- */

static ssize_t
read_buf(void *state, char *to, size_t size, struct err *e)
{
	struct str *left = state;

	(void)e;
	size = size < left->len ? size : left->len;
	memcpy(to, left->ptr, size);
	*left = (struct str){left->ptr + size, left->len - size};
	return (ssize_t)size;
}

/* What comes before the end, which stays the end. */
static size_t
read_pieces(struct members *m, const char *text)
{
	struct byte_reader reader = members_reader(m);
	struct err e = {0};
	size_t at = 0;
	char got[7];
	ssize_t count;

	while ((count = reader.read(reader.state, got, sizeof(got), &e)) > 0) {
		assert_true(count <= (ssize_t)sizeof(got));
		assert_memory_equal(got, text + at, (size_t)count);
		at += (size_t)count;
	}
	assert_int_equal(count, 0);
	assert_int_equal(reader.read(reader.state, got, sizeof(got), &e), 0);
	return at;
}

/* Whoever reads takes less at a time than libarchive gives; of a cut one all there is, then the
 * end. */
static void
test_member_pieces(void **state)
{
	static const enum sniff_kind kinds[] = {SNIFF_TAR, SNIFF_ZIP};
	char text[30001];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('!' + i * i % 89);
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		const struct sample_member files[] = {{"a", text, 0, NULL}, {0}};
		struct expansion x = {0};
		struct err e = {0};
		struct members *m;
		struct str bytes;
		struct buf b;

		buf_init(&b, SAMPLE_MAX);
		if (kinds[i] == SNIFF_TAR)
			sample_tar(&b, files);
		else
			sample_zip(&b, files);
		bytes = buf_str(&b);
		m = members_open(kinds[i], (struct byte_reader){read_buf, &bytes}, &x, &e);
		assert_non_null(m);
		assert_int_equal(members_next(m, &e), 1);
		assert_int_equal(read_pieces(m, text), sizeof(text) - 1);
		assert_int_equal(x.out, kinds[i] == SNIFF_ZIP ? sizeof(text) - 1 : 0);
		assert_int_equal(members_next(m, &e), 0);
		members_close(m);
		bytes = (struct str){b.ptr, kinds[i] == SNIFF_TAR ? 10000 : 60};
		m = members_open(kinds[i], (struct byte_reader){read_buf, &bytes}, &x, &e);
		assert_non_null(m);
		assert_int_equal(members_next(m, &e), 1);
		assert_in_range(read_pieces(m, text), 0, sizeof(text) - 2);
		assert_string_equal(members_refusal(m)->code, "archive_damaged");
		assert_true(members_is_over(m));
		members_close(m);
		buf_free(&b);
	}
}

/* After what there is. */
static ssize_t
read_broken(void *state, char *to, size_t size, struct err *e)
{
	struct str *left = state;

	return left->len == 0 ? err_set(e, ERR_IO, "broken") : read_buf(state, to, size, e);
}

/* An error of the file is one of each read from there on, and no end; where the head of a member is
 * all there is, the first may pass unseen (sniff.c). */
static void
test_member_broken(void **state)
{
	char text[1001];
	const struct sample_member files[] = {{"a", text, 0, NULL}, {"b", "{}", 0, NULL}, {0}};
	struct buf b;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	buf_init(&b, SAMPLE_MAX);
	sample_tar(&b, files);
	for (size_t len = 512; len < 512 + sizeof(text); len += 100) {
		struct str bytes = {b.ptr, len == 512 ? 1024 : len};
		struct expansion x = {0};
		struct err e = {0};
		struct members *m =
		    members_open(SNIFF_TAR, (struct byte_reader){read_broken, &bytes}, &x, &e);
		struct byte_reader reader;
		struct sniff s;
		char got[1000];
		ssize_t count = -1;

		assert_non_null(m);
		assert_int_equal(members_next(m, &e), 1);
		if (sniff_begin(&s, members_reader(m), &e) == 0) {
			reader = sniff_reader(&s);
			while ((count = reader.read(reader.state, got, sizeof(got), &e)) > 0)
				continue;
		}
		assert_int_equal(count, -1);
		assert_int_equal(e.code, ERR_IO);
		e = (struct err){0};
		assert_int_equal(members_next(m, &e), -1);
		assert_int_equal(e.code, ERR_IO);
		members_close(m);
	}
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_own_names),
	    cmocka_unit_test(test_own_says_so),
	    cmocka_unit_test(test_own_lacking),
	    cmocka_unit_test(test_zip_end),
	    cmocka_unit_test(test_bombs),
	    cmocka_unit_test(test_tar_sums),
	    cmocka_unit_test(test_no_tar_sum),
	    cmocka_unit_test(test_magics),
	    cmocka_unit_test(test_sniff_waits),
	    cmocka_unit_test(test_member_pieces),
	    cmocka_unit_test(test_member_broken),
	};

	return cmocka_run_group_tests_name("source_bytes", tests, NULL, NULL);
}
