/*
 * Unit tests of paths to payloads: folders, order, links, standard input, what is missing.
 * Each test has a folder of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "source/source.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct source_options options = {.max_payload_bytes = SOURCE_MAX_PAYLOAD};

static int
count_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static int descriptors;

/* A new folder, and it is the working directory. */
static int
enter_folder(void **state)
{
	char *folder = strdup("/tmp/test_source.XXXXXX");

	descriptors = count_descriptors();
	*state = folder;
	return mkdtemp(folder) == NULL || chdir(folder) != 0 ? -1 : 0;
}

static int
remove_entry(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static int
leave_folder(void **state)
{
	int rc = chdir("/");

	rc |= nftw(*state, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return rc | (count_descriptors() != descriptors);
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* The sources of all payloads, each followed by a space. */
static void
assert_sources(struct source *s, const char *want)
{
	struct payload_iterator it = source_iterator(s);
	struct arena *a = arena_new();
	struct payload got;
	struct err e = {0};
	struct buf sources;
	int given;

	buf_init(&sources, 1 << 16);
	while ((given = it.next(it.state, a, &got, &e)) == 1)
		buf_printf(&sources, "%s ", got.source.ptr);
	assert_int_equal(given, 0);
	assert_string_equal(buf_str(&sources).ptr, want);
	buf_free(&sources);
	arena_free(a);
}

static void
test_folder(void **state)
{
	char *paths[] = {"z.json", "in/", "a", "link"};
	struct err e = {0};
	struct source *s;

	(void)state;
	assert_int_equal(mkdir("in", 0700), 0);
	assert_int_equal(mkdir("in/a", 0700), 0);
	assert_int_equal(mkdir("in/empty", 0700), 0);
	write_file("in/b.json", "{}");
	write_file("in/a/1.json", "[{}]");
	write_file("in/a.json", "{}");
	write_file("in/B.json", "{}{}");
	write_file("in/.hidden", "{}");
	write_file("in/\xC3\xA4.json", "x");
	write_file("z.json", "{}");
	assert_int_equal(mkdir("a", 0700), 0);
	write_file("a/0.json", "{}");
	assert_int_equal(symlink("../z.json", "in/link.json"), 0);
	assert_int_equal(symlink("..", "in/round"), 0);
	assert_int_equal(mkfifo("in/pipe", 0600), 0);
	assert_int_equal(symlink("z.json", "link"), 0);
	s = source_open(paths, COUNT_OF(paths), &options, &e);
	assert_non_null(s);
	assert_int_equal(source_total_bytes(s), 2 + 2 + 4 + 2 + 4 + 2 + 1 + 2 + 2);
	assert_int_equal(source_bytes_read(s), 0);
	assert_sources(s, "z.json in/.hidden in/B.json:1 in/B.json:1 in/a.json in/a/1.json:1[0] "
			  "in/b.json in/\xC3\xA4.json a/0.json link ");
	assert_int_equal(source_bytes_read(s), source_total_bytes(s));
	source_close(s);
}

/* One input without a size, and nobody knows how much there is. */
static void
test_no_size(void **state)
{
	char *paths[] = {"a.json", "/dev/null"};
	struct err e = {0};
	struct source *s;

	(void)state;
	write_file("a.json", "{}");
	s = source_open(paths, COUNT_OF(paths), &options, &e);
	assert_non_null(s);
	assert_int_equal(source_total_bytes(s), 0);
	assert_sources(s, "a.json /dev/null ");
	source_close(s);
}

#define INFO "Bag-Software-Agent: coexsync 0.1.0\n"

/* A folder as coexsync export's archive is unpacked, less what stands in `less`. */
static void
make_bag(const char *less)
{
	static const char *const files[] = {"bag-info.txt", "bagit.txt", "manifest-sha256.txt",
	    "data/messages.jsonl", "data/payloads/1.json", "hook.json"};

	assert_int_equal(mkdir("in", 0700) | mkdir("in/data", 0700), 0);
	assert_int_equal(mkdir("in/data/payloads", 0700) | chdir("in"), 0);
	for (size_t i = 0; i < COUNT_OF(files); i++)
		if (strcmp(files[i], less) != 0)
			write_file(files[i], i == 0 ? INFO : "{}");
	assert_int_equal(chdir(".."), 0);
}

/* The words on standard error while a folder is read. */
static void
read_words(char *folder, const char *want, char *words, size_t size)
{
	int saved = dup(STDERR_FILENO), file = open("words", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char *paths[] = {folder};
	struct err e = {0};
	struct source *s;
	ssize_t got;

	assert_int_equal(dup2(file, STDERR_FILENO), STDERR_FILENO);
	s = source_open(paths, 1, &options, &e);
	assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
	got = pread(file, words, size - 1, 0);
	words[got] = '\0';
	close(saved);
	close(file);
	assert_non_null(s);
	assert_sources(s, want);
	source_close(s);
}

/* One file that says so takes no others away; what is not read is said. */
static void
test_own(void **state)
{
	static const struct {
		const char *less; /* also the folder of the case */
		const char *want;
		bool is_told;
	} cases[] = {
	    {"nothing", "in/data/payloads/1.json ", true},
	    {"hook.json", "in/data/payloads/1.json ", false},
	    {"bagit.txt",
		"in/bag-info.txt in/data/messages.jsonl in/data/payloads/1.json in/hook.json "
		"in/manifest-sha256.txt ",
		false},
	    {"manifest-sha256.txt",
		"in/bag-info.txt in/bagit.txt in/data/messages.jsonl in/data/payloads/1.json "
		"in/hook.json ",
		false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char words[512];

		assert_int_equal(mkdir(cases[i].less, 0700) | chdir(cases[i].less), 0);
		make_bag(cases[i].less);
		read_words("in/", cases[i].want, words, sizeof(words));
		assert_true((strstr(words, "that are not read: 1\n") != NULL) == cases[i].is_told);
		assert_null(strstr(words, "skipped"));
		assert_int_equal(chdir(".."), 0);
	}
}

/* A link in an archive of ours leads nowhere, either. */
static void
test_own_linked(void **state)
{
	char words[512];

	(void)state;
	make_bag("hook.json");
	assert_int_equal(rename("in/data", "elsewhere") | symlink("../elsewhere", "in/data"), 0);
	read_words(
	    "in", "in/bag-info.txt in/bagit.txt in/manifest-sha256.txt ", words, sizeof(words));
	assert_non_null(strstr(words, "in/data: skipped, it is a symbolic link\n"));
}

/* What is no file of ours with our words says nothing. */
static void
test_own_says_so(void **state)
{
	static const char all[] = "in/bagit.txt in/data/messages.jsonl in/data/payloads/1.json "
				  "in/manifest-sha256.txt ";
	char words[512], want[256];
	int pipe;

	(void)state;
	make_bag("hook.json");
	write_file("in/bag-info.txt", "Bag-Software-Agent: another 1.0\n");
	snprintf(want, sizeof(want), "in/bag-info.txt %s", all);
	read_words("in", want, words, sizeof(words));
	write_file("info", INFO);
	assert_int_equal(unlink("in/bag-info.txt") | symlink("../info", "in/bag-info.txt"), 0);
	read_words("in", all, words, sizeof(words));
	assert_int_equal(unlink("in/bag-info.txt") | mkfifo("in/bag-info.txt", 0600), 0);
	pipe = open("in/bag-info.txt", O_RDWR);
	assert_int_equal(write(pipe, INFO, strlen(INFO)), strlen(INFO));
	read_words("in", all, words, sizeof(words));
	close(pipe);
	/* and what it lacks is told */
	assert_int_equal(unlink("in/bag-info.txt"), 0);
	write_file("in/bag-info.txt", INFO "Coexsync-Payloads-Without-Raw-Bytes: 2\n");
	read_words("in", "in/data/payloads/1.json ", words, sizeof(words));
	assert_non_null(strstr(words, "without their bytes, which it cannot give: 2\n"));
}

/* What somebody puts into an archive of ours export has not written, be it such an archive, too. */
static void
test_own_within(void **state)
{
	char words[512];

	(void)state;
	make_bag("hook.json");
	assert_int_equal(chdir("in/data"), 0);
	make_bag("hook.json");
	assert_int_equal(chdir("../.."), 0);
	read_words("in", "in/data/payloads/1.json ", words, sizeof(words));
	assert_non_null(strstr(words, "that are not read: 5\n"));
}

static int
next_document(void *state, struct arena *a, struct document *out, struct err *e)
{
	(void)state, (void)a, (void)out, (void)e;
	return 0;
}

/* A payload is of 1 byte at least, and less than the 1 GiB that PostgreSQL takes. */
static void
test_options(void **state)
{
	static const struct {
		uint64_t max;
		bool is_good;
	} cases[] = {{0, false}, {1, true}, {(1 << 30) - 1, true}, {1 << 30, false}};
	char *paths[] = {"a.json"};
	struct source_options o = {.documents.next = next_document};

	(void)state;
	write_file("a.json", "{}");
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err e = {0};
		struct source *s;

		o.max_payload_bytes = cases[i].max;
		s = source_open(paths, 1, &o, &e);
		assert_int_equal(s != NULL, cases[i].is_good);
		assert_int_equal(e.code, cases[i].is_good ? ERR_NONE : ERR_USAGE);
		/* documents have no size */
		if (s != NULL)
			assert_int_equal(source_total_bytes(s), 0);
		source_close(s);
	}
}

static void
test_bad_paths(void **state)
{
	static const struct {
		char *path;
		enum err_code code;
	} cases[] = {
	    {"missing.json", ERR_NO_INPUT},
	    {"good.json/x", ERR_NO_INPUT},
	    {"", ERR_NO_INPUT},
	    {"empty", ERR_NO_INPUT},
	    {"round", ERR_IO},
	};

	(void)state;
	write_file("good.json", "{}");
	assert_int_equal(mkdir("empty", 0700), 0);
	assert_int_equal(mkdir("empty/within", 0700), 0);
	assert_int_equal(symlink("../good.json", "empty/link"), 0);
	assert_int_equal(symlink("round", "round"), 0);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *paths[] = {"good.json", cases[i].path};
		struct err e = {0};

		assert_null(source_open(paths, COUNT_OF(paths), &options, &e));
		assert_int_equal(e.code, cases[i].code);
		assert_memory_equal(e.text, cases[i].path, strlen(cases[i].path));
	}
}

static void
test_file_gone(void **state)
{
	char *paths[] = {"a.json", "b.json"};
	struct arena *a = arena_new();
	struct payload_iterator it;
	struct payload got;
	struct err e = {0};
	struct source *s;

	(void)state;
	write_file("a.json", "{}");
	write_file("b.json", "{}");
	s = source_open(paths, COUNT_OF(paths), &options, &e);
	assert_non_null(s);
	assert_int_equal(unlink("b.json"), 0);
	it = source_iterator(s);
	assert_int_equal(it.next(it.state, a, &got, &e), 1);
	assert_int_equal(it.next(it.state, a, &got, &e), -1);
	assert_int_equal(e.code, ERR_IO);
	assert_non_null(strstr(e.text, "b.json"));
	source_close(s);
	arena_free(a);
}

/* What somebody does to a folder of his between its listing and the reading of `in/b/2.json`. */
static int
put_link(void)
{
	return unlink("in/b/2.json") | symlink("../../secret.json", "in/b/2.json");
}

static int
put_pipe(void)
{
	return unlink("in/b/2.json") | mkfifo("in/b/2.json", 0600);
}

static int
put_socket(void)
{
	const struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = "in/b/2.json"};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), rc;

	rc = unlink(at.sun_path) | bind(fd, (const struct sockaddr *)&at, sizeof(at));
	return rc | close(fd);
}

static int
put_file(void)
{
	return rename("secret.json", "in/b/2.json");
}

static int
put_linked_folder(void)
{
	return rename("in/b", "in/old") | symlink("../other", "in/b");
}

static int
put_file_for_folder(void)
{
	return rename("in/b", "in/old") | rename("secret.json", "in/b");
}

static void
test_swapped(void **state)
{
	static int (*const swaps[])(void) = {
	    put_link, put_pipe, put_socket, put_file, put_linked_folder, put_file_for_folder};
	char name[] = "0";

	(void)state;
	for (size_t i = 0; i < COUNT_OF(swaps); i++, name[0]++) {
		char *paths[] = {"in"};
		struct arena *a = arena_new();
		struct err e = {0};
		struct payload_iterator it;
		struct payload got;
		struct source *s;

		assert_int_equal(mkdir(name, 0700) | chdir(name), 0);
		assert_int_equal(mkdir("in", 0700) | mkdir("in/b", 0700) | mkdir("other", 0700), 0);
		write_file("in/1.json", "{}");
		write_file("in/b/2.json", "{}");
		write_file("secret.json", "{}");
		write_file("other/2.json", "{}");
		s = source_open(paths, 1, &options, &e);
		assert_non_null(s);
		assert_int_equal(swaps[i](), 0);
		it = source_iterator(s);
		alarm(20); /* at a pipe one would wait for ever */
		assert_int_equal(it.next(it.state, a, &got, &e), 1);
		assert_int_equal(it.next(it.state, a, &got, &e), -1);
		alarm(0);
		assert_int_equal(e.code, ERR_IO);
		assert_non_null(strstr(e.text, "in/b/2.json: another stands there now"));
		assert_non_null(strstr(e.hint, "the same command again"));
		source_close(s);
		arena_free(a);
		assert_int_equal(chdir(".."), 0);
	}
}

static void
test_stdin(void **state)
{
	static const char text[] = "{\"a\":1}\n{\"b\":2}\n";
	char *paths[] = {"-"};
	int saved = dup(STDIN_FILENO), ends[2];
	struct err e = {0};
	struct source *s;

	(void)state;
	assert_true(saved >= 0);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, sizeof(text) - 1), sizeof(text) - 1);
	assert_int_equal(close(ends[1]), 0);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	s = source_open(paths, 1, &options, &e);
	assert_non_null(s);
	assert_int_equal(source_total_bytes(s), 0);
	assert_sources(s, "-:1 -:2 ");
	assert_int_equal(source_bytes_read(s), sizeof(text) - 1);
	source_close(s);
	assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
	close(saved);
	close(ends[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_folder, enter_folder, leave_folder),
	    cmocka_unit_test_setup_teardown(test_no_size, enter_folder, leave_folder),
	    cmocka_unit_test_setup_teardown(test_own, enter_folder, leave_folder),
	    cmocka_unit_test_setup_teardown(test_own_linked, enter_folder, leave_folder),
	    cmocka_unit_test_setup_teardown(test_own_says_so, enter_folder, leave_folder),
	    cmocka_unit_test_setup_teardown(test_own_within, enter_folder, leave_folder),
	    cmocka_unit_test_setup_teardown(test_options, enter_folder, leave_folder),
	    cmocka_unit_test_setup_teardown(test_bad_paths, enter_folder, leave_folder),
	    cmocka_unit_test_setup_teardown(test_file_gone, enter_folder, leave_folder),
	    cmocka_unit_test_setup_teardown(test_swapped, enter_folder, leave_folder),
	    cmocka_unit_test_setup_teardown(test_stdin, enter_folder, leave_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
