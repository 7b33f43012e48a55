/*
 * What becomes of one file, answer by answer, and when it is asked for again; without a network and
 * in no time (fake_curl.h). Many at once are test_graph_many.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "fake_fetch.h"

#define AT "https://lookaside.fbsbx.com/f"
/* sha256 of "one", from sha256sum */
#define ONE "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"
#define URL "200|{\"url\":\"" AT "\"}"
#define SIZED(n) "200|{\"url\":\"" AT "\",\"file_size\":" n "}"
#define HASHED "200|{\"url\":\"" AT "\",\"sha256\":\"" ONE "\",\"file_size\":3}"
#define ERROR(code) "400|{\"error\":{\"code\":" code "}}"
#define FILE_ONE "200|one"
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define FIVE_HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
#define LARGE FIVE_HUNDRED FIVE_HUNDRED HUNDRED
#define REDIRECTED "302 at=127.0.0.1 to=" AT

/* Of one file and its run; nothing given: as struct run, id 7. */
struct given {
	const char *id;
	struct run run;
	const char *url;
	const char *announced; /* the content whose hash it is */
	const char *kept; /* likewise, as a row says */
	int64_t kept_bytes;
	const char *mime;
	enum media_outcome doubt;
	int due_s; /* from now; 0: nothing says it */
};

struct wanted {
	enum media_outcome outcome;
	enum loss loss;
	const char *asked; /* L or D and the second, for each request */
	enum media_outcome nearly;
};

struct fetched {
	struct run run;
	struct media_file file;
	struct fake_script script;
};

static void
fetch_one(struct place *p, const struct given *g, const char *const *turns, struct fetched *got)
{
	struct media_file *f = &got->file;
	void *items[1] = {f};
	struct list files = {items, 1, 1};

	*got = (struct fetched){.run = g->run, .script = {.id = or_else(g->id, "7")}};
	memcpy(got->script.turns, turns, sizeof(got->script.turns));
	*f = file_of(got->script.id);
	f->url = str_of(or_else(g->url, ""));
	f->mime_type = str_of(or_else(g->mime, ""));
	f->doubt = g->doubt;
	if (g->due_s != 0)
		f->deadline_us = FAKE_EPOCH_US + g->due_s * INT64_C(1000000);
	if (g->announced != NULL) {
		f->has_announced = true;
		f->announced = sha256_of(g->announced, strlen(g->announced));
	}
	if (g->kept != NULL) {
		f->has_kept = true;
		f->kept = sha256_of(g->kept, strlen(g->kept));
		f->kept_bytes = g->kept_bytes;
	}
	run_fetch(p, &got->run, &files, &got->script);
}

/* What goes with an outcome. */
static void
check_file(const char *name, const struct media_file *f)
{
	bool is_here = f->outcome == MEDIA_DOWNLOADED || f->outcome == MEDIA_UNVERIFIED ||
		       f->outcome == MEDIA_MISMATCH;

	if (f->is_here != is_here || f->is_denied != (f->loss == LOSS_NO_PERMISSION) ||
	    (f->outcome == MEDIA_TOO_LARGE) != (f->size_bytes > FETCH_MOST_BYTES && !f->was_here))
		fail_msg("%s: is here %d, is denied %d, %jd bytes", name, f->is_here, f->is_denied,
		    (intmax_t)f->size_bytes);
}

static void
check_wanted(const char *name, const struct fetched *got, const struct wanted *want)
{
	const struct media_file *f = &got->file;

	if (!str_is(f->media_id, got->run.done) || f->outcome != want->outcome ||
	    f->loss != want->loss || f->nearly != want->nearly ||
	    strcmp(got->script.asked, want->asked) != 0)
		fail_msg("%s: outcome %d, loss %d, nearly %d; asked %s, want %d, %d, %d; %s", name,
		    (int)f->outcome, (int)f->loss, (int)f->nearly, got->script.asked,
		    (int)want->outcome, (int)want->loss, (int)want->nearly, want->asked);
	assert_int_equal(f->tries, got->script.count);
	assert_int_equal(f->loss == LOSS_HOST_NOT_ALLOWED, got->run.host[0] != '\0');
	check_file(name, f);
}

