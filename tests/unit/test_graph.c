/*
 * The room graph without a network: which URLs may be asked for, what answers say, the folder of
 * files. Transfers are test_graph_fetch.c and test_graph_many.c, with a network
 * tests/scenario/30-media.sh.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "graph/answer.h"
#include "graph/graph.h"
#include "graph/url.h"

#include "arena_fixture.h"
#include "shelf_fixture.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- URLs ------------------------------------------------------------------------------------ */

static const struct {
	const char *provider;
	const char *base;
	const char *url;
	const char *asked; /* NULL: not at all */
	bool is_base;
} urls_rows[] = {
    {"meta", "https://graph.facebook.com/v23.0", "https://lookaside.fbsbx.com/a?mid=1&ext=2",
	"https://lookaside.fbsbx.com/a?mid=1&ext=2", false},
    {"meta", "https://graph.facebook.com/v23.0", "https://graph.facebook.com/x",
	"https://graph.facebook.com/x", true},
    {"meta", "https://graph.facebook.com/v23.0", "https://lookaside.fbsbx.com:443/a",
	"https://lookaside.fbsbx.com:443/a", false},
    {"meta", "https://graph.facebook.com/v23.0", "https://a.fbcdn.net/x#behind",
	"https://a.fbcdn.net/x", false},
    /* without TLS, another port, another host, in other clothes */
    {"meta", "https://graph.facebook.com/v23.0", "http://lookaside.fbsbx.com/a", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "https://lookaside.fbsbx.com:8443/a", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "https://evil.example/a", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "https://fbsbx.com.evil.example/", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "https://lookaside.fbsbx.com@evil.example/", NULL,
	false},
    {"meta", "https://graph.facebook.com/v23.0", "https://u:p@lookaside.fbsbx.com/", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "https://evil.example\\@fbsbx.com/", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "https://127.0.0.1/", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "https://[::1]/", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "file:///etc/passwd", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "ftp://fbsbx.com/a", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "//fbsbx.com/a", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "https://fbsbx.com/a\nHost: x", NULL, false},
    /* what the operator names; of `host` alone the port of https */
    {"meta", "https://graph.facebook.com/v23.0", "https://cdn.files.example/a",
	"https://cdn.files.example/a", false},
    {"meta", "https://graph.facebook.com/v23.0", "https://files.example:444/a", NULL, false},
    {"meta", "https://graph.facebook.com/v23.0", "https://other.example:8443/a",
	"https://other.example:8443/a", false},
    {"meta", "https://graph.facebook.com/v23.0", "https://other.example/a", NULL, false},
    /* an API without TLS, as in tests */
    {"meta", "http://127.0.0.1:8080/v1/", "http://127.0.0.1:8080/file?x=1",
	"http://127.0.0.1:8080/file?x=1", true},
    {"meta", "http://127.0.0.1:8080", "http://127.0.0.1:8081/file", NULL, false},
    {"meta", "http://127.0.0.1:8080", "https://127.0.0.1:8080/file", NULL, false},
    {"meta", "http://127.0.0.1:8080", "http://lookaside.fbsbx.com/a", NULL, false},
    {"meta", "http://127.0.0.1:8080", "http://lookaside.fbsbx.com:443/a", NULL, false},
    {"meta", "http://127.0.0.1:8080", "http://other.example:8443/a", NULL, false},
    {"meta", "http://127.0.0.1:8080", "https://other.example:8443/a",
	"https://other.example:8443/a", false},
    /* 360dialog: at its own host, path and query kept */
    {"360dialog", "https://waba-v2.360dialog.io", "https://lookaside.fbsbx.com/a/b?mid=1",
	"https://waba-v2.360dialog.io:443/a/b?mid=1", true},
    {"ycloud", "https://api.ycloud.com", "https://api.ycloud.com/v2/media/1?s=2",
	"https://api.ycloud.com/v2/media/1?s=2", true},
    {"ycloud", "https://api.ycloud.com", "https://lookaside.fbsbx.com/a", NULL, false},
};

