/*
 * A file that is replaced is whole, or what it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

static int
in_folder(void **state)
{
	static char folder[32];

	snprintf(folder, sizeof(folder), "/tmp/coexsync-file.XXXXXX");
	*state = mkdtemp(folder);
	return *state != NULL && chdir(folder) == 0 ? 0 : -1;
}

/* Nothing may be left in it. */
static int
out_of_folder(void **state)
{
	(void)unlink("page");
	(void)unlink("link");
	(void)rmdir("folder");
	return chdir("/") == 0 && rmdir(*state) == 0 ? 0 : -1;
}

static void
holds(const char *path, const char *want)
{
	FILE *file = fopen(path, "re");
	char text[64] = "";

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(text, want);
}

static void
test_replace(void **state)
{
	char path[64];
	struct err e;
	struct stat st;
	FILE *old;

	umask(022);
	assert_int_equal(file_replace("page", STR_LIT("one"), &e), 0);
	holds("page", "one");
	assert_int_equal(stat("page", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644); /* a collector is somebody else */
	/* who has it open reads on in what was there */
	old = fopen("page", "re");
	assert_non_null(old);
	snprintf(path, sizeof(path), "%s/page", (const char *)*state);
	assert_int_equal(file_replace(path, STR_LIT("another"), &e), 0);
	holds(path, "another");
	assert_int_equal(fgetc(old), 'o');
	fclose(old);
	assert_int_equal(file_replace("./page", STR_LIT(""), &e), 0);
	holds("page", "");
}

/* What was kept from others stays so, whatever the umask. */
static void
test_mode(void **state)
{
	static const mode_t modes[] = {0600, 0640, 0664, 0400};
	struct err e;
	struct stat st;

	(void)state;
	umask(022);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(file_replace("page", STR_LIT("old"), &e), 0);
		assert_int_equal(chmod("page", modes[i]), 0);
		assert_int_equal(file_replace("page", STR_LIT("new"), &e), 0);
		holds("page", "new");
		assert_int_equal(stat("page", &st), 0);
		assert_int_equal(st.st_mode & 07777, modes[i]);
	}
}

static void
test_left_behind(void **state)
{
	char path[64];
	struct err e;
	FILE *left;

	(void)state;
	snprintf(path, sizeof(path), ".page.%d.tmp", (int)getpid());
	left = fopen(path, "we");
	assert_non_null(left);
	fclose(left);
	assert_int_equal(file_replace("page", STR_LIT("new"), &e), 0);
	holds("page", "new");
	assert_int_equal(access(path, F_OK), -1);
}

static void
test_refused(void **state)
{
	static const char *const paths[] = {
	    "nowhere/page", "folder", "folder/", "link", "/dev/null", ""};
	struct err e;

	(void)state;
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(file_replace("page", STR_LIT("old"), &e), 0);
	assert_int_equal(symlink("page", "link"), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		assert_int_equal(file_replace(paths[i], STR_LIT("x"), &e), -1);
		assert_int_equal(e.code, ERR_CANNOT_CREATE);
	}
	holds("page", "old");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_replace, in_folder, out_of_folder),
	    cmocka_unit_test_setup_teardown(test_mode, in_folder, out_of_folder),
	    cmocka_unit_test_setup_teardown(test_left_behind, in_folder, out_of_folder),
	    cmocka_unit_test_setup_teardown(test_refused, in_folder, out_of_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
