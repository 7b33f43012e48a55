/*
 * What the folder of files has on the disk, and in which order, before it says that a file is kept:
 * the calls that write to the disk are noted here instead. What else it does is test_graph.c.
 */
#undef _FORTIFY_SOURCE /* with it read() is an inline function, which cannot be replaced */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "fake_fetch.h"

#define MOST 9

/* `f` the content of a file, `n` its name, `d` a subfolder, `m` the folder itself, `a` all. */
static struct {
	char told[256];
	char fails; /* a letter of those: it does not come to the disk */
	const char *release; /* of the kernel */
	unsigned swept; /* folders that another run sweeps away before they are locked */
	unsigned locked; /* or has locked just then */
	int refuses; /* folders: errno, or 0 */
	bool is_unreadable;
} disk;

static int
note(char what)
{
	size_t len = strlen(disk.told);

	snprintf(disk.told + len, sizeof(disk.told) - len, "%c", what);
	if (what != disk.fails)
		return 0;
	errno = EIO;
	return -1;
}

int
fsync(int fd)
{
	char link[64], path[256] = "";
	struct stat st;
	const char *name;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	assert_true(readlink(link, path, sizeof(path) - 1) > 0);
	assert_int_equal(fstat(fd, &st), 0);
	name = strrchr(path, '/') + 1;
	return note(S_ISREG(st.st_mode) ? 'f' : strcmp(name, "media") == 0 ? 'm' : 'd');
}

int
syncfs(int fd)
{
	(void)fd;
	return note('a');
}

int
renameat(int from, const char *old, int to, const char *new)
{
	return note('n') != 0 ? -1 : (int)syscall(SYS_renameat2, from, old, to, new, 0);
}

ssize_t
read(int fd, void *to, size_t len)
{
	errno = EIO;
	return disk.is_unreadable ? -1 : syscall(SYS_read, fd, to, len);
}

static void
remove_folder(int fd)
{
	char link[64], path[256] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	assert_true(readlink(link, path, sizeof(path) - 1) > 0);
	assert_int_equal(rmdir(path), 0);
}

int
flock(int fd, int operation)
{
	if (disk.swept > 0) {
		disk.swept--;
		remove_folder(fd);
	} else if (disk.locked > 0) {
		disk.locked--;
		errno = EWOULDBLOCK;
		return -1;
	}
	return (int)syscall(SYS_flock, fd, operation);
}

int
mkdirat(int fd, const char *path, mode_t mode)
{
	errno = disk.refuses;
	return disk.refuses != 0 ? -1 : (int)syscall(SYS_mkdirat, fd, path, mode);
}

int
uname(struct utsname *u)
{
	memset(u, 0, sizeof(*u));
	snprintf(u->release, sizeof(u->release), "%s", disk.release);
	return 0;
}

/* Texts whose hashes begin differently, so that each has a subfolder of its own: 6b, d4, 4e, 4b,
 * ef, e7, 79, 2c, 19 (sha256sum). */
static const char *const texts[MOST] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};

static struct media_file files[MOST], *group[MOST];

/* The first so many texts, arrived and kept. */
static int
keep(struct shelf *s, size_t count)
{
	struct err e = {0};
	int rc;

	for (size_t i = 0; i < count; i++) {
		files[i] = (struct media_file){.fd = -1, .is_here = true};
		files[i].sha256 = sha256_of(texts[i], 1);
		group[i] = &files[i];
		assert_int_equal(shelf_begin(s, &files[i], &e), 0);
		assert_int_equal(write(files[i].fd, texts[i], 1), 1);
	}
	disk.told[0] = '\0';
	rc = shelf_keep(s, group, count, &e);
	if (rc != 0)
		assert_int_equal(e.code, ERR_IO);
	return rc;
}

/* Contents, names, subfolders, and the folder where a subfolder is new; of many all at once, where
 * the kernel tells what could not be written: since Linux 5.8. */
