/*
 * Calls one by one: what is sent, once, and what is known of the answer; without a network
 * (fake_curl.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "arena_fixture.h"
#include "fake_curl.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static bool
is_late(void *state)
{
	(void)state;
	return fake_seconds() >= 5;
}

static struct graph *
open_graph(struct graph_options *o, const char *url)
{
	struct err e = {0};
	struct graph *g;

	*o = (struct graph_options){.provider = provider_find(str_of("meta")),
	    .url = url,
	    .token = "canary",
	    .timeout_seconds = 7,
	    .is_stopping = is_late};
	g = graph_open(o, &e);
	assert_non_null(g);
	return g;
}

/* Whatever comes of it, nothing is sent twice. */
static void
test_replies(void **state)
{
	static const struct {
		const char *turn;
		bool was_sent;
		int http_status;
		int32_t code;
		const char *body; /* NULL: none */
	} rows[] = {
	    {"200|{\"success\":true}\n", true, 200, GRAPH_NO_CODE, "{\"success\":true}"},
	    {"200|[1]", true, 200, GRAPH_NO_CODE, "[1]"},
	    {"200|<html>", true, 200, GRAPH_NO_CODE, NULL},
	    {"200|", true, 200, GRAPH_NO_CODE, NULL},
	    {"400|{\"error\":{\"code\":2593107}}", true, 400, 2593107,
		"{\"error\":{\"code\":2593107}}"},
	    {"503|busy", true, 503, GRAPH_NO_CODE, NULL},
	    /* no whole answer is none */
	    {"0 fails=7", false, 0, GRAPH_NO_CODE, NULL},
	    {"0 fails=52", true, 0, GRAPH_NO_CODE, NULL},
	    {"400 fails=18|{\"error\":{\"code\":190}}", true, 0, GRAPH_NO_CODE, NULL},
	    {"200|*1048577", true, 0, GRAPH_NO_CODE, NULL},
	    {"200 takes=4|{}", true, 200, GRAPH_NO_CODE, "{}"},
	    /* told to stop meanwhile */
	    {"200 takes=9|{}", true, 0, GRAPH_NO_CODE, NULL},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake_script script = {.id = "", .turns = {rows[i].turn}};
		struct graph_options o;
		struct graph_reply got;
		struct graph *g;

		fake_begin(&script, 1);
		g = open_graph(&o, NULL);
		graph_request_sync(g, *state, str_of("15550000001"), "history", &got);
		assert_int_equal(script.count, 1);
		if (got.was_sent != rows[i].was_sent || got.http_status != rows[i].http_status ||
		    got.code != rows[i].code || (got.body.ptr == NULL) != (rows[i].body == NULL) ||
		    (rows[i].body != NULL && !str_is(got.body, rows[i].body)))
			fail_msg("%s: sent %d, status %d, code %d, %.*s", rows[i].turn,
			    got.was_sent, got.http_status, (int)got.code, STR_ARG(got.body));
		graph_close(g);
	}
}

static void
test_requests(void **state)
{
	struct fake_script script = {.id = "", .turns = {"200|{}"}};
	struct graph_options o;
	struct graph_reply got;
	struct graph *g;

	fake_begin(&script, 1);
	g = open_graph(&o, NULL);
	graph_request_sync(g, *state, str_of("15550000001"), "smb_app_state_sync", &got);
	assert_string_equal(
	    script.url, "https://graph.facebook.com:443/v23.0/15550000001/smb_app_data");
	assert_string_equal(fake.sent_post,
	    "{\"messaging_product\":\"whatsapp\",\"sync_type\":\"smb_app_state_sync\"}");
	assert_string_equal(fake.last.token, "Authorization: Bearer canary");
	assert_string_equal(fake.last.other, "Content-Type: application/json");
	assert_int_equal(fake.last.timeout_s, 14);
	/* on one that was used before, libcurl sends it again when that dies */
	assert_true(fake.last.is_fresh);
	graph_read(g, *state, "me?fields=id", &got);
	assert_string_equal(script.url, "https://graph.facebook.com:443/v23.0/me?fields=id");
	assert_string_equal(fake.sent_post, "");
	assert_string_equal(fake.last.other, "");
	assert_string_equal(fake.last.token, "Authorization: Bearer canary");
	graph_close(g);
}