static void
test_urls(void **state)
{
	char *hosts[] = {"files.example", "other.example:8443"};
	struct list media_hosts = {(void **)hosts, 2, 2};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(urls_rows); i++) {
		struct url_rules rules = {.provider = provider_find(str_of(urls_rows[i].provider)),
		    .media_hosts = &media_hosts};
		struct url_judged got;

		assert_int_equal(url_parse_base(urls_rows[i].base, &rules.base), 0);
		got = url_judge(&rules, a, urls_rows[i].url);
		if ((got.url == NULL) != (urls_rows[i].asked == NULL) ||
		    (got.url != NULL && (strcmp(got.url, urls_rows[i].asked) != 0 ||
					    got.is_base != urls_rows[i].is_base)))
			fail_msg("%s: %d, %s", urls_rows[i].url, (int)got.loss,
			    got.url == NULL ? "no" : got.url);
		assert_true((got.url == NULL) == (got.loss != LOSS_NONE));
		url_free(got.url);
		url_free_base(&rules.base);
	}
	arena_free(a);
}

/* Why not; and the host as --media-host takes it, never what else the URL says. */
static const struct {
	const char *base;
	const char *url;
	enum loss loss;
	const char *host;
} refused_rows[] = {
    {"https://graph.facebook.com", "https://evil.example/a?secret=1", LOSS_HOST_NOT_ALLOWED,
	"evil.example"},
    {"https://graph.facebook.com", "https://Evil.Example:443/a", LOSS_HOST_NOT_ALLOWED,
	"Evil.Example"},
    {"https://graph.facebook.com", "https://lookaside.fbsbx.com:8443/a", LOSS_HOST_NOT_ALLOWED,
	"lookaside.fbsbx.com:8443"},
    {"http://127.0.0.1:8080", "https://127.0.0.1:8081/file", LOSS_HOST_NOT_ALLOWED,
	"127.0.0.1:8081"},
    {"http://127.0.0.1:8080", "http://127.0.0.1:8081/file", LOSS_NOT_HTTPS, ""},
    {"http://127.0.0.1:8080", "http://lookaside.fbsbx.com:443/a", LOSS_NOT_HTTPS, ""},
    {"https://graph.facebook.com", "http://lookaside.fbsbx.com/a", LOSS_NOT_HTTPS, ""},
    {"https://graph.facebook.com", "https://u:p@evil.example/", LOSS_BAD_URL, ""},
    {"https://graph.facebook.com", "file:///etc/passwd", LOSS_BAD_URL, ""},
    {"https://graph.facebook.com", "", LOSS_BAD_URL, ""},
};

static void
test_refused_urls(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < COUNT(refused_rows); i++) {
		struct url_rules rules = {.provider = provider_find(str_of("meta"))};
		struct url_judged got;

		assert_int_equal(url_parse_base(refused_rows[i].base, &rules.base), 0);
		got = url_judge(&rules, a, refused_rows[i].url);
		assert_null(got.url);
		if (got.loss != refused_rows[i].loss || !str_is(got.host, refused_rows[i].host))
			fail_msg("%s: %d, host %.*s", refused_rows[i].url, (int)got.loss,
			    STR_ARG(got.host));
		url_free_base(&rules.base);
	}
	arena_free(a);
}

static bool
never(void *state)
{
	(void)state;
	return false;
}

static void
test_bad_options(void **state)
{
	static const struct {
		const char *url;
		const char *token;
	} rows[] = {{NULL, ""}, {NULL, "a\r\nX: y"}, {NULL, "a b"}, {NULL, "\xC3\xA4"},
	    {"file:///x", "t"}, {"", "t"}};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct graph_options o = {.provider = &provider_all[0],
		    .url = rows[i].url,
		    .token = rows[i].token,
		    .is_stopping = never};
		struct err e = {0};

		assert_null(graph_open(&o, &e));
		assert_int_equal(e.code, ERR_USAGE);
		if (strlen(rows[i].token) > 1)
			assert_null(strstr(e.text, rows[i].token));
	}
	graph_close(NULL);
}

/* ---- answers --------------------------------------------------------------------------------- */

