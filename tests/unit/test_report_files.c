/*
 * The report as JSON and as HTML: values, escapes, the policy of the page, what the archive gets.
 */
#include "report_sample.h"

#include "base/json.h"
#include "base/sha256.h"

static char *
json_text_of(const struct report *r)
{
	struct err e;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(report_write_json(r, out, &e), 0);
	fclose(out);
	return text;
}

static char *
html_text(const struct report *r, bool is_archive)
{
	struct report_html_options options = {is_archive};
	struct err e;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(report_write_html(r, &options, out, &e), 0);
	fclose(out);
	return text;
}

/* The value at a path of names, `a/b`; an array gives its first element to a name. */
static struct str
json_at(const char *text, const char *path)
{
	struct str value = str_of(text);

	while (*path != '\0') {
		size_t length = strcspn(path, "/");
		char name[64];
		struct json_walk w = json_enter(value);

		snprintf(name, sizeof(name), "%.*s", (int)length, path);
		if (json_kind(value) == JSON_ARRAY && !json_element(&w, &value))
			return STR_NULL;
		value = json_get(value, name);
		path += length + (path[length] == '/');
	}
	return value;
}

static void
expect_json(const char *text)
{
	struct json_check check = json_check(text, strlen(text));

	assert_int_equal(check.fault, JSON_OK);
	assert_string_equal(text + check.end, "\n");
	assert_int_equal(json_kind(str_of(text)), JSON_OBJECT);
}

/* Of full_report with the activation `incomplete`. */
static const struct {
	const char *path;
	const char *value;
} members[] = {
    {"format", "\"coexsync-report\""},
    {"version", "1"},
    {"account", "\"15550100001\""},
    {"phone_number_id", "\"100000000000001\""},
    {"as_of", "\"2026-05-02T09:00:00Z\""},
    {"activations/onboarded_at", "\"2026-03-01T09:00:00Z\""},
    {"activations/is_inferred", "false"},
    {"activations/verdict", "\"incomplete\""},
    {"activations/reasons/code", "\"chunks_missing\""},
    {"activations/phases/phase", "0"},
    {"activations/phases/chunks", "3"},
    {"activations/phases/lowest_order", "0"},
    {"activations/phases/highest_order", "2"},
    {"activations/phases/missing", "\"\""},
    {"activations/phases/progress", "55"},
    {"activations/phases/messages", "120"},
    {"activations/phases/newest", "\"2026-03-01T08:00:00Z\""},
    {"account_events/at", "\"2026-05-01T09:00:00Z\""},
    {"account_events/event", "\"ACCOUNT_RECONNECTED\""},
    {"account_events/reason", "null"},
    {"activations/timeline/first_day", "\"2025-09-02\""},
    {"activations/timeline/last_day", "\"2026-03-01\""},
    {"activations/timeline/older", "3"},
    {"activations/timeline/later", "4"},
    {"names/source", "\"address_book\""},
    {"names/people", "40"},
    {"media/ages/age", "\"window\""},
    {"media/ages/state", "\"announced\""},
    {"media/ages/files", "4"},
    {"media/ages/deadline", "\"2026-05-03T09:00:00Z\""},
    {"messages/total", "12"},
    {"messages/conversations", "4"},
    {"messages/proposals", "3"},
    {"messages/inbound", "6"},
    {"messages/outbound", "5"},
    {"messages/direction_unknown", "1"},
    {"messages/oldest", "\"2025-12-01T09:00:00Z\""},
    {"messages/events", "52"},
    {"messages/conflicts", "14"},
    {"conflicting/wamid", "\"wamid.<b>A\""},
    {"conflicting/fields", "\"direction, content\""},
    {"conflicting/contents/sha256", "\"" HASH_A "\""},
    {"conflicting/contents/stream", "\"live\""},
    {"contacts", "51"},
    {"accounting/seen", "21"},
    {"accounting/inserted", "10"},
    {"accounting/enriched", "1"},
    {"accounting/duplicate", "6"},
    {"accounting/conflicting", "2"},
    {"accounting/rejected", "0"},
    {"accounting/excluded", "2"},
    {"accounting/adds_up", "true"},
    {"accounting/chunks", "33"},
    {"repairs/text_repaired", "41"},
    {"repairs/time_unusable", "42"},
    {"repairs/direction_unknown", "43"},
    {"repairs/types_unknown", "44"},
    {"repairs/group_events", "45"},
    {"media/states/state", "\"announced\""},
    {"media/states/files", "5"},
    {"media/losses/state", "\"id_expired\""},
    {"media/losses/reason", "\"not_tried\""},
    {"media/losses/files", "31"},
    {"media/next_deadline", "\"2026-05-03T09:00:00Z\""},
    {"media/expiring", "212"},
    {"media/max_age_hours", "336"},
    {"media/id_life_hours", "168"},
    {"rejects/code", "\"json_syntax\""},
    {"rejects/items", "3"},
    {"payloads/total", "9"},
    {"payloads/with_rejects", "1"},
    {"payloads/without_raw", "2"},
    {"next/command", "\"coexsync media --account=15550100001 --token-file=FILE --media-dir=DIR\""},
};

