/*
 * The report for the terminal: what it says, how wide it gets, what hostile names do to it.
 */
#include <locale.h>
#include <wchar.h>

#include "report_sample.h"
#include "report/words.h"

/* The text that a writer writes; the caller frees it. */
static char *
terminal_text(const struct report *r, int columns, bool is_unicode, bool has_color)
{
	struct report_style style = {columns, is_unicode, has_color};
	struct err e;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(report_write_terminal(r, &style, out, &e), 0);
	fclose(out);
	return text;
}

static void
expect_width(const char *text, int columns)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");
		wchar_t wide[512];
		char line[512];
		size_t letters;

		assert_true(length < sizeof(line));
		memcpy(line, text, length);
		line[length] = '\0';
		letters = mbstowcs(wide, line, 512);
		assert_true(letters != (size_t)-1);
		if (wcswidth(wide, letters) < 0 || wcswidth(wide, letters) > columns)
			fail_msg("line of %d in %d: %s", wcswidth(wide, letters), columns, line);
		text += length + (text[length] == '\n');
	}
}

/* The fields of the first line that contains `mark`, white space made one. */
static void
squeeze_line(const char *text, const char *mark, char out[256])
{
	const char *at = strstr(text, mark);
	size_t n = 0;

	assert_non_null(at);
	while (at > text && at[-1] != '\n')
		at--;
	for (; *at != '\n' && *at != '\0' && n < 255; at++)
		if (*at != ' ' || (n > 0 && out[n - 1] != ' '))
			out[n++] = *at;
	out[n] = '\0';
}

static void
test_terminal_begins_with_verdict(void **state)
{
	struct report r = full_report(&incomplete, 1);
	char *text = terminal_text(&r, 80, false, false);

	(void)state;
	assert_memory_equal(text, "verdict: incomplete, onboarded 2026-03-01T09:00:00Z\n", 52);
	free(text);
}

static void
test_terminal_says_all(void **state)
{
	static const char *const wanted[] = {
	    "\n  - 5 chunks of phase 1 are missing (chunks_missing)\n",
	    "\n  account         15550100001\n", "\n  as of           2026-05-02T09:00:00Z\n",
	    "\n  seen 21 = inserted 10 + enriched 1 + duplicate 6 + conflicting 2 + rejected 0\n"
	    "  + excluded 2\n",
	    "\n  2026-05-01T09:00:00Z  ACCOUNT_RECONNECTED\n",
	    "\n  2026-03-01T09:00:00Z  PARTNER_<b>REMOVED: PRIMARY_INACTIVITY, by SYSTEM\n",
	    "\n  messages        12\n", "\n  conversations   4\n", "\n  may be one      3\n",
	    "\n  in              6\n", "\n  out             5\n", "\n  no direction    1\n",
	    "\n  oldest          2025-12-01T09:00:00Z\n",
	    "\n  newest          2026-03-01T09:00:00Z\n", "\n  contacts        51\n",
	    "\n  events          52\n", "\n  conflicts       14\n",
	    "\n    wamid.<b>A: direction, content: live 01234567, history media fedcba98\n",
	    "\n    wamid.10: time\n", "\n    and 4 more: coexsync report --json\n",
	    "\n  next deadline   2026-05-03T09:00:00Z\n  212 files expire in 24 h 0 min\n",
	    "\n  json_syntax: 3\n", "\n    remedy: get the payload again",
	    "\n  not_in_the_table: 1\n", "\n  texts repaired  41\n", "\n  times unusable  42\n",
	    "\n  no direction    43\n", "\n  unknown types   44\n", "\n  group statuses  45\n",
	    "\n  payloads        9\n", "\n  with rejects    1\n", "\n  without raw     2\n",
	    "\n  coexsync media --account=15550100001 --token-file=FILE --media-dir=DIR\n", NULL};
	static const char *const unwanted[] = {
	    "DOES NOT ADD UP", "\033", "\a", "T?", "wamid.11", NULL};
	struct report r = full_report(&incomplete, 1);
	char *text = terminal_text(&r, 80, false, false);

	(void)state;
	expect_all(text, wanted);
	expect_none(text, unwanted);
	free(text);
}

