/*
 * The drawings of the terminal: the days before an onboarding, holes and all, and the funnel.
 */
#include <locale.h>

#include "report_sample.h"

#include "report/funnel.h"
#include "report/timeline.h"

#define FULL "\xE2\x96\x88"
#define LEFT_HALF "\xE2\x96\x8C"
#define EIGHTH "\xE2\x96\x81"
#define DOT "\xC2\xB7"

/* What stands under a heading that begins with `title`, up to the next blank line. */
static char *
section_of(const struct report *r, const char *title, int columns, bool is_unicode)
{
	const struct report_style style = {columns, is_unicode, false};
	char *text = NULL, *at, *end;
	struct err e;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(report_write_terminal(r, &style, out, &e), 0);
	fclose(out);
	at = strstr(text, title);
	assert_non_null(at);
	end = strstr(at, "\n\n");
	end = end == NULL ? at + strlen(at) : end + 1;
	at = strndup(at, (size_t)(end - at));
	free(text);
	return at;
}

/* The timeline of T_FIRST with what is set, drawn. */
static char *
drawn(struct report_timeline *t, int columns, bool is_unicode)
{
	struct report_activation activation = activation_of(T_FIRST, "complete", one_phase);
	struct report r = full_report(&activation, 1);

	activation.timeline = t;
	return section_of(&r, "Messages a day", columns, is_unicode);
}

static void
put(struct report_timeline *t, int oldest, int newest, int64_t messages)
{
	for (int day = newest; day <= oldest; day++)
		t->days[day] = messages;
}

/* `n` times the mark, behind the indent. */
static const char *
times(int n, const char *mark)
{
	static char text[4][1024];
	static int turn;
	char *to = text[turn = (turn + 1) % 4];
	size_t length = 0;

	for (to[0] = '\0'; n > 0; n--)
		length += (size_t)snprintf(to + length, sizeof(text[0]) - length, "%s", mark);
	return to;
}

static void
expect_line(const char *text, const char *format, const char *a, const char *b, const char *c)
{
	char line[4096];

	/* three parts at most, each followed by the next */
	snprintf(line, sizeof(line), format, a, b, c);
	if (strstr(text, line) == NULL)
		fail_msg("not there: %s\nin:\n%s", line, text);
}

static void
test_empty(void **state)
{
	struct report_timeline t = {.later = 2};
	char *text = drawn(&t, 80, true);

	(void)state;
	assert_string_equal(text, "Messages a day, the 180 days before 2026-03-01\n"
				  "  No message was sent in these days.\n"
				  "  2 were sent after that day.\n");
	free(text);
}

/* Without a time of onboarding there are no days before it. */
static void
test_no_time(void **state)
{
	struct report r = full_report(&incomplete, 1);
	char *text = section_of(&r, "verdict", 80, true);

	(void)state;
	assert_null(strstr(text, "Messages a day"));
	free(text);
}

