/*
 * Unit tests of what is refused of compressed files and archives: the code, and that the rest goes
 * in. Good ones and bounds: test_source_archive.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive_input.h"

static void
make_gzip_trailing(struct buf *b)
{
	make_gzip(b);
	buf_put_text(b, "junk");
}

static void
make_zstd_trailing(struct buf *b)
{
	make_zstd(b);
	buf_put_char(b, '\0');
}

static void
make_gzip_cut(struct buf *b)
{
	make_gzip(b);
	b->len -= 12; /* trailer and some of the data */
}

static void
make_gzip_cut_in_trailer(struct buf *b)
{
	make_gzip(b);
	b->len -= 1;
}

static void
make_gzip_cut_in_header(struct buf *b)
{
	make_gzip(b);
	b->len = 5;
}

static void
make_gzip_wrong(struct buf *b)
{
	make_gzip(b);
	b->ptr[b->len - 8] ^= 1;
}

static void
make_gzip_one_wrong(struct buf *b)
{
	make_gzip_one(b);
	b->ptr[b->len - 8] ^= 1;
}

/* The length, behind the checksum: RFC 1952, 2.3.1. */
static void
make_gzip_wrong_length(struct buf *b)
{
	make_gzip_one(b);
	b->ptr[b->len - 4] ^= 1;
}

static void
make_gzip_no_method(struct buf *b)
{
	make_gzip(b);
	b->ptr[2] = 7;
}

static void
make_zstd_cut(struct buf *b)
{
	make_zstd(b);
	b->len -= 5;
}

static void
make_zstd_wrong(struct buf *b)
{
	make_zstd(b);
	b->ptr[b->len - 1] ^= 1;
}

/* RFC 8878, 3.1.1.1: no content size, a window of 2^(10 + 13) bytes; one last block, raw, "{}". */
static void
make_zstd_widest(struct buf *b)
{
	buf_put(b, "\x28\xB5\x2F\xFD\0\x68\x11\0\0{}", 11);
}

/* And an eighth more. */
static void
make_zstd_wide(struct buf *b)
{
	make_zstd_widest(b);
	b->ptr[5]++;
}

/* Of what is damaged all that came before. */
static void
make_gzip_one_damaged(struct buf *b)
{
	make_gzip_one(b);
	buf_put(b, "\x1F\x8B\7 no method", 13);
}

static void
make_zstd_one_wide(struct buf *b)
{
	sample_zstd(b, A, strlen(A));
	buf_put(b, "\x28\xB5\x2F\xFD\0\x88\x11\0\0{}", 11);
}

static void
make_gzip_gzip(struct buf *b)
{
	pack_other(b, sample_gzip, make_gzip);
}

static void
make_zstd_zip(struct buf *b)
{
	pack_other(b, sample_zstd, make_zip);
}

static void
make_gzip_in_tar(struct buf *b)
{
	put_in_tar(b, make_gzip);
}

static void
make_zstd_in_tar(struct buf *b)
{
	put_in_tar(b, make_zstd);
}

static void
make_zip_in_tar(struct buf *b)
{
	put_in_tar(b, make_zip);
}

static void
make_tar_in_tar(struct buf *b)
{
	put_in_tar(b, make_tar);
}

static void
make_no_files(struct buf *b)
{
	static const struct sample_member members[] = {{"d", NULL, AE_IFDIR, NULL}, {0}};

	sample_tar(b, members);
}

static void
make_links(struct buf *b)
{
	static const struct sample_member members[] = {
	    {"a", A, 0, NULL},
	    {"s", NULL, AE_IFLNK, "a"},
	    {"h", NULL, 0, "a"},
	    {"p", NULL, AE_IFIFO, NULL},
	    {"c", NULL, AE_IFCHR, NULL},
	    {"k", NULL, AE_IFBLK, NULL},
	    {"b", B, 0, NULL},
	    {0},
	};

	sample_tar(b, members);
}

static const struct sample_member names[] = {
    {"/a", A, 0, NULL},
    {"../a", A, 0, NULL},
    {"d/../a", A, 0, NULL},
    {"d/..", A, 0, NULL},
    {"..\\a", A, 0, NULL},
    {"C:\\a", A, 0, NULL},
    {"..a/b..", B, 0, NULL},
    {"1:a", C, 0, NULL},
    {0},
};

static void
make_names(struct buf *b)
{
	sample_tar(b, names);
}

static void
make_zip_names(struct buf *b)
{
	static const struct sample_member members[] = {
	    {"d/../a", A, 0, NULL}, {"/a", A, 0, NULL}, {"b", B, 0, NULL}, {0}};

	sample_zip(b, members);
}

