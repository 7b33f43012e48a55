/*
 * Unit tests of compressed files and archives: what comes out of them, and the bounds. What is
 * refused for another reason: test_source_refused.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>

#include "source/limits.h"
#include "source/unpack.h"

#include "archive_input.h"

static void
make_tar_short_end(struct buf *b)
{
	make_tar(b);
	b->len -= ZERO_BLOCK_BYTES;
}

/* The magic number of the second frame lies on both sides of the first 128 KiB. */
static void
make_zstd_at_block(struct buf *b)
{
	const size_t skipped = (128 << 10) - 8 - 2;
	char *zeros = calloc(1, skipped);

	buf_put(b, "\x50\x2A\x4D\x18\xF6\xFF\1\0", 8);
	buf_put(b, zeros, skipped);
	make_zstd(b);
	free(zeros);
}

static void
test_good(void **state)
{
	static const struct input_case cases[] = {
	    {"gzip", make_gzip, "f:1 f:2 f:3 "},
	    {"gzip, one document", make_gzip_one, "f "},
	    {"gzip of several members", make_gzip_members, "f:1 f:2 f:3 "},
	    {"zstd", make_zstd, "f:1 f:2 f:3 "},
	    {"zstd, frames and skipped ones", make_zstd_frames, "f:1 f:2 f:3 "},
	    {"zstd, frames at a block", make_zstd_at_block, "f:1 f:2 f:3 "},
	    {"tar", make_tar, THREE},
	    {"tar, names of any bytes", make_pax, "f!\xC3\xA4/\xE2\x82\xAC.json f!\xFF\x01.json "},
	    {"tar that begins like JSON", make_tar_odd_name, "f!{1}.json "},
	    {"tars, one behind the other", make_tars, THREE "f!more "},
	    {"tar with one block of zeros at its end", make_tar_short_end, THREE},
	    {"tar.gz", make_tar_gzip, THREE},
	    {"tar.zst", make_tar_zstd, THREE},
	    {"zip", make_zip, THREE},
	    {"zip, stored", make_zip_stored, THREE},
	};

	(void)state;
	run_cases(cases, COUNT_OF(cases), 1);
}

/* ---- bounds ---------------------------------------------------------------------------------- */

/* What a reader gave: bytes, and with which error it ended. */
static uint64_t
drain(struct byte_reader r, size_t step, struct err *e)
{
	char *to = malloc(step);
	uint64_t sum = 0;
	ssize_t got;

	while ((got = r.read(r.state, to, step, e)) > 0)
		sum += (uint64_t)got;
	free(to);
	return sum;
}

struct memory {
	struct buf *bytes;
	size_t at;
	size_t step;
	struct expansion *expansion;
};

static ssize_t
read_memory(void *state, char *to, size_t size, struct err *e)
{
	struct memory *m = state;
	size_t left = m->bytes->len - m->at;

	(void)e;
	size = size < left ? size : left;
	size = size < m->step ? size : m->step;
	memcpy(to, m->bytes->ptr + m->at, size);
	m->at += size;
	m->expansion->in += size;
	return (ssize_t)size;
}

/* A few bytes of a file at a time, as from a pipe. */
static void
test_slow_input(void **state)
{
	static const struct {
		void (*make)(struct buf *b);
		enum sniff_kind kind;
	} cases[] = {{make_gzip_members, SNIFF_GZIP}, {make_zstd_frames, SNIFF_ZSTD}};
	static const size_t outs[] = {1 << 20, 1, 7};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		for (size_t step = 1; step < 40; step++) {
			struct expansion x = {0};
			struct err e = {0};
			struct buf b;
			struct memory m = {&b, 0, step, &x};
			struct sniff s;
			struct unpack *u;

			buf_init(&b, SAMPLE_MAX);
			cases[i].make(&b);
			assert_int_equal(
			    sniff_begin(&s, (struct byte_reader){read_memory, &m}, &e), 0);
			assert_int_equal(s.kind, cases[i].kind);
			u = unpack_open(s.kind, sniff_reader(&s), &x);
			assert_non_null(u);
			assert_int_equal(
			    drain(unpack_reader(u), outs[step % 3], &e), strlen(LINES) - 1);
			assert_int_equal(e.code, ERR_NONE);
			assert_null(unpack_refusal(u)->code);
			assert_int_equal(x.in, b.len);
			assert_int_equal(x.out, strlen(LINES) - 1);
			unpack_close(u);
			buf_free(&b);
		}
}

#define MIB ((size_t)1 << 20)

/* `count` times a MiB, each a member or frame of its own. */
static void
put_mibs(struct buf *b, void (*pack)(struct buf *, const char *, size_t), char fill, size_t count)
{
	char *bytes = malloc(MIB);
	struct buf one;

	memset(bytes, fill, MIB);
	buf_init(&one, SAMPLE_MAX);
	pack(&one, bytes, MIB);
	for (size_t i = 0; i < count; i++)
		buf_put(b, one.ptr, one.len);
	buf_free(&one);
	free(bytes);
}