static void
test_answers(void **state)
{
	static const char hex[] =
	    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
	struct arena *a = *state;
	struct str body = arena_printf(a,
	    " {\"url\":\"https:\\/\\/lookaside.fbsbx.com\\/a?b\",\"sha256\":\"%s\","
	    "\"file_size\":\"303833\"}\n",
	    hex);
	struct answer got = answer_read(a, body);

	assert_true(got.is_json);
	assert_int_equal(got.code, GRAPH_NO_CODE);
	assert_string_equal(got.url.ptr, "https://lookaside.fbsbx.com/a?b");
	assert_true(got.has_sha256);
	assert_int_equal(got.sha256.bytes[1], 0x11);
	assert_int_equal(got.size, 303833);
	got = answer_read(
	    a, STR_LIT("{\"url\":\"x\",\"sha256\":\"a1b2c3d4e5f6...\",\"file_size\":49664}"));
	assert_false(got.has_sha256);
	assert_int_equal(got.size, 49664);
	assert_int_equal(got.url.ptr[got.url.len], 0);
}

static void
test_errors(void **state)
{
	static const struct {
		const char *body;
		bool is_json;
		int32_t code;
	} rows[] = {
	    {"{\"error\":{\"code\":190}}", true, 190},
	    {"{\"error\":{\"code\":\"130429\"}}", true, 130429},
	    {"{\"error\":{\"code\":0}}", true, 0},
	    {"{\"error\":{\"code\":-1}}", true, INT32_MAX},
	    {"{\"error\":{\"code\":99999999999}}", true, INT32_MAX},
	    {"{\"error\":{}}", true, INT32_MAX},
	    {"{\"error\":null}", true, GRAPH_NO_CODE},
	    {"{\"error\":\"text\"}", true, GRAPH_NO_CODE},
	    {"{}", true, GRAPH_NO_CODE},
	    {"[]", false, GRAPH_NO_CODE},
	    {"", false, GRAPH_NO_CODE},
	    {"   ", false, GRAPH_NO_CODE},
	    {"{\"url\":", false, GRAPH_NO_CODE},
	    {"{} {}", false, GRAPH_NO_CODE},
	    {"<html>", false, GRAPH_NO_CODE},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct answer got = answer_read(*state, str_of(rows[i].body));

		if (got.is_json != rows[i].is_json || got.code != rows[i].code)
			fail_msg("%s: %d", rows[i].body, (int)got.code);
	}
}

/* ---- the folder ------------------------------------------------------------------------------ */

/* Far more than any file here has. */
#define MOST ((int64_t)1 << 20)

static void
put(struct shelf *s, struct media_file *f, const char *text)
{
	struct err e = {0};

	*f = (struct media_file){.fd = -1, .is_here = true};
	f->sha256 = sha256_of(text, strlen(text));
	assert_int_equal(shelf_begin(s, f, &e), 0);
	assert_int_equal(write(f->fd, text, strlen(text)), strlen(text));
}