static void
test_order(void **state)
{
	static const struct {
		const char *release;
		size_t count;
		const char *first;
		const char *again; /* the subfolders are known by then */
	} rows[] = {
	    {"6.1.0", 1, "fndm", "fnd"},
	    {"6.1.0", 3, "fffnnndddm", "fffnnnddd"},
	    {"6.1.0", 7, "fffffffnnnnnnndddddddm", "fffffffnnnnnnnddddddd"},
	    {"6.1.0", 8, "annnnnnnna", "annnnnnnna"},
	    {"5.10.0-8", 9, "annnnnnnnna", "annnnnnnnna"},
	    {"5.8.0", 8, "annnnnnnna", "annnnnnnna"},
	    {"5.7.19", 8, "ffffffffnnnnnnnnddddddddm", "ffffffffnnnnnnnndddddddd"},
	    {"4.19.0", 8, "ffffffffnnnnnnnnddddddddm", "ffffffffnnnnnnnndddddddd"},
	    {"4", 8, "ffffffffnnnnnnnnddddddddm", "ffffffffnnnnnnnndddddddd"},
	};
	struct place *p = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = {0};
		struct shelf *s;

		disk.release = rows[i].release;
		snprintf(p->shelf, sizeof(p->shelf), "%s/%zu", p->root, i);
		assert_int_equal(mkdir(p->shelf, 0700), 0);
		snprintf(p->shelf, sizeof(p->shelf), "%s/%zu/media", p->root, i);
		s = shelf_open(p->shelf, &e);
		assert_non_null(s);
		assert_int_equal(keep(s, rows[i].count), 0);
		assert_string_equal(disk.told, rows[i].first);
		assert_int_equal(keep(s, rows[i].count), 0);
		assert_string_equal(disk.told, rows[i].again);
		for (size_t k = 0; k < rows[i].count; k++) {
			assert_true(shelf_is_there(s, str_of(files[k].path)));
			assert_int_equal(files[k].fd, -1);
		}
		shelf_close(s);
	}
}

/* Who has not written what it was told to, is not believed. */
static void
test_failures(void **state)
{
	static const struct {
		size_t count;
		char fails;
		const char *told;
	} rows[] = {
	    {2, 'f', "f"},
	    {2, 'n', "ffn"},
	    {2, 'd', "ffnnd"},
	    {2, 'm', "ffnnddm"},
	    {8, 'a', "a"},
	    {8, 'n', "an"},
	};
	struct place *p = *state;

	disk.release = "6.1.0";
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = {0};
		struct shelf *s;

		snprintf(p->shelf, sizeof(p->shelf), "%s/%zu", p->root, i);
		assert_int_equal(mkdir(p->shelf, 0700), 0);
		snprintf(p->shelf, sizeof(p->shelf), "%s/%zu/media", p->root, i);
		s = shelf_open(p->shelf, &e);
		assert_non_null(s);
		disk.fails = rows[i].fails;
		assert_int_equal(keep(s, rows[i].count), -1);
		disk.fails = '\0';
		assert_string_equal(disk.told, rows[i].told);
		for (size_t k = 0; k < rows[i].count; k++)
			shelf_drop(s, &files[k]);
		shelf_close(s);
	}
}

/* Nor is a file kept whose subfolder cannot be made, or is a link, be it alone or one of many. */
static void
test_no_subfolder(void **state)
{
	static const size_t counts[] = {1, 8};
	struct place *p = *state;

	disk.release = "6.1.0";
	for (size_t i = 0; i < COUNT(counts) * 2; i++) {
		struct err e = {0};
		struct shelf *s;
		char folder[160];

		snprintf(p->shelf, sizeof(p->shelf), "%s/media%zu", p->root, i);
		s = shelf_open(p->shelf, &e);
		assert_non_null(s);
		/* of the first text */
		snprintf(folder, sizeof(folder), "%s/6b", p->shelf);
		if (i % 2 == 0)
			disk.refuses = ENOSPC;
		else
			assert_int_equal(symlink(p->root, folder), 0);
		assert_int_equal(keep(s, counts[i / 2]), -1);
		disk.refuses = 0;
		assert_null(strchr(disk.told, 'n'));
		for (size_t k = 0; k < counts[i / 2]; k++)
			shelf_drop(s, &files[k]);
		shelf_close(s);
	}
}