static void
test_json(void **state)
{
	struct report_timeline timeline = timeline_with_hole();
	struct report_activation activation = incomplete;
	struct report r = full_report(&activation, 1);
	char *text;

	(void)state;
	activation.timeline = &timeline;
	text = json_text_of(&r);
	expect_json(text);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		struct str value = json_at(text, members[i].path);

		if (!str_is(value, members[i].value))
			fail_msg("%s is %.*s", members[i].path, STR_ARG(value));
	}
	free(text);
}

/* The oldest day first: 90 without messages, then 1 (of day 90), 10 (89) … and 1 on the last. */
static void
test_json_timeline(void **state)
{
	struct report_timeline timeline = timeline_with_hole();
	struct report_activation activation = incomplete;
	struct report r = full_report(&activation, 1);
	struct str days, day;
	struct json_walk w;
	char *text;
	int count = 0;

	(void)state;
	activation.timeline = &timeline;
	text = json_text_of(&r);
	days = json_at(text, "activations/timeline/days");
	for (w = json_enter(days); json_element(&w, &day); count++) {
		bool is_hole = count < 90 || (count >= 154 && count <= 160);

		assert_int_equal(str_is(day, "0"), is_hole);
		if (count == 90 || count == 180)
			assert_true(str_is(day, "1"));
		if (count == 91)
			assert_true(str_is(day, "10"));
	}
	assert_int_equal(count, 181);
	free(text);
	activation.timeline = NULL;
	text = json_text_of(&r);
	assert_true(str_is(json_at(text, "activations/timeline"), "null"));
	free(text);
}

static void
test_json_hostile(void **state)
{
	struct report_activation later = activation_of(T_SECOND, "complete", one_phase);
	struct report r = full_report(&later, 1);
	struct arena *a = arena_new();
	unsigned repairs = 0;
	char *text;

	(void)state;
	r.account = STR_LIT("<script>\"\\\033\n\xE2\x80\xAE");
	r.phone_number_id = STR_NULL;
	r.next_deadline_us = TIME_NONE;
	text = json_text_of(&r);
	expect_json(text);
	assert_true(str_equal(json_text(a, json_at(text, "account"), &repairs), r.account));
	assert_true(str_is(json_at(text, "phone_number_id"), "null"));
	assert_true(str_is(json_at(text, "media/next_deadline"), "null"));
	assert_true(str_is(json_at(text, "activations/reasons"), "[]"));
	assert_true(str_is(json_at(text, "activations/is_inferred"), "true"));
	assert_true(str_is(json_at(text, "activations/phases/oldest"), "null"));
	free(text);
	arena_free(a);
}

static void
test_json_not_said(void **state)
{
	struct report_activation activation = activation_of(T_FIRST, "incomplete", two_phases + 1);
	struct report r = full_report(&activation, 1);
	char *text = json_text_of(&r);

	(void)state;
	expect_json(text);
	assert_true(str_is(json_at(text, "activations/phases/progress"), "null"));
	assert_true(str_is(json_at(text, "activations/phases/missing"), "\"4, 7-9, 11\""));
	free(text);
}

