/*
 * What tests of compressed files and archives share: an input `f` in a folder of its own, makers of
 * good ones, and the payloads that come out, wherever reads are cut.
 */
#ifndef TESTS_ARCHIVE_INPUT_H
#define TESTS_ARCHIVE_INPUT_H

#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "source/source.h"
#include "source/splitter.h"
#include "source/stream.h"

#include "archive_sample.h"

#define INPUT_TEST(f) cmocka_unit_test_setup_teardown(f, enter_folder, leave_folder)
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#define A "{\"a\":1}"
#define B "{\"b\":2}"
#define C "{\"c\":3}"
#define LINES A "\n" B "\n" C "\n"
#define HUNDRED_A \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaa"
#define ZERO_BLOCK_BYTES 512

static const size_t steps[] = {1, 2, 3, 7, 511, 512, 513, 4096, 1 << 20};

static const struct source_options options = {.max_payload_bytes = SOURCE_MAX_PAYLOAD};

static inline int
enter_folder(void **state)
{
	char *folder = strdup("/tmp/test_source_archive.XXXXXX");

	*state = folder;
	return mkdtemp(folder) == NULL || chdir(folder) != 0 ? -1 : 0;
}

static inline int
leave_folder(void **state)
{
	unlink("f");
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(*state), 0); /* nothing else was written */
	free(*state);
	return 0;
}

static inline void
write_input(struct buf *b)
{
	FILE *f = fopen("f", "w");

	assert_true(buf_is_ok(b));
	assert_non_null(f);
	assert_int_equal(fwrite(b->ptr, 1, b->len, f), b->len);
	assert_int_equal(fclose(f), 0);
}

/* `SOURCE ` for each payload, `SOURCE=FAULT ` for a faulty one. */
static inline void
put_payload(struct buf *out, const struct payload *p)
{
	buf_put_str(out, p->source);
	if (p->fault != NULL) {
		assert_true(p->fault_text.len > 0);
		buf_printf(out, "=%s", p->fault);
	}
	buf_put_char(out, ' ');
}

/* All of one stream. */
static inline void
put_stream(struct buf *out, struct stream *s, size_t step, struct arena *a)
{
	struct splitter sp;
	struct payload got;
	struct err e = {0};
	int given;

	splitter_init(&sp, SOURCE_MAX_PAYLOAD, step);
	splitter_begin(&sp, stream_name(s), stream_reader(s));
	while ((given = splitter_next(&sp, a, &got, &e)) == 1)
		put_payload(out, &got);
	assert_true(given == 0 || e.code == ERR_INPUT);
	splitter_free(&sp);
}

/* The payloads of `f`, read in pieces of `step` bytes. Gives how much of it was read. */
static inline uint64_t
put_input(struct buf *out, size_t step)
{
	struct arena *a = arena_new();
	struct payload refused;
	struct err e = {0};
	struct stream *s = stream_new(&options);
	enum stream_step got;
	uint64_t bytes;

	assert_non_null(s);
	assert_int_equal(stream_open(s, &(struct input){.path = "f"}, &e), 0);
	while ((got = stream_next(s, a, &refused, &e)) > STREAM_OVER)
		if (got == STREAM_BEGUN)
			put_stream(out, s, step, a);
		else
			put_payload(out, &refused);
	if (got != STREAM_OVER)
		fail_msg("%s", e.text);
	bytes = stream_bytes_read(s);
	stream_free(s);
	arena_free(a);
	return bytes;
}

/* With reads of `least` bytes and more. */
static inline void
assert_input(const char *name, struct buf *bytes, size_t least, const char *want)
{
	struct buf got, wanted;

	write_input(bytes);
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		if (steps[i] < least)
			continue;
		buf_init(&got, 1 << 20);
		buf_init(&wanted, 1 << 20);
		buf_printf(&got, "%s, %zu bytes a read: ", name, steps[i]);
		buf_printf(&wanted, "%s, %zu bytes a read: %s", name, steps[i], want);
		put_input(&got, steps[i]);
		assert_string_equal(buf_str(&got).ptr, buf_str(&wanted).ptr);
		buf_free(&got);
		buf_free(&wanted);
	}
}

/* ---- makers: each adds one input ------------------------------------------------------------- */

static const struct sample_member three[] = {{"b.json", B, 0, NULL}, {"d", NULL, AE_IFDIR, NULL},
    {"d/lines", LINES, 0, NULL}, {"a.json", A, 0, NULL}, {0}};