/* Further lines of a reason begin under its first word, whatever the bullet is made of. */
static void
test_terminal_bullets(void **state)
{
	struct report_reason reason = {
	    STR_LIT("some_code"), STR_LIT("some words that take more than one line of forty")};
	struct report_activation activation = activation_of(T_FIRST, "incomplete", one_phase);
	struct report r = full_report(&activation, 1);
	char *text;

	(void)state;
	activation.reasons = &reason;
	activation.reason_count = 1;
	text = terminal_text(&r, 40, true, false);
	assert_non_null(strstr(text, "\n  \xE2\x80\xA2 some words that take more than one\n    "
				     "line of forty (some_code)\n"));
	free(text);
	text = terminal_text(&r, 40, false, false);
	assert_non_null(strstr(
	    text, "\n  - some words that take more than one\n    line of forty (some_code)\n"));
	free(text);
}

static void
test_terminal_phases_at_80(void **state)
{
	struct report r = full_report(&incomplete, 1);
	char *text = terminal_text(&r, 80, false, false), line[256];

	(void)state;
	squeeze_line(text, "progress", line);
	assert_string_equal(line, "phase chunks orders missing progress messages oldest newest");
	squeeze_line(text, "2026-02-28", line);
	assert_string_equal(line, "0 3 0-2 none 55% 120 2026-02-28 2026-03-01");
	squeeze_line(text, "4000000", line);
	assert_string_equal(line, "1 4 3-12 4, 7-9, 11 - 4000000 2025-12-01 2026-02-28");
	free(text);
}

static void
test_terminal_phases_at_40(void **state)
{
	struct report r = full_report(&incomplete, 1);
	char *text = terminal_text(&r, 40, false, false), line[256];

	(void)state;
	squeeze_line(text, "chunks orders", line);
	assert_string_equal(line, "phase chunks orders missing progress");
	squeeze_line(text, "3-12", line);
	assert_string_equal(line, "1 4 3-12 4, 7-9, -");
	squeeze_line(text, "messages oldest", line);
	assert_string_equal(line, "phase messages oldest newest");
	squeeze_line(text, "4000000", line);
	assert_string_equal(line, "1 4000000 2025-12-01 2026-02-28");
	free(text);
}

static void
test_terminal_width(void **state)
{
	static const int columns[] = {40, 41, 60, 71, 72, 80, 132};
	struct report_activation both[] = {
	    incomplete, activation_of(T_SECOND, "complete_with_loss", one_phase)};
	struct report r = full_report(both, 2);

	(void)state;
	r.account =
	    STR_LIT("waba:\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC"
		    "\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC"
		    "\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE6\x97\xA5\xE6\x9C\xAC");
	r.counts.seen = r.counts.outcomes[OUTCOME_INSERTED] = UINT64_MAX / 2;
	r.messages = INT64_MAX;
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		char *text = terminal_text(&r, columns[i], true, false);

		expect_width(text, columns[i]);
		free(text);
	}
}

/* Numbers as large as they can be, and holes without end, cost lines but no width and no digit. */
static void
test_terminal_width_of_phases(void **state)
{
	static char holes[1000];
	struct report_coverage wide = {INT32_MAX, INT64_MAX, 1000000000, INT32_MAX, {NULL, 0}, 100,
	    INT64_MAX, T_FIRST, T_FIRST};
	struct report_activation activation = activation_of(T_FIRST, "incomplete", &wide);
	struct report r = full_report(&activation, 1);
	char *text;

	(void)state;
	for (int i = 0; i < 100; i++)
		snprintf(holes + strlen(holes), sizeof(holes) - strlen(holes), "%s%d",
		    i == 0 ? "" : ", ", 10 + 2 * i);
	wide.missing = str_of(holes);
	text = terminal_text(&r, 80, false, false);
	expect_width(text, 80);
	free(text);
	wide = (struct report_coverage){
	    2, 1234, 0, 1433, str_of(holes), 100, 12345678, T_FIRST, T_FIRST};
	text = terminal_text(&r, 40, false, false);
	expect_width(text, 40);
	assert_non_null(strstr(text, " 208\n"));
	assert_non_null(strstr(text, "12345678"));
	free(text);
}