static void
test_shelf(void **state)
{
	struct place *p = *state;
	struct media_file a, b, gone, *group[3] = {&a, &b, &gone};
	struct err e = {0};
	struct shelf *s = shelf_open(p->shelf, &e);
	char path[256], text[8] = "";
	struct stat st;
	int64_t size = 0;
	int fd;

	assert_non_null(s);
	put(s, &a, "one");
	put(s, &b, "two, longer");
	put(s, &gone, "three");
	shelf_drop(s, &gone);
	gone.is_here = false;
	assert_false(shelf_has(s, &a.sha256, MOST, &size)); /* not before it is kept */
	assert_int_equal(shelf_keep(s, group, 3, &e), 0);
	assert_int_equal(a.fd, -1);
	assert_true(shelf_has(s, &a.sha256, MOST, &size));
	assert_int_equal(size, 3);
	assert_true(shelf_has(s, &b.sha256, MOST, &size));
	assert_false(shelf_has(s, &gone.sha256, MOST, &size));
	/* sha256 of "one", from sha256sum */
	assert_string_equal(
	    a.path, "76/92c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed");
	snprintf(path, sizeof(path), "%s/%s", p->shelf, a.path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* the same again is no error; one that was damaged meanwhile is not taken for it */
	put(s, &a, "one");
	assert_int_equal(shelf_keep(s, group, 1, &e), 0);
	assert_int_equal(truncate(path, 1), 0);
	assert_false(shelf_has(s, &a.sha256, MOST, &size));
	assert_int_not_equal(access(path, F_OK), 0);
	put(s, &a, "one");
	assert_int_equal(shelf_keep(s, group, 1, &e), 0);
	fd = open(path, O_RDONLY);
	assert_int_equal(read(fd, text, 7), 3);
	assert_string_equal(text, "one");
	close(fd);
	shelf_close(s);
}

/* What dead runs left goes, what a living one has stays. */
static void
test_sweep(void **state)
{
	struct place *p = *state;
	struct err e = {0};
	char dead[160], living[160], path[200];
	struct shelf *s;
	int lock;

	snprintf(dead, sizeof(dead), "%s/.arriving-1-0", p->shelf);
	snprintf(living, sizeof(living), "%s/.arriving-2-0", p->shelf);
	mkdir(p->shelf, 0700);
	assert_int_equal(mkdir(dead, 0700), 0);
	assert_int_equal(mkdir(living, 0700), 0);
	snprintf(path, sizeof(path), "%s/17", dead);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	snprintf(path, sizeof(path), "%s/18", living);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	lock = open(living, O_RDONLY);
	assert_int_equal(flock(lock, LOCK_EX | LOCK_NB), 0);
	s = shelf_open(p->shelf, &e);
	assert_non_null(s);
	assert_int_not_equal(access(dead, F_OK), 0);
	assert_int_equal(access(path, F_OK), 0);
	close(lock);
	shelf_close(s);
	s = shelf_open(p->shelf, &e);
	assert_int_not_equal(access(living, F_OK), 0);
	shelf_close(s);
}

/* What somebody has put where a file belongs is not taken for it, and is replaced. */
static void
test_planted(void **state)
{
	struct place *p = *state;
	struct err e = {0};
	struct shelf *s = shelf_open(p->shelf, &e);
	struct media_file f, *group[1] = {&f};
	char outside[160], folder[160], path[256], text[8] = "";
	int64_t size = 0;
	int fd;

	assert_non_null(s);
	snprintf(outside, sizeof(outside), "%s/outside", p->root);
	fd = open(outside, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, "one", 3), 3);
	close(fd);
	/* sha256 of "one", from sha256sum */
	snprintf(folder, sizeof(folder), "%s/76", p->shelf);
	snprintf(path, sizeof(path),
	    "%s/92c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed", folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	for (int planted = 0; planted < 2; planted++) {
		struct stat st;

		assert_int_equal(planted == 0 ? symlink(outside, path) : mkfifo(path, 0600), 0);
		put(s, &f, "one");
		alarm(10); /* a pipe without a writer */
		assert_false(shelf_has(s, &f.sha256, MOST, &size));
		alarm(0);
		assert_int_equal(shelf_keep(s, group, 1, &e), 0);
		assert_int_equal(lstat(path, &st), 0);
		assert_true(S_ISREG(st.st_mode));
		assert_int_equal(unlink(path), 0);
	}
	fd = open(outside, O_RDONLY);
	assert_int_equal(read(fd, text, 7), 3);
	assert_string_equal(text, "one");
	close(fd);
	shelf_close(s);
}

/* A subfolder that is a link leads out: nothing is read, looked for, removed or written there. */
static void
test_linked_subfolder(void **state)
{
	struct place *p = *state;
	struct err e = {0};
	struct shelf *s = shelf_open(p->shelf, &e);
	struct media_file f, *group[1] = {&f};
	char outside[160], folder[160], path[256], relative[MEDIA_PATH_BYTES];
	int64_t size = 0;
	int fd;

	assert_non_null(s);
	put(s, &f, "one");
	shelf_path(&f.sha256, relative);
	snprintf(outside, sizeof(outside), "%s/outside", p->root);
	snprintf(folder, sizeof(folder), "%s/%.2s", p->shelf, relative);
	snprintf(path, sizeof(path), "%s/%s", outside, relative + 3);
	assert_int_equal(mkdir(outside, 0700), 0);
	assert_int_equal(symlink(outside, folder), 0);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, "one", 3), 3);
	assert_false(shelf_has(s, &f.sha256, MOST, &size));
	assert_false(shelf_is_there(s, str_of(relative)));
	assert_int_equal(write(fd, "more", 4), 4);
	close(fd);
	assert_false(shelf_has(s, &f.sha256, MOST, &size));
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(shelf_keep(s, group, 1, &e), -1);
	assert_int_equal(e.code, ERR_IO);
	assert_int_not_equal(access(path, F_OK), 0);
	shelf_drop(s, &f);
	shelf_close(s);
}

