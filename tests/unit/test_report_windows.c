/*
 * By which windows a report was judged: said in all its forms where they are not the usual ones.
 */
#include "report_sample.h"

#include "report/words.h"

static char *
text_of(const struct report *r, bool is_page)
{
	const struct report_style style = {80, false, false};
	const struct report_html_options options = {.is_archive = true};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct err e;

	assert_int_equal(is_page ? report_write_html(r, &options, out, &e)
				 : report_write_terminal(r, &style, out, &e),
	    0);
	fclose(out);
	return text;
}

static struct report
judged_by(int max_age_hours, int id_life_hours)
{
	struct report r = full_report(&incomplete, 1);

	r.as_of.max_age_hours = max_age_hours;
	r.as_of.id_life_hours = id_life_hours;
	return r;
}

static void
test_usual(void **state)
{
	static const char *const wanted[] = {
	    "window: sent within 14 days before the onboarding, or since", NULL};
	static const char *const unwanted[] = {
	    "max age", "id life", "--media-max", "--media-id", NULL};
	struct report r = judged_by(336, 168);

	(void)state;
	for (int is_page = 0; is_page < 2; is_page++) {
		char *text = text_of(&r, is_page == 1);

		expect_all(text, wanted);
		expect_none(text, unwanted);
		free(text);
	}
}

/* One of them another: both are said. */
static void
test_others(void **state)
{
	static const struct {
		int max_age_hours;
		int id_life_hours;
		const char *terminal[5];
		const char *page[4];
	} cases[] = {
	    {24, 168,
		{"\n  media max age   1 day\n  media id life   7 days\n",
		    "\n  window: sent within 1 day before the onboarding, or since\n",
		    "--media-max-age=24h", "--media-id-life=168h", NULL},
		{"<bdi>media max age</bdi></dt>\n<dd><bdi>1 day</bdi>",
		    "<bdi>media id life</bdi></dt>\n<dd><bdi>7 days</bdi>",
		    "window: sent within 1 day before the onboarding, or since", NULL}},
	    {336, 700,
		{"\n  media max age   14 days\n  media id life   700 hours\n",
		    "\n  window: sent within 14 days before the onboarding, or since\n",
		    "--media-max-age=336h", "--media-id-life=700h", NULL},
		{"<bdi>media max age</bdi></dt>\n<dd><bdi>14 days</bdi>",
		    "<bdi>media id life</bdi></dt>\n<dd><bdi>700 hours</bdi>",
		    "window: sent within 14 days before the onboarding, or since", NULL}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct report r = judged_by(cases[i].max_age_hours, cases[i].id_life_hours);
		char *terminal = text_of(&r, false), *page = text_of(&r, true);

		expect_all(terminal, cases[i].terminal);
		expect_all(page, cases[i].page);
		free(terminal);
		free(page);
	}
}

/* A command that judged by others would be no answer to this report. */
static void
test_next_step(void **state)
{
	struct arena *a = arena_new();
	struct report_activation complete = activation_of(T_FIRST, "complete", one_phase);
	struct report r = judged_by(36, 24);

	(void)state;
	r.activations = &complete;
	assert_string_equal(report_next_step(a, &r).command.ptr,
	    "coexsync media --account=15550100001 --media-max-age=36h --media-id-life=24h "
	    "--token-file=FILE --media-dir=DIR");
	r.media_count = 0;
	r.next_deadline_us = TIME_NONE;
	assert_string_equal(report_next_step(a, &r).command.ptr,
	    "coexsync export -o FILE --account=15550100001 --media-max-age=36h "
	    "--media-id-life=24h");
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_usual),
	    cmocka_unit_test(test_others),
	    cmocka_unit_test(test_next_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