static void
test_terminal_hostile(void **state)
{
	struct report r = full_report(NULL, 0);
	char *text;

	(void)state;
	r.account = STR_LIT(HOSTILE);
	text = terminal_text(&r, 80, true, false);
	assert_non_null(strstr(text,
	    "\n  account         <script>\"&'\xEF\xBF\xBD[2J\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
	    "\xEF\xBF\xBD\xE6\x97\xA5\xE6\x9C\xAC\n"));
	assert_null(strstr(text, "--account"));
	free(text);
	text = terminal_text(&r, 80, false, false);
	assert_non_null(strstr(text, "\n  account         <script>\"&'?[2J??????\n"));
	for (const char *at = text; *at != '\0'; at++)
		assert_true((*at >= ' ' && *at <= '~') || *at == '\n');
	free(text);
}

static void
test_terminal_color(void **state)
{
	struct report r = full_report(&incomplete, 1);
	char *text = terminal_text(&r, 80, true, true);

	(void)state;
	assert_memory_equal(text, "\033[1;31mverdict: incomplete,", 27);
	assert_non_null(strstr(text, "\n\033[1mMedia\033[0m\n"));
	assert_null(strstr(text, "]0;title\a"));
	free(text);
}

static void
test_terminal_without_activation(void **state)
{
	struct report r = {.account = STR_LIT("-"),
	    .as_of = {T_FIRST, 336, 168},
	    .oldest_us = TIME_NONE,
	    .newest_us = TIME_NONE,
	    .next_deadline_us = TIME_NONE};
	static const char *const wanted[] = {"verdict: none, there is no activation\n",
	    "\n  seen 0 = inserted 0 + enriched 0 + duplicate 0 + conflicting 0 + rejected 0 +\n"
	    "  excluded 0\n",
	    "\n  oldest          -\n", "\n  coexsync ingest SOURCE...\n", NULL};
	static const char *const unwanted[] = {"Phases", "next deadline", "--account", NULL};
	char *text = terminal_text(&r, 80, false, false);

	(void)state;
	expect_all(text, wanted);
	expect_none(text, unwanted);
	free(text);
}

static void
test_terminal_two_activations(void **state)
{
	struct report_activation both[] = {
	    incomplete, activation_of(T_SECOND, "complete", one_phase)};
	static const char *const wanted[] = {
	    "\nverdict: complete, onboarded probably 2026-05-01T09:00:00Z\n",
	    "\nPhases of the history, onboarded 2026-03-01T09:00:00Z\n",
	    "\nPhases of the history, onboarded 2026-05-01T09:00:00Z\n",
	    "Give it with --onboarded-at.", NULL};
	struct report r = full_report(both, 2);
	char *text = terminal_text(&r, 80, false, false);

	(void)state;
	assert_memory_equal(text, "verdict: incomplete, onboarded 2026-03-01T09:00:00Z\n", 52);
	expect_all(text, wanted);
	assert_true(strstr(text, "verdict: complete,") < strstr(text, "  account  "));
	free(text);
}

/* An error in the place of all tells no time. */
static void
test_unknown_time(void **state)
{
	struct report_activation activation = activation_of(TIME_NONE, "no_data", NULL);
	static const char *const wanted[] = {"verdict: no_data, onboarded at an unknown time\n",
	    "  No time of onboarding has been given, and there is no message of the history\n"
	    "  that would tell one. Give it with --onboarded-at.\n",
	    "\n  coexsync ingest SOURCE... --onboarded-at=TIME\n", NULL};
	struct report r;
	char *text;

	(void)state;
	activation.is_inferred = true;
	activation.phase_count = 0;
	activation.timeline = NULL;
	r = full_report(&activation, 1);
	r.media_count = r.media_age_count = 0;
	r.next_deadline_us = TIME_NONE;
	text = terminal_text(&r, 80, false, false);
	expect_all(text, wanted);
	free(text);
}