static void
test_json_without_activation(void **state)
{
	struct report r = full_report(NULL, 0);
	char *text = json_text_of(&r);

	(void)state;
	expect_json(text);
	assert_true(str_is(json_at(text, "activations"), "[]"));
	free(text);
}

static void
test_html(void **state)
{
	static const char *const wanted[] = {"<!DOCTYPE html>\n<html lang=\"en\">",
	    "content=\"default-src 'none'; style-src 'sha256-", "<bdi>Verdict: incomplete</bdi>",
	    "<caption>Phases of the history</caption>", "<th scope=\"col\">missing</th>",
	    "<td><bdi>4, 7-9, 11</bdi></td>",
	    "<time datetime=\"2025-12-01T09:00:00Z\">2025-12-01T09:00:00Z</time>",
	    "<bdi>5 chunks of phase 1 are missing (chunks_missing)</bdi>",
	    "<bdi>seen 21 = inserted 10 + enriched 1 + duplicate 6 + conflicting 2 + rejected 0 + "
	    "excluded 2</bdi>",
	    "<caption>What became of the account</caption>", "PARTNER_&lt;b&gt;REMOVED",
	    "<caption>Messages in conflict</caption>", "<bdi>wamid.&lt;b&gt;A</bdi>",
	    "<bdi>direction, content</bdi>", "<bdi>live 01234567, history media fedcba98</bdi>",
	    "<bdi>wamid.12</bdi>", "<bdi>and 2 more</bdi>", "(&lt;b&gt;code)",
	    "<bdi>&lt;i&gt;new</bdi>", "<bdi>&lt;u&gt;age</bdi>", "<bdi>&lt;u&gt;name</bdi>",
	    "<caption>Files by state and age</caption>", "<caption>Lost files by reason</caption>",
	    "<bdi>host_not_allowed</bdi></td><td class=\"number\">32</td><td><bdi>its URL leads",
	    "<bdi>&lt;s&gt;new</bdi>", "<bdi>&lt;q&gt;reason</bdi>",
	    "<bdi>unknown types</bdi></th><td class=\"number\">44</td>",
	    "<bdi>group statuses</bdi></th><td class=\"number\">45</td>",
	    /* 10 of 21, and none at all */
	    "<rect width=\"47.6\" height=\"10\"/>", "<rect width=\"0.0\" height=\"10\"/>",
	    "</html>\n", NULL};
	static const char *const unwanted[] = {"<script", "<b>", "<i>", "<u>", "<s>", "<q>", "\033",
	    "\a", "http:", "https:", "src=", "href=", NULL};
	struct report r = full_report(&incomplete, 1);
	char *text = html_text(&r, false);

	(void)state;
	expect_all(text, wanted);
	expect_none(text, unwanted);
	free(text);
}

/* Each day that has messages is a bar and a number; the highest day fills the drawing. */
static void
test_html_timeline(void **state)
{
	static const char *const wanted[] = {
	    "<rect x=\"360\" y=\"90.0\" width=\"3\" height=\"10.0\"><title>2025-12-01: 1</title>",
	    "<rect x=\"364\" y=\"0.0\" width=\"3\" height=\"100.0\"><title>2025-12-02: 10</title>",
	    "<rect x=\"720\" y=\"90.0\" width=\"3\" height=\"10.0\"><title>2026-03-01: 1</title>",
	    /* days 26 to 20 */
	    "<rect class=\"hole\" x=\"616\" width=\"28\" height=\"100\"/>",
	    "<bdi>None on 7 of them, longest: 2026-02-03 to 2026-02-09 (7 days).</bdi>",
	    "<caption>Messages of each day, ten days a row</caption>",
	    "\n<tr><th scope=\"row\"><bdi>2026-03-01</bdi></th><td class=\"number\">1</td><td>",
	    NULL};
	static const char *const unwanted[] = {
	    "2025-11-30: ", "2026-02-03: ", "2026-02-09: ", "nan", NULL};
	struct report_timeline timeline = timeline_with_hole(), empty = {.later = 1};
	struct report_activation activation = incomplete;
	struct report r = full_report(&activation, 1);
	char *text;

	(void)state;
	activation.timeline = &timeline;
	text = html_text(&r, true);
	expect_all(text, wanted);
	expect_none(text, unwanted);
	free(text);
	activation.timeline = &empty;
	text = html_text(&r, true);
	expect_none(text, unwanted);
	assert_non_null(strstr(text, "No message was sent in these days."));
	free(text);
}