/* Refused when more came out than is harmless, and long before the end. */
static void
test_bombs(void **state)
{
	static void (*const packs[])(struct buf *, const char *, size_t) = {
	    sample_gzip, sample_zstd};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(packs); i++) {
		struct buf b;

		buf_init(&b, SAMPLE_MAX);
		put_mibs(&b, packs[i], ' ', 1000);
		assert_input("bomb", &b, 4096, "f=archive_bomb ");
		buf_free(&b);

		/* as much as is harmless */
		buf_init(&b, SAMPLE_MAX);
		put_mibs(&b, packs[i], ' ', LIMITS_HARMLESS_BYTES / MIB - 1);
		packs[i](&b, A, strlen(A));
		write_input(&b);
		buf_free(&b);
		buf_init(&b, SAMPLE_MAX);
		put_input(&b, MIB);
		assert_string_equal(buf_str(&b).ptr, "f ");
		buf_free(&b);
	}
}

static void
test_zip_bomb(void **state)
{
	struct archive *w = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	char *bytes = malloc(MIB);
	struct buf b;

	(void)state;
	buf_init(&b, SAMPLE_MAX);
	memset(bytes, '{', MIB);
	archive_write_set_format_zip(w);
	archive_write_open(w, &b, NULL, sample_write, NULL);
	for (int i = 0; i < 3; i++) {
		archive_entry_clear(entry);
		archive_entry_set_pathname(entry, i == 1 ? "../bomb" : i == 0 ? "good" : "late");
		archive_entry_set_filetype(entry, AE_IFREG);
		assert_int_equal(archive_write_header(w, entry), ARCHIVE_OK);
		archive_write_data(w, "{}", 2);
		for (int k = 0; i == 1 && k < 300; k++)
			archive_write_data(w, bytes, MIB);
	}
	archive_write_free(w);
	archive_entry_free(entry);
	free(bytes);
	/* found although that member would not have been read */
	assert_input("zip", &b, 1, "f!good f!../bomb=archive_name f!../bomb=archive_bomb ");
	buf_free(&b);
}