/* A hole takes no space on the disk, and days to be hashed. */
static void
test_huge(void **state)
{
	struct place *p = *state;
	struct err e = {0};
	struct shelf *s = shelf_open(p->shelf, &e);
	struct media_file f, *group[1] = {&f};
	char path[256];
	int64_t size = 0;

	assert_non_null(s);
	put(s, &f, "one");
	assert_int_equal(shelf_keep(s, group, 1, &e), 0);
	assert_true(shelf_has(s, &f.sha256, 3, &size));
	assert_false(shelf_has(s, &f.sha256, 2, &size));
	snprintf(path, sizeof(path), "%s/%s", p->shelf, f.path);
	assert_int_equal(truncate(path, (off_t)1 << 42), 0);
	alarm(20);
	assert_false(shelf_has(s, &f.sha256, MOST, &size));
	alarm(0);
	assert_int_equal(access(path, F_OK), 0);
	put(s, &f, "one");
	assert_int_equal(shelf_keep(s, group, 1, &e), 0);
	assert_true(shelf_has(s, &f.sha256, MOST, &size));
	shelf_close(s);
}

/* Others could change what lies there behind the hash. */
static void
test_rights(void **state)
{
	struct place *p = *state;
	struct err e = {0};
	struct shelf *s;

	assert_int_equal(mkdir(p->shelf, 0700), 0);
	assert_int_equal(chmod(p->shelf, 0777), 0);
	assert_null(shelf_open(p->shelf, &e));
	assert_int_equal(e.code, ERR_PERMISSION);
	assert_non_null(strstr(e.hint, "chmod o-w"));
	assert_int_equal(chmod(p->shelf, 0775), 0);
	s = shelf_open(p->shelf, &e);
	assert_non_null(s);
	shelf_close(s);
}

/* Names of what arrives that are taken are left alone. */
static void
test_taken_names(void **state)
{
	struct place *p = *state;
	struct media_file f, *group[1] = {&f};
	char folder[160], path[200];
	struct err e = {0};
	struct shelf *s;
	int lock;

	assert_int_equal(mkdir(p->shelf, 0700), 0);
	snprintf(folder, sizeof(folder), "%s/.arriving-%ld-0", p->shelf, (long)getpid());
	assert_int_equal(symlink(p->root, folder), 0);
	snprintf(folder, sizeof(folder), "%s/.arriving-%ld-1", p->shelf, (long)getpid());
	assert_int_equal(mkdir(folder, 0755), 0);
	lock = open(folder, O_RDONLY);
	assert_int_equal(flock(lock, LOCK_SH), 0);
	s = shelf_open(p->shelf, &e);
	assert_non_null(s);
	snprintf(path, sizeof(path), "%s/.arriving-%ld-2/0", p->shelf, (long)getpid());
	close(open(path, O_CREAT | O_WRONLY, 0600));
	put(s, &f, "one");
	assert_int_equal(shelf_keep(s, group, 1, &e), 0);
	shelf_close(s);
	close(lock);
}

static void
test_no_folder(void **state)
{
	struct place *p = *state;
	struct err e = {0};
	char path[160];

	snprintf(path, sizeof(path), "%s/nowhere/media", p->root);
	assert_null(shelf_open(path, &e));
	assert_int_equal(e.code, ERR_CANNOT_CREATE);
	snprintf(path, sizeof(path), "%s/file", p->root);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	assert_null(shelf_open(path, &e));
	assert_int_equal(e.code, ERR_CANNOT_CREATE);
	shelf_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_urls),
	    cmocka_unit_test(test_refused_urls),
	    cmocka_unit_test(test_bad_options),
	    cmocka_unit_test_setup_teardown(test_answers, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_errors, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_shelf, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_sweep, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_planted, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_linked_subfolder, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_huge, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_rights, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_taken_names, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_no_folder, make_place, remove_place),
	};

	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