/* The policy must name the very style sheet of the page, or browsers show none. */
static void
test_html_policy(void **state)
{
	struct report r = full_report(&incomplete, 1);
	char *text = html_text(&r, false);
	const char *digest = strstr(text, "style-src 'sha256-");
	const char *style = strstr(text, "<style>"), *end = strstr(text, "</style>");
	struct sha256 named, actual;

	(void)state;
	assert_non_null(digest);
	assert_non_null(style);
	assert_non_null(end);
	style += strlen("<style>");
	actual = sha256_of(style, (size_t)(end - style));
	assert_true(sha256_parse((struct str){digest + strlen("style-src 'sha256-"), 44}, &named));
	assert_memory_equal(named.bytes, actual.bytes, SHA256_BYTES);
	assert_null(strstr(text, "style="));
	free(text);
}

static void
test_html_hostile(void **state)
{
	static const char *const unwanted[] = {
	    "<script", "\033", "\xC2\x9B", "\xE2\x80\xAE", "\xFF", NULL};
	struct report r = full_report(&incomplete, 1);
	char *text;

	(void)state;
	r.account = STR_LIT(HOSTILE);
	r.phone_number_id = STR_LIT("\" onload=\"x");
	text = html_text(&r, false);
	assert_non_null(strstr(text,
	    "<bdi>&lt;script&gt;&quot;&amp;&#39;\xEF\xBF\xBD[2J\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
	    "\xEF\xBF\xBD\xE6\x97\xA5\xE6\x9C\xAC</bdi>"));
	assert_non_null(strstr(text, "<bdi>&quot; onload=&quot;x</bdi>"));
	expect_none(text, unwanted);
	free(text);
}

/* Facts only: nothing that depends on how often and in which order payloads were given. */
static void
test_html_archive(void **state)
{
	static const char *const unwanted[] = {"inserted", "enriched", "duplicate", "conflicting",
	    "seen 21", "Accounting", "GET /", "remedy", NULL};
	struct report r = full_report(&incomplete, 1), again = r;
	char *text, *second;

	(void)state;
	again.counts.seen = 40;
	again.counts.outcomes[OUTCOME_DUPLICATE] = 25;
	text = html_text(&r, true);
	second = html_text(&again, true);
	expect_none(text, unwanted);
	assert_non_null(strstr(text, "<caption>Messages</caption>"));
	assert_string_equal(text, second);
	free(text);
	free(second);
}

static void
test_html_without_activation(void **state)
{
	struct report r = full_report(NULL, 0);
	char *text = html_text(&r, true);

	(void)state;
	assert_non_null(strstr(text, "There is no activation"));
	assert_null(strstr(text, "Verdict:"));
	free(text);
}

/* A full disk is an error with a cause. */
static void
test_write_fails(void **state)
{
	struct report r = full_report(&incomplete, 1);
	struct report_style style = {80, false, false};
	struct report_html_options options = {false};
	struct err e[3] = {{0}};
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	if (full == NULL)
		skip();
	assert_int_equal(report_write_terminal(&r, &style, full, &e[0]), -1);
	assert_int_equal(report_write_json(&r, full, &e[1]), -1);
	assert_int_equal(report_write_html(&r, &options, full, &e[2]), -1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(e[i].code, ERR_IO);
	assert_non_null(strstr(e[0].text, "No space left"));
	fclose(full);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_json_timeline),
	    cmocka_unit_test(test_json_hostile),
	    cmocka_unit_test(test_json_not_said),
	    cmocka_unit_test(test_json_without_activation),
	    cmocka_unit_test(test_html),
	    cmocka_unit_test(test_html_timeline),
	    cmocka_unit_test(test_html_policy),
	    cmocka_unit_test(test_html_hostile),
	    cmocka_unit_test(test_html_archive),
	    cmocka_unit_test(test_html_without_activation),
	    cmocka_unit_test(test_write_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