/* Its header says how large it is; a gap is not read as zeros. */
static void
test_sparse(void **state)
{
	struct archive *w = archive_write_new();
	struct archive_entry *entry = archive_entry_new();
	struct buf b;

	(void)state;
	buf_init(&b, SAMPLE_MAX);
	archive_write_set_format_pax(w);
	archive_write_open(w, &b, NULL, sample_write, NULL);
	archive_entry_set_pathname(entry, "s");
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_size(entry, (la_int64_t)1 << 40);
	archive_entry_sparse_add_entry(entry, 0, 512);
	assert_int_equal(archive_write_header(w, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(w, HUNDRED_A, 100), 100);
	archive_write_free(w);
	archive_entry_free(entry);
	write_input(&b);
	buf_free(&b);
	buf_init(&b, SAMPLE_MAX);
	put_input(&b, MIB);
	assert_memory_equal(buf_str(&b).ptr, "f!s=archive_not_a_file ", 23);
	buf_free(&b);
}

/* The checksum of a header, POSIX, ustar: as if its field were spaces. */
static void
sum_header(char *header)
{
	unsigned sum = 0;

	memset(header + 148, ' ', 8);
	for (size_t i = 0; i < ZERO_BLOCK_BYTES; i++)
		sum += (unsigned char)header[i];
	snprintf(header + 148, 8, "%06o", sum);
}

/* A list of sparse parts that never ends, all of which libarchive would keep; GNU tar, "Standard".
 */
static void
test_endless_header(void **state)
{
	static const struct sample_member members[] = {{"a", A, 0, NULL}, {0}};
	char part[ZERO_BLOCK_BYTES] = {0};
	struct buf b, out;

	(void)state;
	buf_init(&b, SAMPLE_MAX);
	sample_tar(&b, members);
	memcpy(b.ptr + 1024, b.ptr, ZERO_BLOCK_BYTES); /* the header once more */
	b.len = 1536;
	b.ptr[1024 + 156] = 'S';
	memcpy(b.ptr + 1024 + 386, "00000000000", 12);
	memcpy(b.ptr + 1024 + 398, "00000000001", 12);
	b.ptr[1024 + 482] = 1;
	sum_header(b.ptr + 1024);
	for (size_t i = 0; i < 21; i++) {
		snprintf(part + i * 24, 12, "%011zo", i + 1);
		snprintf(part + i * 24 + 12, 12, "%011o", 1u);
	}
	part[504] = 1;
	for (size_t i = 0; i < 2 * LIMITS_HEADER_BYTES / sizeof(part); i++)
		buf_put(&b, part, sizeof(part));
	assert_input("endless", &b, 4096, "f!a f=archive_damaged ");
	buf_init(&out, SAMPLE_MAX);
	assert_true(put_input(&out, MIB) < LIMITS_HEADER_BYTES + MIB);
	buf_free(&out);
	buf_free(&b);
}

/* A member that is longer than any header may be, and another. */
static void
put_long(struct buf *b, int format, const char *how)
{
	const size_t len = LIMITS_HEADER_BYTES + MIB;
	char *text = calloc(1, len + 1);
	const struct sample_member members[] = {{"a", text, 0, NULL}, {"b", B, 0, NULL}, {0}};

	memset(text, ' ', len);
	memcpy(text, "{}", 2);
	sample_archive(b, format, how, members);
	free(text);
}

static void
make_long_tar(struct buf *b)
{
	put_long(b, ARCHIVE_FORMAT_TAR_GNUTAR, NULL);
}

static void
make_long_zip(struct buf *b)
{
	put_long(b, ARCHIVE_FORMAT_ZIP, "zip:compression=store");
}

/* The first 512 bytes of the second member end where the first 128 KiB of the file do. */
static void
make_tar_at_block(struct buf *b)
{
	char first[(128 << 10) - 3 * ZERO_BLOCK_BYTES + 1], second[1001];
	const struct sample_member members[] = {
	    {"a", first, 0, NULL}, {"b", second, 0, NULL}, {"c", C, 0, NULL}, {0}};

	memset(first, ' ', sizeof(first));
	memset(second, ' ', sizeof(second));
	first[0] = second[0] = '{';
	first[sizeof(first) - 2] = second[sizeof(second) - 2] = '}';
	first[sizeof(first) - 1] = second[sizeof(second) - 1] = '\0';
	sample_tar(b, members);
}

/* Also of one that is not read: bit 0 of its flags. */
static void
make_long_encrypted(struct buf *b)
{
	make_long_zip(b);
	b->ptr[6] |= 1;
}

static void
test_long_member(void **state)
{
	static const struct input_case cases[] = {{"tar", make_long_tar, "f!a f!b "},
	    {"zip", make_long_zip, "f!a f!b "},
	    {"a password", make_long_encrypted, "f!a=archive_encrypted f!b "}};

	(void)state;
	run_cases(cases, COUNT_OF(cases), 4096);
}

static void
make_long_name(struct buf *b)
{
	char *name = calloc(1, LIMITS_NAME_BYTES + 2);
	/* the second is as long as one may be */
	struct sample_member members[] = {{name, A, 0, NULL}, {name + 1, B, 0, NULL}, {0}};

	memset(name, 'x', LIMITS_NAME_BYTES + 1);
	sample_tar(b, members);
	free(name);
}

static void
test_long_name(void **state)
{
	struct buf b, want;

	(void)state;
	buf_init(&b, SAMPLE_MAX);
	buf_init(&want, 1 << 16);
	make_long_name(&b);
	buf_put_text(&want, "f!");
	for (size_t i = 0; i <= LIMITS_NAME_BYTES; i++)
		buf_put_char(&want, 'x');
	buf_put_text(&want, "=archive_name f!");
	for (size_t i = 0; i < LIMITS_NAME_BYTES; i++)
		buf_put_char(&want, 'x');
	buf_put_char(&want, ' ');
	assert_input("a long name", &b, 1, buf_str(&want).ptr);
	buf_free(&b);
	buf_free(&want);
}

/* More members than are read: folders, from a process that writes them into standard input. */
static void
test_many_members(void **state)
{
	static const struct sample_member members[] = {{"d", NULL, AE_IFDIR, NULL}, {0}};
	struct err e = {0};
	struct arena *a = arena_new();
	struct stream *s = stream_new(&options);
	struct payload refused;
	struct buf tar;
	int ends[2], saved = dup(STDIN_FILENO);
	pid_t pid;

	(void)state;
	buf_init(&tar, SAMPLE_MAX);
	sample_tar(&tar, members);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		close(ends[0]);
		for (size_t i = 0; i < LIMITS_MEMBERS + 1000; i++)
			if (write(ends[1], tar.ptr, 512) != 512)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	close(ends[0]);
	assert_int_equal(stream_open(s, &(struct input){.path = "-"}, &e), 0);
	assert_int_equal(stream_next(s, a, &refused, &e), STREAM_REFUSED);
	assert_string_equal(refused.fault, "archive_members");
	assert_string_equal(refused.source.ptr, "-");
	assert_int_equal(stream_next(s, a, &refused, &e), STREAM_OVER);
	stream_free(s);
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
	waitpid(pid, NULL, 0);
	buf_free(&tar);
	arena_free(a);
}

/* ---- the whole room -------------------------------------------------------------------------- */

/* A bad input does not stop the next one; bytes are counted as they are on disk. */
static void
test_source(void **state)
{
	char *paths[] = {"f", "f"};
	struct arena *a = arena_new();
	struct payload_iterator it;
	struct payload got;
	struct err e = {0};
	struct source *s;
	struct buf b, text;
	struct sha256 hashes[2];
	size_t refusals = 0;
	int given;

	(void)state;
	buf_init(&b, SAMPLE_MAX);
	buf_init(&text, 1 << 16);
	make_tar_gzip_trailing(&b);
	write_input(&b);
	s = source_open(paths, COUNT_OF(paths), &options, &e);
	assert_non_null(s);
	assert_int_equal(source_total_bytes(s), 2 * b.len);
	it = source_iterator(s);
	while ((given = it.next(it.state, a, &got, &e)) == 1) {
		put_payload(&text, &got);
		if (got.fault != NULL)
			hashes[refusals++ % 2] = got.sha256;
	}
	assert_int_equal(given, 0);
	assert_string_equal(
	    buf_str(&text).ptr, THREE "f=archive_trailing " THREE "f=archive_trailing ");
	assert_int_equal(source_bytes_read(s), 2 * b.len);
	/* the same refusal is the same payload */
	assert_memory_equal(&hashes[0], &hashes[1], sizeof(hashes[0]));
	source_close(s);
	buf_free(&b);
	buf_free(&text);
	arena_free(a);
}

static bool
count_down(void *state)
{
	int *left = state;

	return (*left)-- <= 0;
}

/* The payloads of `f`, -1 where they end by a signal at one of the reads. */
static int
count_until(int reads)
{
	struct source_options stopping = {
	    .max_payload_bytes = SOURCE_MAX_PAYLOAD, .is_stopping = count_down, .state = &reads};
	char *paths[] = {"f"};
	struct arena *a = arena_new();
	struct err e = {0};
	struct source *s = source_open(paths, 1, &stopping, &e);
	struct payload_iterator it = source_iterator(s);
	struct payload got;
	int given, count = 0;

	for (; (given = it.next(it.state, a, &got, &e)) == 1; count++)
		assert_null(got.fault);
	assert_int_equal(e.code, given == 0 ? ERR_NONE : ERR_INTERRUPTED);
	source_close(s);
	arena_free(a);
	return given == 0 ? count : -1;
}

/* A signal ends it wherever it comes, as itself and not as a refusal or an end; nothing leaks. */
static void
test_stop(void **state)
{
	static const struct {
		void (*make)(struct buf *);
		int payloads;
	} cases[] = {{make_gzip, 3}, {make_tar_zstd, 5}, {make_zip, 5}, {make_long_tar, 2},
	    {make_long_zip, 2}, {make_tar_at_block, 3}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct buf b;
		int reads = 0, count;

		buf_init(&b, SAMPLE_MAX);
		cases[i].make(&b);
		write_input(&b);
		buf_free(&b);
		while ((count = count_until(reads)) < 0)
			reads++;
		assert_true(reads > 1);
		assert_int_equal(count, cases[i].payloads);
	}
}

/* Whatever bytes are changed or cut: no crash, an end, and no error but refusals. */
static void
test_any_damage(void **state)
{
	static void (*const makers[])(struct buf *) = {
	    make_gzip, make_zstd_frames, make_tar, make_tar_gzip, make_zip, make_zip_stored};
	uint64_t seed = 1;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(makers); i++)
		for (int round = 0; round < 400; round++) {
			struct buf b, out;

			buf_init(&b, SAMPLE_MAX);
			buf_init(&out, SAMPLE_MAX);
			makers[i](&b);
			for (int k = 0; k <= round % 3; k++) {
				seed = seed * 6364136223846793005u + 1442695040888963407u;
				b.ptr[(seed >> 33) % b.len] = (char)(seed >> 20);
			}
			if (round % 4 == 0)
				b.len = (seed >> 33) % b.len + 1;
			write_input(&b);
			put_input(&out, MIB);
			assert_true(out.len > 0);
			buf_free(&b);
			buf_free(&out);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    INPUT_TEST(test_good),
	    INPUT_TEST(test_slow_input),
	    INPUT_TEST(test_bombs),
	    INPUT_TEST(test_zip_bomb),
	    INPUT_TEST(test_sparse),
	    INPUT_TEST(test_endless_header),
	    INPUT_TEST(test_long_member),
	    INPUT_TEST(test_long_name),
	    INPUT_TEST(test_many_members),
	    INPUT_TEST(test_source),
	    INPUT_TEST(test_stop),
	    INPUT_TEST(test_any_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