/* Compresses what another maker makes. */
static inline void
pack_other(
    struct buf *b, void (*pack)(struct buf *, const char *, size_t), void (*make)(struct buf *))
{
	struct buf inner;

	buf_init(&inner, SAMPLE_MAX);
	make(&inner);
	pack(b, inner.ptr, inner.len);
	buf_free(&inner);
}

/* As the only member of an archive; there may be NUL bytes in it. */
static inline void
put_in_tar(struct buf *b, void (*make)(struct buf *))
{
	struct archive *w = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	struct buf inner;

	buf_init(&inner, SAMPLE_MAX);
	make(&inner);
	archive_write_set_format_ustar(w);
	archive_write_open(w, b, NULL, sample_write, NULL);
	archive_entry_set_pathname(entry, "m");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_size(entry, (la_int64_t)inner.len);
	assert_int_equal(archive_write_header(w, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(w, inner.ptr, inner.len), inner.len);
	archive_entry_clear(entry);
	archive_entry_set_pathname(entry, "n");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_size(entry, 2);
	assert_int_equal(archive_write_header(w, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(w, "{}", 2), 2);
	archive_write_free(w);
	archive_entry_free(entry);
	buf_free(&inner);
}

static inline void
make_gzip(struct buf *b)
{
	sample_gzip(b, LINES, strlen(LINES));
}

static inline void
make_gzip_members(struct buf *b)
{
	sample_gzip(b, A "\n" B, strlen(A "\n" B));
	sample_gzip(b, "", 0);
	sample_gzip(b, "\n" C, strlen("\n" C));
}

static inline void
make_gzip_one(struct buf *b)
{
	sample_gzip(b, A "\n", strlen(A "\n"));
}

static inline void
make_zstd(struct buf *b)
{
	sample_zstd(b, LINES, strlen(LINES));
}

static inline void
make_zstd_frames(struct buf *b)
{
	buf_put(b, "\x50\x2A\x4D\x18\4\0\0\0skip", 12);
	sample_zstd(b, A "\n" B, strlen(A "\n" B));
	buf_put(b, "\x5F\x2A\x4D\x18\0\0\0\0", 8);
	sample_zstd(b, "\n" C, strlen("\n" C));
}

static inline void
make_tar(struct buf *b)
{
	sample_tar(b, three);
}

static inline void
make_pax(struct buf *b)
{
	static const struct sample_member members[] = {
	    {"\xC3\xA4/\xE2\x82\xAC.json", A, 0, NULL}, {"\xFF\x01.json", B, 0, NULL}, {0}};

	sample_archive(b, ARCHIVE_FORMAT_TAR_GNUTAR, NULL, members);
}

static inline void
make_tar_odd_name(struct buf *b)
{
	static const struct sample_member members[] = {{"{1}.json", A, 0, NULL}, {0}};

	sample_tar(b, members);
}

static inline void
make_tars(struct buf *b)
{
	static const struct sample_member more[] = {{"more", C, 0, NULL}, {0}};

	sample_tar(b, three);
	sample_tar(b, more);
}

static inline void
make_zip(struct buf *b)
{
	sample_zip(b, three);
}

static inline void
make_zip_stored(struct buf *b)
{
	sample_archive(b, ARCHIVE_FORMAT_ZIP, "zip:compression=store", three);
}

static inline void
make_tar_gzip(struct buf *b)
{
	pack_other(b, sample_gzip, make_tar);
}

static inline void
make_tar_zstd(struct buf *b)
{
	pack_other(b, sample_zstd, make_tar);
}

static inline void
make_tar_gzip_trailing(struct buf *b)
{
	pack_other(b, sample_gzip, make_tar);
	buf_put_text(b, "junk");
}

/* ---- cases ----------------------------------------------------------------------------------- */

struct input_case {
	const char *name;
	void (*make)(struct buf *b);
	const char *want;
};

#define THREE "f!b.json f!d/lines:1 f!d/lines:2 f!d/lines:3 f!a.json "

static inline void
run_cases(const struct input_case *cases, size_t count, size_t least)
{
	struct buf b;

	for (size_t i = 0; i < count; i++) {
		buf_init(&b, SAMPLE_MAX);
		cases[i].make(&b);
		assert_input(cases[i].name, &b, least, cases[i].want);
		buf_free(&b);
	}
}

#endif
