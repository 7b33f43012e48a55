/*
 * Unit tests of archives as bytes: the members of those of coexsync export, the end of a zip
 * (APPNOTE.TXT 4.3.16), the sum of a header of tar, a member that is read in small pieces.
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
		bytes[len] = 'x';
		assert_non_null(fault_of(bytes, len + 1, step, 3));
		/* bytes within that the directory does not know of */
		memmove(bytes + before + 100, bytes + before, len - before);
		assert_non_null(fault_of(bytes, len + 100, step, 3));
	}
	free(bytes);
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

/* Whoever reads takes less at a time than libarchive gives. */
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
		struct byte_reader reader;
		struct err e = {0};
		struct members *m;
		struct str bytes;
		struct buf b;
		char got[7];

		buf_init(&b, SAMPLE_MAX);
		if (kinds[i] == SNIFF_TAR)
			sample_tar(&b, files);
		else
			sample_zip(&b, files);
		bytes = buf_str(&b);
		m = members_open(kinds[i], (struct byte_reader){read_buf, &bytes}, &x, &e);
		assert_non_null(m);
		assert_int_equal(members_next(m, &e), 1);
		reader = members_reader(m);
		for (size_t at = 0, len; at < sizeof(text) - 1; at += len) {
			ssize_t count = reader.read(reader.state, got, sizeof(got), &e);

			assert_true(count >= 1 && count <= (ssize_t)sizeof(got));
			len = (size_t)count;
			assert_memory_equal(got, text + at, len);
		}
		assert_int_equal(reader.read(reader.state, got, sizeof(got), &e), 0);
		assert_int_equal(members_next(m, &e), 0);
		members_close(m);
		buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_own_names),
	    cmocka_unit_test(test_own_lacking),
	    cmocka_unit_test(test_zip_end),
	    cmocka_unit_test(test_tar_sums),
	    cmocka_unit_test(test_member_pieces),
	};

	return cmocka_run_group_tests_name("source_bytes", tests, NULL, NULL);
}