/* Behind the header of the third file, in the middle of its bytes: 6 blocks come before. */
static void
make_tar_cut(struct buf *b)
{
	make_tar(b);
	b->len = 4 * ZERO_BLOCK_BYTES + strlen(A "\n" B);
}

static void
make_tar_cut_between(struct buf *b)
{
	make_tar(b);
	b->len = 7 * ZERO_BLOCK_BYTES;
}

static void
make_tar_cut_in_header(struct buf *b)
{
	make_tar(b);
	b->len = 5 * ZERO_BLOCK_BYTES + 100;
}

static void
make_tar_bad_header(struct buf *b)
{
	make_tar(b);
	b->ptr[5 * ZERO_BLOCK_BYTES] ^= 1;
}

static void
make_tar_gzip_cut(struct buf *b)
{
	pack_other(b, sample_gzip, make_tar);
	b->len -= 4;
}

static void
make_tar_gzip_wrong(struct buf *b)
{
	pack_other(b, sample_gzip, make_tar);
	b->ptr[b->len - 8] ^= 1;
}

/* Its first member and a frame that is cut. */
static void
make_tar_zstd_cut(struct buf *b)
{
	struct buf tar;

	buf_init(&tar, SAMPLE_MAX);
	make_tar(&tar);
	sample_zstd(b, tar.ptr, 2 * ZERO_BLOCK_BYTES);
	sample_zstd(b, tar.ptr + 2 * ZERO_BLOCK_BYTES, tar.len - 2 * ZERO_BLOCK_BYTES);
	b->len -= 20;
	buf_free(&tar);
}

static void
make_links_gzip_wrong(struct buf *b)
{
	pack_other(b, sample_gzip, make_links);
	b->ptr[b->len - 8] ^= 1;
}

/* In the descriptor behind the first member: APPNOTE.TXT 4.3.9. */
static void
make_zip_wrong(struct buf *b)
{
	char *descriptor;

	make_zip(b);
	descriptor = memmem(b->ptr, b->len, "PK\7\10", 4);
	descriptor[4] ^= 1;
}

static void
make_zip_cut(struct buf *b)
{
	make_zip_stored(b);
	b->len = (size_t)((char *)memmem(b->ptr, b->len, C, strlen(C)) - b->ptr);
}

static void
make_zip_cut_in_directory(struct buf *b)
{
	make_zip(b);
	b->len -= 30;
}

static void
make_zip_trailing(struct buf *b)
{
	make_zip(b);
	buf_put_text(b, "junk");
}

static void
make_zips(struct buf *b)
{
	make_zip(b);
	make_zip(b);
}

/* A member that the directory does not list: one less in both of its counts. */
static void
make_zip_hidden(struct buf *b)
{
	make_zip(b);
	b->ptr[b->len - 22 + 8]--;
	b->ptr[b->len - 22 + 10]--;
}

static void
make_zip_cut_in_end(struct buf *b)
{
	buf_put(b, "PK\5\6\0\0\0\0\0\0", 10);
}