/* An API that was given may have a private address, the public one has none. */
static void
test_private(void **state)
{
	for (int i = 0; i < 2; i++) {
		struct fake_script script = {.id = "", .turns = {"200 at=127.0.0.1|{}"}};
		struct graph_options o;
		struct graph_reply got;
		struct graph *g;

		fake_begin(&script, 1);
		g = open_graph(&o, i == 0 ? "http://127.0.0.1:8080" : NULL);
		graph_read(g, *state, "me", &got);
		assert_int_equal(got.http_status, i == 0 ? 200 : 0);
		graph_close(g);
	}
}

/* The code of an error is what the program ends with. */
static void
test_fail(void **state)
{
	static const struct {
		struct graph_reply reply;
		enum err_code code;
		const char *text;
	} rows[] = {
	    {{.http_status = 400, .code = 190}, ERR_PERMISSION, "what: the Graph API says 190: "},
	    {{.http_status = 400, .code = 10}, ERR_PERMISSION, "what: the Graph API says 10: "},
	    {{.http_status = 400, .code = 4}, ERR_TEMPORARY, "what: the Graph API says 4: "},
	    {{.http_status = 400, .code = 100}, ERR_PERMISSION, "what: the Graph API says 100: "},
	    {{.http_status = 500, .code = 2}, ERR_UNAVAILABLE, "what: the Graph API says 2: "},
	    {{.http_status = 401, .code = GRAPH_NO_CODE}, ERR_PERMISSION,
		"what: HTTP status 401: "},
	    {{.http_status = 429, .code = GRAPH_NO_CODE}, ERR_TEMPORARY, "what: HTTP status 429: "},
	    {{.http_status = 500, .code = GRAPH_NO_CODE}, ERR_UNAVAILABLE,
		"what: HTTP status 500: "},
	    {{.http_status = 200, .code = GRAPH_NO_CODE}, ERR_PROTOCOL, "what: HTTP status 200: "},
	    {{.code = GRAPH_NO_CODE, .trouble = "cut"}, ERR_UNAVAILABLE,
		"what: no answer of the Graph API: cut"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = {0};

		assert_int_equal(graph_fail(&rows[i].reply, "what", &e), -1);
		assert_int_equal(e.code, rows[i].code);
		assert_memory_equal(e.text, rows[i].text, strlen(rows[i].text));
	}
}

/* A size that is none is not said; a URL that had to be repaired is another one. */
static void
test_odd_answers(void **state)
{
	static const struct {
		const char *body;
		const char *url;
		int64_t size;
	} rows[] = {
	    {"{\"url\":\"u\",\"file_size\":0}", "u", 0},
	    {"{\"url\":\"u\",\"file_size\":1}", "u", 1},
	    {"{\"url\":\"u\",\"file_size\":-2}", "u", MEDIA_NO_SIZE},
	    {"{\"url\":\"u\",\"file_size\":\"big\"}", "u", MEDIA_NO_SIZE},
	    {"{\"url\":\"u\",\"file_size\":null}", "u", MEDIA_NO_SIZE},
	    {"{\"file_size\":7}", "", 7},
	    {"{\"url\":\"u\\u0000\"}", "", MEDIA_NO_SIZE},
	    {"{\"url\":\"u\\ud800\"}", "", MEDIA_NO_SIZE},
	    {" {\"url\":\"u\"}", "u", MEDIA_NO_SIZE},
	    {"\r\n\t {\"url\":\"u\"} \t\r\n", "u", MEDIA_NO_SIZE},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct answer got = answer_read(*state, str_of(rows[i].body));

		assert_true(got.is_json);
		if (!str_is(got.url, rows[i].url) || got.size != rows[i].size)
			fail_msg("%s: \"%.*s\", %jd bytes", rows[i].body, STR_ARG(got.url),
			    (intmax_t)got.size);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_replies, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_requests, make_arena, free_arena),
	    cmocka_unit_test_setup_teardown(test_private, make_arena, free_arena),
	    cmocka_unit_test(test_fail),
	    cmocka_unit_test_setup_teardown(test_odd_answers, make_arena, free_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
