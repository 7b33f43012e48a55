/*
 * What the operator is told: read back from a file that stands in for stderr.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/log.h"

#define RUN "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"

static int saved_fd;

static int
redirect(void **state)
{
	FILE *file = tmpfile();

	saved_fd = dup(STDERR_FILENO);
	dup2(fileno(file), STDERR_FILENO);
	*state = file;
	log_set_level(LOG_NORMAL);
	log_set_format(LOG_TEXT);
	log_set_run("");
	return 0;
}

static int
restore(void **state)
{
	dup2(saved_fd, STDERR_FILENO);
	close(saved_fd);
	fclose(*state);
	return 0;
}

/* What was said since the last call. */
static const char *
said(void **state, char out[4096])
{
	FILE *file = *state;
	size_t len;

	rewind(file);
	len = fread(out, 1, 4095, file);
	out[len] = '\0';
	assert_int_equal(ftruncate(fileno(file), 0), 0);
	lseek(fileno(file), 0, SEEK_SET);
	return out;
}

static void
test_text(void **state)
{
	struct err e;
	char out[4096];

	log_info("read %d", 3);
	log_verbose("not said");
	assert_string_equal(said(state, out), "coexsync: read 3\n");
	log_set_run(RUN); /* the operator of one run knows which it is */
	err_set(&e, ERR_IO, "x.json: broken");
	err_hint(&e, "mend it");
	log_error(&e);
	assert_string_equal(said(state, out), "coexsync: x.json: broken\nhint: mend it\n");
	/* a name cannot forge a line, move the cursor or turn the text */
	log_warn("%s", "m\nhint: \x1b[31m\xc2\x9b"
		       "5m\xe2\x80\xaex");
	assert_string_equal(said(state, out), "coexsync: m\xef\xbf\xbdhint: \xef\xbf\xbd[31m"
					      "\xef\xbf\xbd"
					      "5m\xef\xbf\xbdx\n");
	log_set_level(LOG_QUIET);
	log_info("not said");
	log_warn("said");
	assert_string_equal(said(state, out), "coexsync: said\n");
	log_set_level(LOG_VERBOSE);
	log_verbose("said");
	assert_string_equal(said(state, out), "coexsync[1b9d6bcd]: said\n");
}

/* The members of the one line that was said; its text without repair. */
static struct str
line_said(void **state, char out[4096])
{
	struct str line = str_of(said(state, out));
	struct json_check check = json_check(line.ptr, line.len);

	assert_int_equal(check.fault, JSON_OK);
	assert_int_equal(check.end, line.len - 1);
	assert_int_equal(line.ptr[check.end], '\n');
	assert_false(check.has_damage);
	return (struct str){line.ptr, check.end};
}

static void
member_is(struct str line, const char *name, const char *want)
{
	struct arena *a = arena_new();
	unsigned repairs = 0;
	struct str text = json_text(a, json_get(line, name), &repairs);

	assert_int_equal(text.len, strlen(want));
	assert_memory_equal(text.ptr, want, text.len);
	assert_int_equal(repairs, 0);
	arena_free(a);
}

static void
test_json(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"plain", "plain"},
	    {"a \"b\" \\c", "a \"b\" \\c"},
	    {"line\nfeed\x1b[2J\x7f", "line\xef\xbf\xbd"
				      "feed\xef\xbf\xbd[2J\xef\xbf\xbd"},
	    {"C1 \xc2\x9b, bidi \xe2\x80\xae", "C1 \xef\xbf\xbd, bidi \xef\xbf\xbd"},
	    {"\xff\xfe x", "\xef\xbf\xbd\xef\xbf\xbd x"},
	    {"cut \xe2\x82", "cut \xef\xbf\xbd\xef\xbf\xbd"},
	    {"surrogate \xed\xa0\x80", "surrogate \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	    {"Zo\xc3\xab", "Zo\xc3\xab"},
	};
	struct err e;
	char out[4096];

	log_set_format(LOG_JSON);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str line;

		err_set(&e, ERR_IO, "%s", cases[i].text);
		err_hint(&e, "%s", cases[i].text);
		log_error(&e);
		line = line_said(state, out);
		member_is(line, "level", "error");
		member_is(line, "message", cases[i].want);
		member_is(line, "hint", cases[i].want);
		assert_int_equal(json_kind(json_get(line, "run_id")), JSON_NULL);
	}
}

static void
test_json_members(void **state)
{
	char out[4096];
	struct str line, time;

	log_set_format(LOG_JSON);
	log_set_level(LOG_VERBOSE);
	log_set_run(RUN);
	log_verbose("sent again");
	line = line_said(state, out);
	member_is(line, "level", "debug");
	member_is(line, "run_id", RUN);
	assert_null(json_get(line, "hint").ptr);
	time = json_get(line, "time");
	assert_int_equal(time.len, strlen("\"2026-03-01T09:00:00Z\""));
	assert_int_equal(time.ptr[time.len - 2], 'Z');
	log_warn("w");
	member_is(line_said(state, out), "level", "warning");
	log_info("i");
	member_is(line_said(state, out), "level", "info");
}

/* A long line through the middle of a letter is still UTF-8. */
static void
test_json_long(void **state)
{
	char text[3000], out[4096];

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 2 == 0 ? '\xc3' : '\xab';
	text[sizeof(text) - 1] = '\0';
	log_set_format(LOG_JSON);
	log_info("%s", text);
	line_said(state, out);
}

static void
test_drawn(void **state)
{
	char out[4096];

	log_draw("");
	assert_string_equal(said(state, out), "");
	log_draw("[##  ]");
	assert_string_equal(said(state, out), "\r\033[K[##  ]");
	log_info("a word");
	assert_string_equal(said(state, out), "\r\033[Kcoexsync: a word\n[##  ]");
	log_put_line(STR_LIT("state"));
	assert_string_equal(said(state, out), "\r\033[Kstate\n[##  ]");
	log_draw("");
	assert_string_equal(said(state, out), "\r\033[K");
	log_info("after");
	assert_string_equal(said(state, out), "coexsync: after\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_text, redirect, restore),
	    cmocka_unit_test_setup_teardown(test_json, redirect, restore),
	    cmocka_unit_test_setup_teardown(test_json_members, redirect, restore),
	    cmocka_unit_test_setup_teardown(test_json_long, redirect, restore),
	    cmocka_unit_test_setup_teardown(test_drawn, redirect, restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
