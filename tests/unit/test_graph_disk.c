/*
 * What of a body comes to the disk, and what a disk that does not take it means: write is noted
 * here and does what it is told. How a file is then kept is test_graph_shelf.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>

#include "fake_fetch.h"

#define AT "https://lookaside.fbsbx.com/f"
#define URL "200|{\"url\":\"" AT "\"}"
#define SIZED(n) "200|{\"url\":\"" AT "\",\"file_size\":" n "}"

static struct {
	const char
	    *turns; /* of each call: `i` a signal, `1` a byte, `0` none, `x` full; then all */
	char written[4096];
	size_t len;
	int refuses; /* files: errno, or 0 */
} disk;

int
openat(int fd, const char *path, int flags, ...)
{
	errno = (flags & O_CREAT) != 0 ? disk.refuses : 0;
	return errno != 0 ? -1 : (int)syscall(SYS_openat, fd, path, flags, 0600);
}

ssize_t
write(int fd, const void *bytes, size_t len)
{
	char turn = *disk.turns == '\0' ? 'a' : *disk.turns++;

	errno = turn == 'i' ? EINTR : turn == 'x' ? ENOSPC : 0;
	if (errno != 0)
		return -1;
	len = turn == '0' ? 0 : turn == '1' ? 1 : len;
	assert_true(disk.len + len < sizeof(disk.written));
	memcpy(disk.written + disk.len, bytes, len);
	disk.len += len;
	return syscall(SYS_write, fd, bytes, len);
}

static void
disk_begin(const char *turns)
{
	memset(&disk, 0, sizeof(disk));
	disk.turns = turns;
}

/* One file, of which nobody says anything. */
static void
fetch_one(struct place *p, struct fake_script *script, struct run *run)
{
	struct media_file f = file_of(script->id);
	void *items[1] = {&f};
	struct list files = {items, 1, 1};

	run_fetch(p, run, &files, script);
}

/* All of it, in its order, however small the pieces are in which the disk takes it. */
static void
test_taken(void **state)
{
	static const char *const turns[] = {"", "1", "i", "1i1", "11111", "ii1ii1i"};

	for (size_t i = 0; i < COUNT(turns); i++) {
		struct fake_script script = {.id = "7", .turns = {URL, "200|a whole file"}};
		struct run run = {0};

		disk_begin(turns[i]);
		fetch_one(*state, &script, &run);
		assert_int_equal(run.rc, 0);
		assert_string_equal(run.done, "7");
		assert_string_equal(disk.written, "a whole file");
	}
}

/* A disk that takes no more ends it, with the reason; nothing is said of the file. */
static void
test_full(void **state)
{
	static const struct {
		const char *turns;
		int error;
		const char *written;
	} rows[] = {{"x", ENOSPC, ""}, {"1x", ENOSPC, "a"}, {"ax", ENOSPC, "a whol"},
	    {"0", EIO, ""}, {"i10", EIO, "a"}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake_script script = {.id = "7", .turns = {URL, "200|a whole file"}};
		struct run run = {0};

		disk_begin(rows[i].turns);
		fetch_one(*state, &script, &run);
		assert_int_equal(run.rc, -1);
		assert_int_equal(run.e.code, ERR_IO);
		assert_non_null(strstr(run.e.text, strerror(rows[i].error)));
		assert_string_equal(run.done, "");
		assert_string_equal(disk.written, rows[i].written);
	}
}

/* Where no file can be made nothing is asked for. */
static void
test_no_file(void **state)
{
	static const struct {
		int error;
		enum err_code code;
	} rows[] = {{ENOSPC, ERR_IO}, {EDQUOT, ERR_IO}, {EACCES, ERR_CANNOT_CREATE}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake_script script = {.id = "7", .turns = {URL, "200|a whole file"}};
		struct run run = {0};

		disk_begin("");
		disk.refuses = rows[i].error;
		fetch_one(*state, &script, &run);
		assert_int_equal(run.rc, -1);
		assert_int_equal(run.e.code, rows[i].code);
		assert_non_null(strstr(run.e.text, strerror(rows[i].error)));
		assert_string_equal(run.done, "");
		assert_string_equal(script.asked, "L0");
	}
}

/* Of what is not wanted no more is written than came before that was known; its pieces are halves,
 * and 700 bytes at most. */
static void
test_unwanted(void **state)
{
	static const struct {
		const char *lookup;
		const char *body;
		size_t written;
	} rows[] = {
	    {URL, "200|*1000", 1000},
	    {URL, "200|*4000", 700}, /* the limit is 1,000 */
	    {SIZED("100"), "200|*100", 100},
	    {SIZED("100"), "200|*180", 3 * 90}, /* three times */
	    {SIZED("900"), "200|*4000", 3 * 700},
	    {URL, "200 type=text/html|*400", 0},
	    {URL, "200 type=text/html|*1", 0},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake_script script = {.id = "7",
		    .turns = {rows[i].lookup, rows[i].body, rows[i].lookup, rows[i].body,
			rows[i].lookup, rows[i].body}};
		struct run run = {0};

		disk_begin("");
		fetch_one(*state, &script, &run);
		assert_int_equal(run.rc, 0);
		assert_string_equal(run.done, "7");
		if (disk.len != rows[i].written)
			fail_msg("row %zu: %zu bytes", i, disk.len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_taken, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_full, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_no_file, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_unwanted, make_place, remove_place),
	};

	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