/* Puts a file on the shelf. */
static void
shelve(struct place *p, const char *text)
{
	struct media_file f = {.fd = -1, .is_here = true}, *group[1] = {&f};
	struct err e = {0};
	struct shelf *s = shelf_open(p->shelf, &e);

	assert_non_null(s);
	f.sha256 = sha256_of(text, strlen(text));
	assert_int_equal(shelf_begin(s, &f, &e), 0);
	assert_int_equal(write(f.fd, text, strlen(text)), strlen(text));
	assert_int_equal(shelf_keep(s, group, 1, &e), 0);
	shelf_close(s);
}

struct row {
	struct given given;
	const char *turns[FAKE_TURNS];
	struct wanted wanted;
};

/* Of one file nobody can tell whether it or the hour is bad: what would be lost for good is
 * `failed`, nearly lost as the last word says. */
static const struct row rows[] = {
    /* with nothing to compare it with; with the hash of the lookup, of the announcement */
    {{0}, {URL, FILE_ONE}, {MEDIA_UNVERIFIED, LOSS_NONE, "L0 D0", 0}},
    {{0}, {HASHED, FILE_ONE}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0", 0}},
    {{.announced = "one"}, {URL, FILE_ONE}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0", 0}},
    /* the announced one counts, whatever the lookup says */
    {{.announced = "two"}, {HASHED, "200|two"}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0", 0}},
    {{.announced = "one"}, {SIZED("2"), FILE_ONE}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0", 0}},
    {{.announced = "one"}, {SIZED("4"), FILE_ONE}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0", 0}},
    {{.announced = ""}, {URL, "200|"}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0", 0}},

    /* again after 1 s, 2 s, 4 s, to 60 s; for as long as it may */
    {{0}, {"500", HASHED, FILE_ONE}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 L1 D1", 0}},
    {{0}, {"500", "500", "500", HASHED, FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 L1 L3 L7 D7", 0}},
    {{0}, {HASHED, "500", "500", FILE_ONE}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0 D1 D3", 0}},
    {{0}, {"500"},
	{MEDIA_FAILED, LOSS_SERVER_FAILED, "L0 L1 L3 L7 L15 L31 L63 L123 L183 L243 L303", 0}},
    {{.run.retry_s = 2}, {"500"}, {MEDIA_FAILED, LOSS_SERVER_FAILED, "L0 L1 L3", 0}},
    {{.run.retry_s = 2}, {HASHED, "500"}, {MEDIA_FAILED, LOSS_SERVER_FAILED, "L0 D0 D1 D3", 0}},
    {{0}, {"500", "500 wait=2", "500 wait=30", HASHED, FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 L1 L3 L33 D33", 0}},
    /* nobody waits longer than for a minute, or for what was given */
    {{.run.retry_s = 2}, {"500 wait=60", HASHED, FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 L60 D60", 0}},
    {{.run.retry_s = 2}, {"500 wait=61"}, {MEDIA_FAILED, LOSS_SERVER_FAILED, "L0", 0}},
    {{0}, {"500 wait=300", HASHED, FILE_ONE}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 L300 D300", 0}},
    {{0}, {"500 wait=301"}, {MEDIA_FAILED, LOSS_SERVER_FAILED, "L0", 0}},
    /* a URL lives for five minutes; of the last nobody makes use */
    {{0}, {HASHED, "500 wait=239", FILE_ONE}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0 D239", 0}},
    {{0}, {HASHED, "500 wait=241", HASHED, FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0 L241 D241", 0}},
    /* an answer of a lookup that is none */
    {{.run.retry_s = 2}, {"200|{}"}, {MEDIA_FAILED, LOSS_BAD_ANSWER, "L0 L1 L3", 0}},
    {{0}, {"200|{", HASHED, FILE_ONE}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 L1 D1", 0}},
    {{.run.retry_s = 2}, {"200|*70000"}, {MEDIA_FAILED, LOSS_NO_ANSWER, "L0 L1 L3", 0}},
    {{0}, {"400|*70000"}, {MEDIA_FAILED, LOSS_CALL_REFUSED, "L0", MEDIA_REFUSED}},

    /* too many calls: as long as a failing file */
    {{0}, {"429", "429", "429", HASHED, FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 L1 L3 L7 D7", 0}},
    {{0}, {ERROR("4"), HASHED, "429 wait=9", FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 L1 D1 D10", 0}},
    {{.run.retry_s = 2}, {"429"}, {MEDIA_FAILED, LOSS_TOO_MANY_CALLS, "L0 L1 L3", 0}},
    {{.run.retry_s = 2}, {"500", "500", "429", HASHED, FILE_ONE},
	{MEDIA_FAILED, LOSS_TOO_MANY_CALLS, "L0 L1 L3", 0}},

    /* redirects are followed three times, to where the token may go */
    {{0}, {HASHED, "302 to=" AT "1", "302 to=" AT "2", "302 to=" AT "3", FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0 D0 D0 D0", 0}},
    {{0}, {HASHED, "302 to=" AT},
	{MEDIA_FAILED, LOSS_REDIRECT_LOOP, "L0 D0 D0 D0 D0", MEDIA_REFUSED}},
    {{0}, {HASHED, "302"}, {MEDIA_FAILED, LOSS_REDIRECT_LOOP, "L0 D0", MEDIA_REFUSED}},
    {{0}, {HASHED, "399 to=" AT, "300 type=text/html to=" AT "|elsewhere", FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0 D0 D0", 0}},
    {{0}, {"300 to=https://graph.facebook.com/other|*70000", HASHED, FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 L0 D0", 0}},
    {{0}, {HASHED, "302 to=https://evil.example/"},
	{MEDIA_REFUSED, LOSS_HOST_NOT_ALLOWED, "L0 D0", 0}},
    {{0}, {"302 to=https://graph.facebook.com/other", HASHED, FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 L0 D0", 0}},
    /* each URL has its own */
    {{0}, {HASHED, "302 to=" AT, "302 to=" AT, "404", HASHED, "302 to=" AT, "302 to=" AT, FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0 D0 D0 L0 D0 D0 D0", 0}},
    {{0},
	{"302 to=https://graph.facebook.com/1", "302 to=https://graph.facebook.com/2", HASHED,
	    "302 to=" AT, "302 to=" AT, FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 L0 L0 D0 D0 D0", 0}},

    /* a body that is wrong may be right the next time, or the one after */
    {{0}, {HASHED, "200|two", HASHED, "200|two", HASHED, FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0 L1 D1 L3 D3", 0}},
    {{0}, {HASHED, "200|two", HASHED, "200|two", HASHED, "200|two"},
	{MEDIA_FAILED, LOSS_LOOKUP_HASH_DIFFERS, "L0 D0 L1 D1 L3 D3", MEDIA_MISMATCH}},
    {{.announced = "one"}, {URL, "200|two", URL, "200|two", URL, "200|two"},
	{MEDIA_FAILED, LOSS_HASH_DIFFERS, "L0 D0 L1 D1 L3 D3", MEDIA_MISMATCH}},
    {{0}, {SIZED("2"), FILE_ONE, SIZED("2"), FILE_ONE, SIZED("2"), FILE_ONE},
	{MEDIA_FAILED, LOSS_SIZE_DIFFERS, "L0 D0 L1 D1 L3 D3", MEDIA_MISMATCH}},
    {{0}, {SIZED("4"), FILE_ONE, SIZED("4"), FILE_ONE, SIZED("4"), FILE_ONE},
	{MEDIA_FAILED, LOSS_SIZE_DIFFERS, "L0 D0 L1 D1 L3 D3", MEDIA_MISMATCH}},
    {{0}, {URL, "200|", URL, "200|", URL, "200|"},
	{MEDIA_FAILED, LOSS_EMPTY, "L0 D0 L1 D1 L3 D3", MEDIA_MISMATCH}},
    {{0}, {URL, "206|one", URL, "206|one", URL, "206|one"},
	{MEDIA_FAILED, LOSS_PARTIAL, "L0 D0 L1 D1 L3 D3", MEDIA_MISMATCH}},
    {{0}, {HASHED, "206|one"}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0", 0}},
    {{.announced = "one"}, {URL, "206|one"}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0", 0}},
    {{0},
	{URL, "200 type=text/html|one", URL, "200 type=Text/HTML;c|one", URL,
	    "200 type=text/html|one"},
	{MEDIA_FAILED, LOSS_WEB_PAGE, "L0 D0 L1 D1 L3 D3", MEDIA_REFUSED}},
    {{.mime = "image/jpeg"}, {URL, "200 type=text/html|one", URL, FILE_ONE},
	{MEDIA_UNVERIFIED, LOSS_NONE, "L0 D0 L1 D1", 0}},
    {{.mime = "text/html"}, {URL, "200 type=text/html|one"},
	{MEDIA_UNVERIFIED, LOSS_NONE, "L0 D0", 0}},
    {{.mime = "text/htm"}, {URL, "200 type=text/html|one", URL, FILE_ONE},
	{MEDIA_UNVERIFIED, LOSS_NONE, "L0 D0 L1 D1", 0}},

    /* one that was so in another hour, too, is kept as it is */
    {{.doubt = MEDIA_MISMATCH}, {HASHED, "200|two", HASHED, "200|two", HASHED, "200|two"},
	{MEDIA_MISMATCH, LOSS_LOOKUP_HASH_DIFFERS, "L0 D0 L1 D1 L3 D3", 0}},

    /* the limit is 1,000 */
    {{0}, {SIZED("1001")}, {MEDIA_TOO_LARGE, LOSS_OVER_LIMIT, "L0", 0}},
    {{0}, {SIZED("1000"), "200|*1000"}, {MEDIA_UNVERIFIED, LOSS_NONE, "L0 D0", 0}},
    {{0}, {URL, "200|*1000"}, {MEDIA_UNVERIFIED, LOSS_NONE, "L0 D0", 0}},
    {{0}, {URL, "200|*1001"}, {MEDIA_TOO_LARGE, LOSS_OVER_LIMIT, "L0 D0", 0}},
    {{.announced = "one"},
	{SIZED("3"), "200|*1001", SIZED("3"), "200|*1001", SIZED("3"), "200|*1001"},
	{MEDIA_FAILED, LOSS_SIZE_DIFFERS, "L0 D0 L1 D1 L3 D3", MEDIA_MISMATCH}},

    /* a URL that is over: another three times, the first at once */
    {{0}, {HASHED, "403", HASHED, FILE_ONE}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0 L0 D0", 0}},
    {{0}, {HASHED, "404", HASHED, "410", HASHED, "403", HASHED, FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0 L0 D0 L1 D1 L3 D3", 0}},
    {{0}, {HASHED, "404", HASHED, "410", HASHED, "403", HASHED, "404"},
	{MEDIA_FAILED, LOSS_URL_DEAD, "L0 D0 L0 D0 L1 D1 L3 D3", 0}},

    /* what the API says of an id; for good if it was due, or was so in another hour */
    {{0}, {ERROR("33")}, {MEDIA_FAILED, LOSS_ID_GONE, "L0", MEDIA_ID_EXPIRED}},
    {{.due_s = -1}, {ERROR("100")}, {MEDIA_ID_EXPIRED, LOSS_ID_GONE, "L0", 0}},
    {{.due_s = 1}, {ERROR("100")}, {MEDIA_FAILED, LOSS_ID_GONE, "L0", MEDIA_ID_EXPIRED}},
    {{.due_s = -1}, {ERROR("131052")}, {MEDIA_FAILED, LOSS_FILE_NOT_AT_API, "L0", MEDIA_REFUSED}},
    {{.doubt = MEDIA_ID_EXPIRED}, {ERROR("33")}, {MEDIA_ID_EXPIRED, LOSS_ID_GONE, "L0", 0}},
    {{.doubt = MEDIA_MISMATCH}, {ERROR("33")},
	{MEDIA_FAILED, LOSS_ID_GONE, "L0", MEDIA_ID_EXPIRED}},
    {{.doubt = MEDIA_REFUSED}, {ERROR("777777")}, {MEDIA_REFUSED, LOSS_CALL_REFUSED, "L0", 0}},
    {{0}, {"200|{\"error\":{\"code\":777777}}"},
	{MEDIA_FAILED, LOSS_CALL_REFUSED, "L0", MEDIA_REFUSED}},
    {{0}, {HASHED, ERROR("131052")}, {MEDIA_FAILED, LOSS_FILE_NOT_AT_API, "L0 D0", MEDIA_REFUSED}},
    {{0}, {ERROR("10")}, {MEDIA_FAILED, LOSS_NO_PERMISSION, "L0", 0}},
    {{0}, {HASHED, "401"}, {MEDIA_FAILED, LOSS_NO_PERMISSION, "L0 D0", 0}},

    /* the transport */
    {{0}, {"0 fails=28", HASHED, "200 fails=18|on", FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "L0 L1 D1 D3", 0}},
    /* where there was an answer it is not the API that is away */
    {{.run.retry_s = 2}, {"500", "0 fails=28"}, {MEDIA_FAILED, LOSS_NO_ANSWER, "L0 L1 L3", 0}},
    {{.run.retry_s = 2}, {HASHED, "0 fails=28"}, {MEDIA_FAILED, LOSS_NO_ANSWER, "L0 D0 D1 D3", 0}},
    {{.run.retry_s = 2}, {HASHED, "0 fails=60"}, {MEDIA_FAILED, LOSS_NO_ANSWER, "L0 D0 D1 D3", 0}},
    {{0}, {HASHED, "200 at=10.0.0.1|one"}, {MEDIA_REFUSED, LOSS_PRIVATE_ADDRESS, "L0 D0", 0}},
    {{0}, {"200 at=157.240.0.1|{\"url\":\"" AT "\"}", "200 at=157.240.0.1|one"},
	{MEDIA_UNVERIFIED, LOSS_NONE, "L0 D0", 0}},

    /* what need not be asked for */
    {{.id = "../x"}, {HASHED}, {MEDIA_REFUSED, LOSS_BAD_ID, "", 0}},
    {{0}, {"200|{\"url\":\"http://lookaside.fbsbx.com/\"}"},
	{MEDIA_REFUSED, LOSS_NOT_HTTPS, "L0", 0}},
    {{.run.provider = "ycloud"}, {FILE_ONE}, {MEDIA_REFUSED, LOSS_NO_URL, "", 0}},
    /* without a lookup there is no other URL */
    {{.run.provider = "ycloud", .url = "https://api.ycloud.com/f"}, {FILE_ONE},
	{MEDIA_UNVERIFIED, LOSS_NONE, "D0", 0}},
    {{.run.provider = "ycloud", .url = "https://api.ycloud.com/f", .announced = "one"},
	{"500", "200|two", "500 wait=300", FILE_ONE},
	{MEDIA_DOWNLOADED, LOSS_NONE, "D0 D1 D2 D302", 0}},
    {{.run.provider = "ycloud", .url = "https://api.ycloud.com/f"},
	{"200 type=text/html|one", "200 type=text/html|one", FILE_ONE},
	{MEDIA_UNVERIFIED, LOSS_NONE, "D0 D1 D3", 0}},
    {{.run.provider = "ycloud", .url = "https://api.ycloud.com/f"}, {"404"},
	{MEDIA_FAILED, LOSS_URL_DEAD, "D0", MEDIA_ID_EXPIRED}},
    {{.run.provider = "ycloud", .url = AT}, {FILE_ONE},
	{MEDIA_REFUSED, LOSS_HOST_NOT_ALLOWED, "", 0}},
};

static void
test_outcomes(void **state)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fetched got;
		char name[16];

		snprintf(name, sizeof(name), "row %zu", i);
		fetch_one(*state, &rows[i].given, rows[i].turns, &got);
		if (got.run.rc != 0)
			fail_msg("%s: %s", name, got.run.e.text);
		check_wanted(name, &got, &rows[i].wanted);
	}
}

/* What stops all of it: its code and its words, and what is noted of the file, if anything. */
static const struct {
	const char *turns[FAKE_TURNS];
	enum err_code code;
	const char *text;
	struct wanted wanted;
} stops[] = {
    {{ERROR("190")}, ERR_PERMISSION,
	"lookup of a file: the Graph API says 190: ", {MEDIA_FAILED, LOSS_NO_ACCESS, "L0", 0}},
    {{"401"}, ERR_PERMISSION,
	"lookup of a file: HTTP status 401: ", {MEDIA_FAILED, LOSS_NO_ACCESS, "L0", 0}},
    {{HASHED, ERROR("368")}, ERR_PERMISSION,
	"download of a file: the Graph API says 368: ", {MEDIA_FAILED, LOSS_NO_ACCESS, "L0 D0", 0}},
    {{"429 wait=301"}, ERR_TEMPORARY, "too many calls: the API wants none for 301 seconds",
	{MEDIA_FAILED, LOSS_TOO_MANY_CALLS, "L0", 0}},
    {{"0 fails=60"}, ERR_UNAVAILABLE, "the certificate of the Graph API is not valid",
	{MEDIA_NONE, LOSS_NONE, "L0", 0}},
    {{"0 at=10.0.0.1"}, ERR_CONFIG, "the Graph API has a private address here",
	{MEDIA_NONE, LOSS_NONE, "L0", 0}},
    /* never an answer, for as long as a file is tried */
    {{"0 fails=28"}, ERR_UNAVAILABLE, "no answer of the Graph API: ",
	{MEDIA_NONE, LOSS_NONE, "L0 L1 L3 L7 L15 L31 L63 L123 L183 L243 L303", 0}},
};

static void
test_stops(void **state)
{
	static const struct given given;

	for (size_t i = 0; i < COUNT(stops); i++) {
		struct fetched got;
		char name[16];

		snprintf(name, sizeof(name), "stop %zu", i);
		fetch_one(*state, &given, stops[i].turns, &got);
		if (got.run.rc != -1 || got.run.e.code != stops[i].code ||
		    strncmp(got.run.e.text, stops[i].text, strlen(stops[i].text)) != 0)
			fail_msg("%s: %d, code %d, %s", name, got.run.rc, (int)got.run.e.code,
			    got.run.e.text);
		if (stops[i].wanted.outcome == MEDIA_NONE) {
			assert_string_equal(got.run.done, "");
			assert_string_equal(got.script.asked, stops[i].wanted.asked);
		} else {
			check_wanted(name, &got, &stops[i].wanted);
		}
	}
}

/* What is noted of the last request, not of one before. */
static void
test_last_word(void **state)
{
	static const struct given given = {.run.retry_s = 2};
	static const struct {
		const char *turns[FAKE_TURNS];
		int http_status;
		int32_t graph_code;
	} words[] = {
	    {{ERROR("33")}, 400, 33},
	    {{HASHED, FILE_ONE}, 200, GRAPH_NO_CODE},
	    {{HASHED, "500|{\"error\":{\"code\":2}}"}, 500, 2},
	    {{"500|{\"error\":{\"code\":2}}", HASHED, "0 fails=28"}, 0, GRAPH_NO_CODE},
	    {{"500|{\"error\":{\"code\":2}}", "500"}, 500, GRAPH_NO_CODE},
	    {{ERROR("2"), "302"}, 302, GRAPH_NO_CODE},
	};

	for (size_t i = 0; i < COUNT(words); i++) {
		struct fetched got;

		fetch_one(*state, &given, words[i].turns, &got);
		if (got.file.http_status != words[i].http_status ||
		    got.file.graph_code != words[i].graph_code)
			fail_msg(
			    "word %zu: %d, %d", i, got.file.http_status, (int)got.file.graph_code);
	}
}

/* Where a lookup goes, and with what. */
static void
test_requests(void **state)
{
	static const struct {
		struct given given;
		const char *url;
		const char *token;
	} asked[] = {
	    {{0}, "https://graph.facebook.com:443/v23.0/7?phone_number_id=15550000001",
		"Authorization: Bearer canary"},
	    {{.run.phone = "no/number"}, "https://graph.facebook.com:443/v23.0/7",
		"Authorization: Bearer canary"},
	    {{.run.base = "http://127.0.0.1:8080/v1//"},
		"http://127.0.0.1:8080/v1/7?phone_number_id=15550000001",
		"Authorization: Bearer canary"},
	    {{.run.base = "http://127.0.0.1/"}, "http://127.0.0.1:80/7?phone_number_id=15550000001",
		"Authorization: Bearer canary"},
	    {{.run.provider = "360dialog"}, "https://waba-v2.360dialog.io:443/7",
		"D360-API-KEY: canary"},
	};
	static const char *const turns[FAKE_TURNS] = {ERROR("33")};

	for (size_t i = 0; i < COUNT(asked); i++) {
		struct fetched got;

		fetch_one(*state, &asked[i].given, turns, &got);
		assert_string_equal(got.script.url, asked[i].url);
		assert_string_equal(fake.last.token, asked[i].token);
		assert_int_equal(fake.last.timeout_s, 2 * FETCH_TIMEOUT_S);
		assert_int_equal(fake.last.slow_s, FETCH_TIMEOUT_S);
	}
}

/* A given API may have a private address, a file elsewhere may not. */
static void
test_private(void **state)
{
	static const struct given given = {.run.base = "http://127.0.0.1:8080"};
	static const char *const turns[FAKE_TURNS] = {
	    "200 at=127.0.0.1|{\"url\":\"http://127.0.0.1:8080/f\"}", REDIRECTED,
	    "200 at=127.0.0.1|one"};
	static const struct wanted wanted = {MEDIA_REFUSED, LOSS_PRIVATE_ADDRESS, "L0 D0 D0", 0};
	struct fetched got;

	fetch_one(*state, &given, turns, &got);
	assert_int_equal(got.run.rc, 0);
	check_wanted("private", &got, &wanted);
}

/* What lies on the shelf is not fetched. */
static void
test_is_here(void **state)
{
	static const char *const turns[FAKE_TURNS] = {HASHED, FILE_ONE};
	static const struct {
		struct given given;
		struct wanted wanted;
	} here[] = {
	    {{.announced = "one"}, {MEDIA_DOWNLOADED, LOSS_NONE, "", 0}},
	    {{0}, {MEDIA_DOWNLOADED, LOSS_NONE, "L0", 0}},
	    {{.announced = "two"},
		{MEDIA_FAILED, LOSS_HASH_DIFFERS, "L0 D0 L1 D1 L3 D3", MEDIA_MISMATCH}},
	};

	const struct sha256 one = sha256_of("one", 3);

	shelve(*state, "one");
	for (size_t i = 0; i < COUNT(here); i++) {
		struct fetched got;

		fetch_one(*state, &here[i].given,
		    i == 2 ? (const char *const[FAKE_TURNS]){HASHED, FILE_ONE, HASHED, FILE_ONE,
				 HASHED, FILE_ONE}
			   : turns,
		    &got);
		assert_int_equal(got.run.rc, 0);
		check_wanted("here", &got, &here[i].wanted);
		assert_int_equal(got.file.was_here, i < 2);
		assert_int_equal(got.file.is_here, i < 2);
		assert_true(i == 2 || got.file.size_bytes == 3);
		assert_true(i == 2 || memcmp(&got.file.sha256, &one, sizeof(one)) == 0);
	}
}

/* What a row says is kept is looked for; of one that lies here, larger than files may be now, the
 * row tells that it is ours. */
static void
test_is_kept(void **state)
{
	static const char large[] = LARGE;
	static const struct {
		struct given given;
		bool is_kept;
		struct wanted wanted;
	} kept[] = {
	    {{.kept = "one", .kept_bytes = 3}, true, {MEDIA_DOWNLOADED, LOSS_NONE, "L0", 0}},
	    {{.kept = "one", .kept_bytes = MEDIA_NO_SIZE}, true,
		{MEDIA_DOWNLOADED, LOSS_NONE, "L0", 0}},
	    {{.kept = "two", .kept_bytes = 3}, false, {MEDIA_DOWNLOADED, LOSS_NONE, "L0", 0}},
	    {{.announced = "two", .kept = "one", .kept_bytes = 3}, true,
		{MEDIA_DOWNLOADED, LOSS_NONE, "L0 D0", 0}},
	    {{.announced = large, .kept = large, .kept_bytes = sizeof(large) - 1}, true,
		{MEDIA_DOWNLOADED, LOSS_NONE, "", 0}},
	    {{.announced = large, .kept = large, .kept_bytes = sizeof(large) - 2}, false,
		{MEDIA_TOO_LARGE, LOSS_OVER_LIMIT, "L0 D0", 0}},
	    {{.announced = large, .kept = large, .kept_bytes = MEDIA_NO_SIZE}, false,
		{MEDIA_TOO_LARGE, LOSS_OVER_LIMIT, "L0 D0", 0}},
	    {{.announced = large, .kept = "one", .kept_bytes = 5000}, true,
		{MEDIA_TOO_LARGE, LOSS_OVER_LIMIT, "L0 D0", 0}},
	    {{.announced = large}, false, {MEDIA_TOO_LARGE, LOSS_OVER_LIMIT, "L0 D0", 0}},
	};

	shelve(*state, "one");
	shelve(*state, large);
	for (size_t i = 0; i < COUNT(kept); i++) {
		bool is_large = kept[i].given.announced == large;
		struct fetched got;
		char name[16];

		snprintf(name, sizeof(name), "kept %zu", i);
		fetch_one(*state, &kept[i].given,
		    is_large ? (const char *const[FAKE_TURNS]){URL, "200|" LARGE}
		    : i == 3 ? (const char *const[FAKE_TURNS]){URL, "200|two"}
			     : (const char *const[FAKE_TURNS]){HASHED, FILE_ONE},
		    &got);
		assert_int_equal(got.run.rc, 0);
		check_wanted(name, &got, &kept[i].wanted);
		if (got.file.is_kept != kept[i].is_kept)
			fail_msg("%s: is kept %d", name, got.file.is_kept);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_outcomes, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_stops, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_last_word, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_requests, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_private, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_is_here, make_place, remove_place),
	    cmocka_unit_test_setup_teardown(test_is_kept, make_place, remove_place),
	};

	log_set_level(LOG_QUIET);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