static void
make_zip_empty(struct buf *b)
{
	buf_put(b, "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22);
}

/* As if encrypted: bit 0 of the flags in the header of the first member, 6 bytes from its start. */
static void
make_zip_encrypted(struct buf *b)
{
	make_zip_stored(b);
	b->ptr[6] |= 1;
}

/* And of a name that leads out: the first reason stays. */
static void
make_zip_encrypted_names(struct buf *b)
{
	make_zip_names(b);
	b->ptr[6] |= 1;
}

/* Cut in its bytes: what could be read on is over. */
static void
make_zip_encrypted_cut(struct buf *b)
{
	make_zip_encrypted(b);
	b->len = (size_t)((char *)memmem(b->ptr, b->len, B, strlen(B)) - b->ptr) + 3;
}

/* 512 bytes are all that a look at the first ones takes (sniff.h). */
static void
make_zip_wrong_512(struct buf *b)
{
	char text[513];
	const struct sample_member members[] = {{"a", text, 0, NULL}, {"b", B, 0, NULL}, {0}};

	memset(text, ' ', 512);
	memcpy(text, "{}", 2);
	text[512] = '\0';
	sample_zip(b, members);
	((char *)memmem(b->ptr, b->len, "PK\7\10", 4))[4] ^= 1;
}

/* The method of the first member, 8 bytes from its start: 14, LZMA. */
static void
make_zip_lzma(struct buf *b)
{
	make_zip_stored(b);
	b->ptr[8] = 14;
}

static void
test_refusals(void **state)
{
	static const struct input_case cases[] = {
	    {"gzip and junk", make_gzip_trailing, "f:1 f:2 f:3 f=archive_trailing "},
	    {"zstd and a NUL", make_zstd_trailing, "f:1 f:2 f:3 f=archive_trailing "},
	    {"gzip, cut in its data", make_gzip_cut,
		"f:1 f:2 f:3=json_truncated f=archive_damaged "},
	    {"gzip, cut in its trailer", make_gzip_cut_in_trailer,
		"f:1 f:2 f:3 f=archive_damaged "},
	    {"gzip, cut in its header", make_gzip_cut_in_header, "f=archive_damaged "},
	    {"gzip, wrong, one document", make_gzip_one_wrong, "f=archive_damaged "},
	    {"gzip, wrong length, one document", make_gzip_wrong_length, "f=archive_damaged "},
	    {"gzip of no known method", make_gzip_no_method, "f=archive_damaged "},
	    {"zstd, cut", make_zstd_cut, "f:1 f:2 f:3 f=archive_damaged "},
	    {"zstd, the widest window that is taken", make_zstd_widest, "f "},
	    {"zstd, a wide window", make_zstd_wide, "f=archive_method "},
	    {"gzip, the second damaged", make_gzip_one_damaged, "f f=archive_damaged "},
	    {"zstd, the second too wide", make_zstd_one_wide, "f f=archive_method "},
	    {"gzip in gzip", make_gzip_gzip, "f=archive_nested "},
	    {"zip in zstd", make_zstd_zip, "f=archive_nested "},
	    {"gzip in tar", make_gzip_in_tar, "f!m=archive_nested f!n "},
	    {"zstd in tar", make_zstd_in_tar, "f!m=archive_nested f!n "},
	    {"zip in tar", make_zip_in_tar, "f!m=archive_nested f!n "},
	    {"tar in tar", make_tar_in_tar, "f!m=archive_nested f!n "},
	    {"nothing but folders", make_no_files, "f=empty "},
	    {"links and devices", make_links,
		"f!a f!s=archive_not_a_file f!h=archive_not_a_file f!p=archive_not_a_file "
		"f!c=archive_not_a_file f!k=archive_not_a_file f!b "},
	    {"names that lead out", make_names,
		"f!/a=archive_name f!../a=archive_name f!d/../a=archive_name f!d/..=archive_name "
		"f!..\\a=archive_name f!C:\\a=archive_name f!..a/b.. f!1:a "},
	    {"names in a zip", make_zip_names, "f!d/../a=archive_name f!/a=archive_name f!b "},
	    {"tar, cut in a member", make_tar_cut,
		"f!b.json f!d/lines:1 f!d/lines:2 f!d/lines=archive_damaged "},
	    {"tar, cut between members", make_tar_cut_between, THREE "f=archive_damaged "},
	    {"tar, cut in a header", make_tar_cut_in_header,
		"f!b.json f!d/lines:1 f!d/lines:2 f!d/lines:3 f=archive_damaged "},
	    {"tar, wrong checksum of a header", make_tar_bad_header,
		"f!b.json f!d/lines:1 f!d/lines:2 f!d/lines:3 f=archive_damaged "},
	    {"tar.gz, cut", make_tar_gzip_cut, THREE "f=archive_damaged "},
	    {"tar.gz and junk", make_tar_gzip_trailing, THREE "f=archive_trailing "},
	    {"tar.gz, wrong checksum", make_tar_gzip_wrong, THREE "f=archive_damaged "},
	    {"tar.zst, cut", make_tar_zstd_cut, "f!b.json f=archive_damaged "},
	    {"tar.gz of links, wrong checksum", make_links_gzip_wrong,
		"f!a f!s=archive_not_a_file f!h=archive_not_a_file f!p=archive_not_a_file "
		"f!c=archive_not_a_file f!k=archive_not_a_file f!b f=archive_damaged "},
	};

	(void)state;
	run_cases(cases, COUNT_OF(cases), 1);
}

static void
test_zips(void **state)
{
	static const struct input_case cases[] = {
	    {"zip, wrong checksum", make_zip_wrong,
		"f!b.json=archive_damaged f!d/lines:1 f!d/lines:2 f!d/lines:3 f!a.json "},
	    {"zip, cut in a member", make_zip_cut, "f!b.json f!d/lines=archive_damaged "},
	    {"zip, cut in its directory", make_zip_cut_in_directory, THREE "f=archive_damaged "},
	    {"zip and junk", make_zip_trailing, THREE "f=archive_damaged "},
	    {"zips, one behind the other", make_zips, THREE "f=archive_damaged "},
	    {"zip with one more than listed", make_zip_hidden, THREE "f=archive_damaged "},
	    {"zip, cut in its end", make_zip_cut_in_end, "f=archive_damaged "},
	    {"zip without members", make_zip_empty, "f=empty "},
	    {"zip with a password", make_zip_encrypted,
		"f!b.json=archive_encrypted f!d/lines:1 f!d/lines:2 f!d/lines:3 f!a.json "},
	    {"zip with a password and a name", make_zip_encrypted_names,
		"f!d/../a=archive_encrypted f!/a=archive_name f!b "},
	    {"zip with a password, cut", make_zip_encrypted_cut,
		"f!b.json=archive_encrypted f=archive_damaged "},
	    {"zip, wrong checksum behind 512 bytes", make_zip_wrong_512,
		"f!a=archive_damaged f!b "},
	    {"zip of another method", make_zip_lzma,
		"f!b.json=archive_method f!d/lines:1 f!d/lines:2 f!d/lines:3 f!a.json "},
	};

	(void)state;
	run_cases(cases, COUNT_OF(cases), 1);
}

/* What was not given when the checksum is read is not: with short reads that is a document more. */
static void
test_wrong_checksums(void **state)
{
	static const struct input_case cases[] = {
	    {"gzip, wrong checksum", make_gzip_wrong, "f:1 f:2 f:3 f=archive_damaged "},
	    /* decoded at once, and proved before it is given */
	    {"zstd, wrong checksum", make_zstd_wrong, "f=archive_damaged "},
	};

	(void)state;
	run_cases(cases, COUNT_OF(cases), 4096);
}

/* A line for each refusal: what it says. */
static void
put_texts(struct buf *out)
{
	char *paths[] = {"f"};
	struct arena *a = arena_new();
	struct err e = {0};
	struct source *s = source_open(paths, 1, &options, &e);
	struct payload_iterator it = source_iterator(s);
	struct payload got;

	while (it.next(it.state, a, &got, &e) == 1)
		if (got.fault != NULL)
			buf_printf(out, "%s\n", got.fault_text.ptr);
	assert_int_equal(e.code, ERR_NONE);
	source_close(s);
	arena_free(a);
}

/* What was not given of one file is not given with the next one. */
static void
test_twice(void **state)
{
	char *paths[] = {"f", "f"};
	struct arena *a = arena_new();
	struct payload_iterator it;
	struct payload got;
	struct err e = {0};
	struct source *s;
	struct buf b, out;

	(void)state;
	buf_init(&b, SAMPLE_MAX);
	buf_init(&out, 1 << 16);
	make_gzip_one_wrong(&b);
	write_input(&b);
	s = source_open(paths, COUNT_OF(paths), &options, &e);
	it = source_iterator(s);
	while (it.next(it.state, a, &got, &e) == 1)
		put_payload(&out, &got);
	assert_string_equal(buf_str(&out).ptr, "f=archive_damaged f=archive_damaged ");
	source_close(s);
	buf_free(&b);
	buf_free(&out);
	arena_free(a);
}

static void
test_texts(void **state)
{
	static const struct input_case cases[] = {
	    {"gzip", make_gzip_in_tar, "it is gzip data\n"},
	    {"zstd", make_zstd_in_tar, "it is zstd data\n"},
	    {"zip", make_zip_in_tar, "it is a zip archive\n"},
	    {"tar", make_tar_in_tar, "it is a tar archive\n"},
	    {"zip in zstd", make_zstd_zip, "there is a zip archive in the zstd data\n"},
	    {"links", make_links,
		"it is a symbolic link\nit is a link to another member\nit is a pipe\n"
		"it is a device\nit is a device\n"},
	    /* folders are no members to people */
	    {"no end", make_tar_cut_between,
		"a tar archive may be cut: it has no end (3 members before)\n"},
	    {"junk", make_gzip_trailing, "something else follows the gzip data: it is not read\n"},
	    {"a cut frame", make_tar_zstd_cut, "the zstd data ends too early (1 members before)\n"},
	    {"a checksum", make_gzip_one_wrong, "the checksum of the gzip data is wrong\n"},
	    {"a checksum of zstd", make_zstd_wrong, "the checksum of the zstd data is wrong\n"},
	    {"a window", make_zstd_wide, "the window of the zstd data is larger than 8 MiB\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b, texts;

		buf_init(&b, SAMPLE_MAX);
		buf_init(&texts, 1 << 16);
		cases[i].make(&b);
		write_input(&b);
		put_texts(&texts);
		assert_string_equal(buf_str(&texts).ptr, cases[i].want);
		buf_free(&b);
		buf_free(&texts);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    INPUT_TEST(test_refusals),
	    INPUT_TEST(test_zips),
	    INPUT_TEST(test_wrong_checksums),
	    INPUT_TEST(test_twice),
	    INPUT_TEST(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