/* One day is one bar of full height; 181 days are 61 columns of three, 37 of five. */
static void
test_one_day(void **state)
{
	static const struct {
		int day, columns, before, behind;
	} cases[] = {{0, 80, 60, 0}, {2, 80, 60, 0}, {3, 80, 59, 1}, {180, 80, 0, 60},
	    {0, 40, 36, 0}, {4, 40, 36, 0}, {5, 40, 35, 1}, {180, 40, 0, 36}, {0, 93, 90, 0},
	    {1, 93, 90, 0}, {2, 93, 89, 1}, {1, 183, 179, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct report_timeline t = {.days = {0}};
		char *text;

		t.days[cases[i].day] = 7;
		text = drawn(&t, cases[i].columns, true);
		expect_line(text, "\n  %s" FULL "\n%s%s", times(cases[i].before, " "), "", "");
		expect_line(text, "\n  %s" FULL "%s\n  2025-09-02%s", times(cases[i].before, DOT),
		    times(cases[i].behind, DOT), "");
		free(text);
		text = drawn(&t, cases[i].columns, false);
		expect_line(text, "\n  %s|%s\n  2025-09-02%s", times(cases[i].before, "_"),
		    times(cases[i].behind, "_"), "");
		free(text);
	}
}

static void
test_scale_and_axis(void **state)
{
	struct report_timeline t = {.days = {0}};
	char *text;

	(void)state;
	put(&t, 180, 90, 1);
	put(&t, 89, 3, 4000);
	put(&t, 2, 0, 8000);
	text = drawn(&t, 80, true);
	/* a third of a day's highest column is half of it; hardly anything is still an eighth */
	expect_line(text, "\n  %s%s" FULL "\n%s", times(31, " "), times(29, " "), "");
	expect_line(text, "\n  %s%s" FULL "\n  2025-09-02", times(31, EIGHTH), times(29, FULL), "");
	expect_line(text, "\n  2025-09-02%s2026-03-01\n  A column is 3 days.\n%s%s", times(41, " "),
	    "", "");
	free(text);
	text = drawn(&t, 80, false);
	expect_line(text, "\n  %s%s|\n  2025-09-02", times(31, "."), times(29, "|"), "");
	free(text);
	text = drawn(&t, 40, false);
	expect_line(text, "\n  2025-09-02%s2026-03-01\n  A column is 5 days.\n%s%s", times(17, " "),
	    "", "");
	free(text);
	text = drawn(&t, 183, false);
	assert_null(strstr(text, "A column is"));
	free(text);
}

/* A week without messages: dots at 80, and what fills a column of five days at 40; in words too. */
static void
test_hole(void **state)
{
	struct report_timeline t = timeline_with_hole();
	char *text = drawn(&t, 80, true);

	(void)state;
	/* days 20 to 26: the columns of 21-23 and 24-26 are empty, that of 18-20 is not */
	assert_non_null(strstr(text, DOT DOT));
	expect_line(text, "\n  %s", times(30, DOT), "", "");
	assert_null(strstr(text, times(31, DOT)));
	assert_non_null(
	    strstr(text, "\n  Messages on 84 of the 91 days since 2025-12-01, at most 10 a day.\n"
			 "  None on 7 of them, longest: 2026-02-03 to 2026-02-09 (7 days).\n"
			 "  3 are older than that.\n  4 were sent after that day.\n"));
	free(text);
	text = drawn(&t, 40, false);
	/* the oldest column is of day 180 alone; 91 to 179 are 17 empty ones and part of one */
	expect_line(text, "\n  %s", times(18, "_"), "", "");
	free(text);
}

static void
test_holes_listed(void **state)
{
	struct report_timeline t = {.days = {0}};
	struct report_timeline_sums sums;
	/* oldest first: 4, 1, 2, 3, 3 days */
	static const struct report_hole holes[] = {{99, 96}, {80, 80}, {71, 70}, {62, 60}, {2, 0}};

	(void)state;
	put(&t, 120, 0, 5);
	for (size_t i = 0; i < sizeof(holes) / sizeof(holes[0]); i++)
		put(&t, holes[i].oldest, holes[i].newest, 0);
	sums = report_sum_timeline(&t);
	assert_int_equal(sums.oldest, 120);
	assert_int_equal(sums.empty_days, 13);
	assert_int_equal(sums.messages, 108 * 5);
	assert_int_equal(sums.highest, 5);
	assert_int_equal(sums.hole_count, 3);
	assert_memory_equal(&sums.holes[0], &holes[0], sizeof(holes[0]));
	assert_memory_equal(&sums.holes[1], &holes[3], sizeof(holes[0]));
	assert_memory_equal(&sums.holes[2], &holes[4], sizeof(holes[0]));
}

static void
test_funnel(void **state)
{
	struct report r = full_report(NULL, 0);
	char *text;

	(void)state;
	/* of 21: 10 are 60 eighths of 128, 1 is 6, 6 are 36, 2 are 12 */
	text = section_of(&r, "Funnel", 80, true);
	expect_line(
	    text, "\n  payloads            9                    read, each once\n", "", "", "");
	expect_line(text, "\n  messages seen      21  %s  in them", times(16, FULL), "", "");
	expect_line(text, "\n  inserted           10  %s" LEFT_HALF "%s  new\n", times(7, FULL),
	    times(8, " "), "");
	expect_line(
	    text, "\n  enriched            1  \xE2\x96\x8A                 known", "", "", "");
	expect_line(text, "\n  rejected            0                    unusable", "", "", "");
	free(text);
	text = section_of(&r, "Funnel", 40, false);
	assert_string_equal(text, "Funnel: what became of every message\n  seen\n"
				  "  step          number share\n"
				  "  payloads           9\n"
				  "  messages seen     21 ################\n"
				  "  inserted          10 #######\n"
				  "  enriched           1 #\n"
				  "  duplicate          6 ####\n"
				  "  conflicting        2 #\n"
				  "  rejected           0\n"
				  "  excluded           2 #\n"
				  "  seen 21 = inserted 10 + enriched 1 +\n"
				  "  duplicate 6 + conflicting 2 + rejected\n"
				  "  0 + excluded 2\n");
	free(text);
}

static void
test_bar(void **state)
{
	static const struct {
		uint64_t part, whole;
		const char *unicode, *ascii;
	} cases[] = {
	    {0, 0, "", ""},
	    {0, 9, "", ""},
	    {1, 0, FULL FULL, "##"},
	    {1, 1000000, "\xE2\x96\x8F", "#"},
	    {1, 4, LEFT_HALF, "#"},
	    {1, 2, FULL, "#"},
	    {3, 4, FULL LEFT_HALF, "#"},
	    {UINT64_MAX, UINT64_MAX, FULL FULL, "##"},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t part = cases[i].part, whole = cases[i].whole;

		assert_true(str_is(report_bar_text(a, part, whole, 2, true), cases[i].unicode));
		assert_true(str_is(report_bar_text(a, part, whole, 2, false), cases[i].ascii));
	}
	arena_free(a);
}

static void
test_media_by_age(void **state)
{
	struct report r = full_report(NULL, 0);
	char *text;

	(void)state;
	text = section_of(&r, "Media\n  age", 80, false);
	assert_string_equal(text,
	    "Media\n"
	    "  age      state            files  until       meaning\n"
	    "  window   announced            4  2026-05-03  can be fetched now\n"
	    "  outside  announced            1  2026-05-04  can be fetched now\n"
	    "  window   never_announced      2  -           should have come, did not\n"
	    "  <u>age   <i>new               1  -\n"
	    "  window: sent within 14 days before the onboarding, or since\n"
	    "  outside: sent before that, and a file came all the same\n"
	    "  id_expired: not_tried: 31, nobody asked for it while its id lived\n"
	    "  refused: host_not_allowed: 32, its URL leads to a host that is not allowed\n"
	    "  (see --media-host)\n"
	    "  <s>new: <q>reason: 33\n"
	    "  next deadline   2026-05-03T09:00:00Z\n"
	    "  212 files expire in 24 h 0 min\n");
	free(text);
	text = section_of(&r, "Media\n  age", 40, false);
	assert_string_equal(text, "Media\n"
				  "  age      state            files\n"
				  "  window   announced            4\n"
				  "  outside  announced            1\n"
				  "  window   never_announced      2\n"
				  "  <u>age   <i>new               1\n"
				  "  announced: can be fetched now\n"
				  "  never_announced: should have come, did\n"
				  "  not\n"
				  "  window: sent within 14 days before the\n"
				  "  onboarding, or since\n"
				  "  outside: sent before that, and a file\n"
				  "  came all the same\n"
				  "  id_expired: not_tried: 31, nobody\n"
				  "  asked for it while its id lived\n"
				  "  refused: host_not_allowed: 32, its URL\n"
				  "  leads to a host that is not allowed\n"
				  "  (see --media-host)\n"
				  "  <s>new: <q>reason: 33\n"
				  "  next deadline   2026-05-03T09:00:00Z\n"
				  "  212 files expire in 24 h 0 min\n");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_no_time),
	    cmocka_unit_test(test_one_day),
	    cmocka_unit_test(test_scale_and_axis),
	    cmocka_unit_test(test_hole),
	    cmocka_unit_test(test_holes_listed),
	    cmocka_unit_test(test_funnel),
	    cmocka_unit_test(test_bar),
	    cmocka_unit_test(test_media_by_age),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