/* Nobody says of a history with errors in it that nothing is lost. */
static void
test_doubt(void **state)
{
	struct report_reason reasons[] = {
	    {STR_LIT("chunk_errors"), STR_LIT("Errors came.")},
	    {STR_LIT("unusable_payloads"), STR_LIT("Payloads of nobody.")},
	    {STR_LIT("phase_end_assumed"), STR_LIT("Numbered in each phase.")},
	};
	static const char *const wanted[] = {
	    "have come.\n", "have come.\n", "have come, and no item or file of them is lost.\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		struct report_activation activation =
		    activation_of(T_SECOND, "complete", one_phase);
		struct report r;
		char *text;

		activation.reasons = &reasons[i];
		activation.reason_count = 1;
		r = full_report(&activation, 1);
		r.media_count = r.media_age_count = r.reject_count = 0;
		text = terminal_text(&r, 132, false, false);
		assert_memory_equal(strstr(text, "have come"), wanted[i], strlen(wanted[i]));
		free(text);
	}
}

/* The chunks may be numbered, and only how far they go may be missing. */
static void
test_unprovable(void **state)
{
	struct report_reason reason = {STR_LIT("progress_not_said"), STR_LIT("Not said.")};
	struct report_activation activation = activation_of(T_SECOND, "unprovable", one_phase);
	struct report r;
	char *text;

	(void)state;
	activation.reasons = &reason;
	activation.reason_count = 1;
	r = full_report(&activation, 1);
	text = terminal_text(&r, 132, false, false);
	assert_null(strstr(text, "chunk numbers"));
	assert_non_null(strstr(text, "Not said. (progress_not_said) Compare the counts"));
	free(text);
}

static void
test_terminal_bad_sum(void **state)
{
	struct report r = full_report(&incomplete, 1);
	char *text;

	(void)state;
	r.counts.seen++;
	text = terminal_text(&r, 132, false, false);
	assert_non_null(strstr(text, "seen 22 = inserted 10"));
	assert_non_null(strstr(text, "DOES NOT ADD UP"));
	free(text);
}

#define REQUEST_NOW \
	"coexsync request history --account=+15550100001 --onboarded-at=2026-03-01T09:00:00Z " \
	"--token-file=FILE"

static void
test_next_step(void **state)
{
	static const struct {
		const char *verdict; /* NULL: no activation */
		int64_t payloads;
		int64_t age_us; /* of the activation */
		const char *media;
		const char *command;
		int64_t requested_at_us;
	} cases[] = {
	    {NULL, 0, 0, NULL, "coexsync ingest SOURCE...", TIME_NONE},
	    {NULL, 1, 0, NULL, "coexsync ingest SOURCE... --onboarded-at=TIME", TIME_NONE},
	    {NULL, 1, 0, "announced",
		"coexsync media --account=+15550100001 --token-file=FILE --media-dir=DIR",
		TIME_NONE},
	    {"no_data", 1, DAY - 1, "announced", REQUEST_NOW, TIME_NONE},
	    /* the last moment counts, as it does for coexsync request */
	    {"no_data", 1, DAY, NULL, REQUEST_NOW, TIME_NONE},
	    {"no_data", 1, DAY + 1, NULL, "coexsync ingest SOURCE...", TIME_NONE},
	    {"incomplete", 1, DAY, NULL, "coexsync ingest SOURCE...", TIME_NONE},
	    {"incomplete", 1, DAY, "announced",
		"coexsync media --account=+15550100001 --token-file=FILE --media-dir=DIR",
		TIME_NONE},
	    {"complete", 1, HOUR, "awaiting", "coexsync ingest SOURCE...", TIME_NONE},
	    {"complete", 1, DAY, "downloaded", "coexsync export -o FILE --account=+15550100001",
		TIME_NONE},
	    {"complete_with_loss", 1, DAY, NULL, "coexsync export -o FILE --account=+15550100001",
		TIME_NONE},
	    {"declined", 1, DAY, NULL, "coexsync export -o FILE --account=+15550100001", TIME_NONE},
	    /* it was requested already */
	    {"no_data", 1, HOUR, NULL, "coexsync ingest SOURCE...", T_FIRST + 1},
	    {"no_data", 1, HOUR, "announced",
		"coexsync media --account=+15550100001 --token-file=FILE --media-dir=DIR",
		T_FIRST + 1},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct report_activation activation = {.onboarded_at_us = T_FIRST,
		    .verdict = str_of(cases[i].verdict),
		    .history_requested_at_us = cases[i].requested_at_us};
		struct report_tally media = {str_of(cases[i].media), 1};
		struct report r = {.account = STR_LIT("+15550100001"),
		    .as_of = {T_FIRST + cases[i].age_us, 336, 168},
		    .activations = &activation,
		    .activation_count = cases[i].verdict != NULL,
		    .payloads = cases[i].payloads,
		    .media = &media,
		    .media_count = cases[i].media != NULL,
		    .next_deadline_us = TIME_NONE};

		assert_string_equal(report_next_step(a, &r).command.ptr, cases[i].command);
	}
	arena_free(a);
}