/* Nothing stays behind: no file on its way, no descriptor. */
static void
test_nothing_left(void **state)
{
	struct place *p = *state;
	size_t open_before = count_entries("/proc/self/fd");
	struct media_file f = {.fd = -1}, dropped = {.fd = -1};
	char arriving[160];
	struct err e = {0};
	struct shelf *s;
	int64_t size = 0;

	disk.release = "6.1.0";
	s = shelf_open(p->shelf, &e);
	assert_non_null(s);
	assert_int_equal(keep(s, 2), 0);
	assert_true(shelf_has(s, &files[0].sha256, 1, &size));
	assert_true(shelf_is_there(s, str_of(files[1].path)));
	assert_int_equal(shelf_begin(s, &f, &e), 0);
	assert_int_equal(shelf_begin(s, &dropped, &e), 0);
	assert_int_not_equal(f.number, dropped.number);
	snprintf(arriving, sizeof(arriving), "%s/.arriving-%ld-0", p->shelf, (long)getpid());
	assert_int_equal(count_entries(arriving), 2);
	shelf_drop(s, &dropped);
	shelf_drop(s, &dropped);
	assert_int_equal(count_entries(arriving), 1);
	close(f.fd);
	shelf_close(s);
	assert_int_equal(count_entries(p->shelf), 2);
	assert_int_equal(count_entries("/proc/self/fd"), open_before);
}

/* A file that cannot be read now is not damaged. */
static void
test_unreadable(void **state)
{
	struct place *p = *state;
	struct err e = {0};
	struct shelf *s;
	int64_t size = 0;

	disk.release = "6.1.0";
	s = shelf_open(p->shelf, &e);
	assert_non_null(s);
	assert_int_equal(keep(s, 1), 0);
	disk.is_unreadable = true;
	assert_false(shelf_has(s, &files[0].sha256, 1, &size));
	disk.is_unreadable = false;
	assert_true(shelf_has(s, &files[0].sha256, 1, &size));
	assert_int_equal(size, 1);
	shelf_close(s);
}

/* A run whose folder another one takes away, or holds, makes the next; not for ever. */
static void
test_swept(void **state)
{
	static const struct {
		unsigned swept;
		unsigned locked;
		int refuses;
		int error; /* 0: it opens */
		size_t left; /* folders of the other run */
	} rows[] = {{0, 0, 0, 0, 0}, {1, 0, 0, 0, 0}, {99, 0, 0, 0, 0}, {100, 0, 0, EBUSY, 0},
	    {0, 1, 0, 0, 1}, {3, 2, 0, 0, 2}, {0, 0, EROFS, EROFS, 0}, {0, 0, ENOSPC, ENOSPC, 0}};
	struct place *p = *state;
	size_t open_before = count_entries("/proc/self/fd");

	disk.release = "6.1.0";
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct media_file f = {.fd = -1};
		struct err e = {0};
		struct shelf *s;

		snprintf(p->shelf, sizeof(p->shelf), "%s/media%zu", p->root, i);
		disk.swept = rows[i].swept;
		disk.locked = rows[i].locked;
		disk.refuses = rows[i].refuses;
		s = shelf_open(p->shelf, &e);
		disk.swept = disk.locked = 0;
		disk.refuses = 0;
		assert_int_equal(s != NULL, rows[i].error == 0);
		if (s == NULL) {
			assert_int_equal(e.code, ERR_CANNOT_CREATE);
			assert_non_null(strstr(e.text, strerror(rows[i].error)));
		} else {
			assert_int_equal(shelf_begin(s, &f, &e), 0);
			shelf_drop(s, &f);
		}
		shelf_close(s);
		assert_int_equal(count_entries(p->shelf), rows[i].left);
		/* what is left of a run that died is closed again */
		s = shelf_open(p->shelf, &e);
		shelf_close(s);
		assert_int_equal(count_entries(p->shelf), 0);
		assert_int_equal(count_entries("/proc/self/fd"), open_before);
	}
}

/* The path of a row leads to a file of the folder, or nowhere. */
static void
test_is_there(void **state)
{
	static const char *const paths[] = {"", "6b", "6b/", "6b/86b273ff",
	    "6bx86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
	    "d4/86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",
	    "6b/86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4c",
	    "6b/86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4bb"};
	struct place *p = *state;
	struct err e = {0};
	struct shelf *s;

	disk.release = "6.1.0";
	s = shelf_open(p->shelf, &e);
	assert_non_null(s);
	assert_int_equal(keep(s, 1), 0);
	/* sha256 of "1", from sha256sum */
	assert_true(shelf_is_there(
	    s, str_of("6b/86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b")));
	for (size_t i = 0; i < COUNT(paths); i++)
		if (shelf_is_there(s, str_of(paths[i])))
			fail_msg("%s", paths[i]);
	shelf_close(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_order, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_failures, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_no_subfolder, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_nothing_left, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_unreadable, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_swept, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_is_there, make_place, remove_place),
	};

	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