/* The next command asks the same database. What means something to a shell, or is nobody's
 * business, is not in it. */
static void
test_next_step_server(void **state)
{
	static const struct {
		const char *dbname;
		bool is_embedded;
		const char *folder;
		bool is_redacted;
		const char *command;
	} cases[] = {
	    {NULL, false, NULL, false, "coexsync ingest SOURCE..."},
	    {NULL, true, NULL, false, "coexsync ingest --embedded SOURCE..."},
	    {NULL, true, "/srv/wa-1", false, "coexsync ingest --embedded=/srv/wa-1 SOURCE..."},
	    {NULL, true, "/srv/wa-1", true, "coexsync ingest --embedded=DIR SOURCE..."},
	    {NULL, true, "/srv/$(x)", false, "coexsync ingest --embedded=DIR SOURCE..."},
	    {"crm", false, NULL, false, "coexsync ingest -d crm SOURCE..."},
	    {"crm", false, NULL, true, "coexsync ingest -d CONNINFO SOURCE..."},
	    {"dbname=crm password=x", false, NULL, false, "coexsync ingest -d CONNINFO SOURCE..."},
	    {"postgresql://me:x@db/crm", false, NULL, false,
		"coexsync ingest -d CONNINFO SOURCE..."},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct report r = {.account = STR_LIT("+15550100001"),
		    .dbname = str_of(cases[i].dbname),
		    .is_embedded = cases[i].is_embedded,
		    .embedded_dir = str_of(cases[i].folder),
		    .is_redacted = cases[i].is_redacted,
		    .next_deadline_us = TIME_NONE};

		assert_string_equal(report_next_step(a, &r).command.ptr, cases[i].command);
	}
	arena_free(a);
}

static void
test_forecast(void **state)
{
	static const struct {
		int64_t left_us;
		int64_t files;
		const char *text;
	} cases[] = {
	    {9 * HOUR + 40 * MINUTE, 212, "212 files expire in 9 h 40 min"},
	    {9 * HOUR + 41 * MINUTE - 1, 212, "212 files expire in 9 h 40 min"},
	    {HOUR - 1, 1, "1 file expires in 59 min"},
	    {HOUR, 2, "2 files expire in 1 h 0 min"},
	    {2 * DAY - 1, 2, "2 files expire in 47 h 59 min"},
	    {2 * DAY, 2, "2 files expire in 2 d 0 h"},
	    {7 * DAY - 1, 2, "2 files expire in 6 d 23 h"},
	    {0, 2, "2 files expire in 0 min"},
	    {-HOUR, 2, "2 files expire in 0 min"},
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct report r = {.as_of = {T_FIRST, 336, 168},
		    .next_deadline_us = T_FIRST + cases[i].left_us,
		    .media_expiring = cases[i].files};

		assert_string_equal(report_forecast_text(a, &r).ptr, cases[i].text);
	}
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_terminal_begins_with_verdict),
	    cmocka_unit_test(test_forecast),
	    cmocka_unit_test(test_terminal_says_all),
	    cmocka_unit_test(test_terminal_bullets),
	    cmocka_unit_test(test_terminal_phases_at_80),
	    cmocka_unit_test(test_terminal_phases_at_40),
	    cmocka_unit_test(test_terminal_width),
	    cmocka_unit_test(test_terminal_width_of_phases),
	    cmocka_unit_test(test_terminal_hostile),
	    cmocka_unit_test(test_terminal_color),
	    cmocka_unit_test(test_terminal_without_activation),
	    cmocka_unit_test(test_terminal_two_activations),
	    cmocka_unit_test(test_unknown_time),
	    cmocka_unit_test(test_doubt),
	    cmocka_unit_test(test_unprovable),
	    cmocka_unit_test(test_terminal_bad_sum),
	    cmocka_unit_test(test_next_step),
	    cmocka_unit_test(test_next_step_server),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
