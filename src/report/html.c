/*
 * The report as a page: for people who have no terminal, and for the archive.
 * It loads nothing and runs nothing; every text goes through markup.h.
 */
#include "base/html.h"
#include "report/page.h"
#include "report/redact.h"
#include "report/report.h"
#include "rules/window.h"

static void put_header(struct report_page *p);
static void put_fact(struct report_page *p, const char *name, struct str value);
static void put_main(struct report_page *p);
static void put_verdict(struct report_page *p, const struct report_activation *activation);
static void put_reasons(struct report_page *p, const struct report_activation *activation);
static void put_next_step(struct report_page *p);

int
report_write_html(
    const struct report *r, const struct report_html_options *options, FILE *out, struct err *e)
{
	struct buf text;
	struct arena *a = arena_new();
	struct report_page p = {{.out = &text, .arena = a}, a, r, options->is_archive};
	int rc;

	buf_init(&text, REPORT_MAX_BYTES);
	html_put_head(&text, STR_LIT("WhatsApp history report"), report_page_style);
	buf_put_text(&text, "<body>\n");
	put_header(&p);
	put_main(&p);
	buf_put_text(&text,
	    "<footer>Made by coexsync. This page loads nothing and runs nothing. Days and times "
	    "are UTC.</footer>\n</body>\n</html>\n");
	rc = report_flush(&text, out, e);
	buf_free(&text);
	arena_free(a);
	return rc;
}

static void
put_header(struct report_page *p)
{
	const struct report *r = p->report;

	buf_put_text(
	    p->markup.out, "<header>\n<h1>WhatsApp history report</h1>\n<dl class=\"facts\">\n");
	put_fact(p, "account", r->account);
	if (!str_is_empty(r->phone_number_id))
		put_fact(p, "phone number id", r->phone_number_id);
	put_fact(p, "as of", report_time_text(p->arena, r->as_of.at_us));
	if (!window_is_usual(&r->as_of)) {
		put_fact(p, "media max age", window_text(p->arena, r->as_of.max_age_hours));
		put_fact(p, "media id life", window_text(p->arena, r->as_of.id_life_hours));
	}
	buf_put_text(p->markup.out, "</dl>\n");
	if (r->is_redacted)
		report_put_element(&p->markup, "p", NULL, report_redaction_text());
	buf_put_text(p->markup.out, "</header>\n");
}

static void
put_fact(struct report_page *p, const char *name, struct str value)
{
	buf_put_text(p->markup.out, "<div>");
	report_put_element(&p->markup, "dt", NULL, str_of(name));
	report_put_element(&p->markup, "dd", NULL, value);
	buf_put_text(p->markup.out, "</div>\n");
}

/* Who reads the page of an archive takes the archive for all there is. */
static void
put_not_in_archive(struct report_page *p)
{
	report_put_element(&p->markup, "p", NULL,
	    STR_LIT(
		"Not in this archive are the files of the messages: data/media.jsonl names each, "
		"with its SHA-256 and state. \"Here\" below says that it was fetched to "
		"the folder of coexsync media, where its SHA-256 is its name."));
	report_put_element(&p->markup, "p", NULL,
	    STR_LIT("Payloads that name no number may be anybody's. They are not in it either, and "
		    "not judged here: coexsync report does."));
}

static void
put_main(struct report_page *p)
{
	const struct report *r = p->report;

	buf_put_text(p->markup.out, "<main>\n");
	for (size_t i = 0; i < r->activation_count; i++)
		put_verdict(p, &r->activations[i]);
	if (r->activation_count == 0)
		report_put_element(&p->markup, "p", "card warning",
		    STR_LIT(
			"There is no activation: no history is here, and no time of onboarding has "
			"been given."));
	if (p->is_archive)
		put_not_in_archive(p);
	else
		put_next_step(p);
	report_put_tiles(p);
	for (size_t i = 0; i < r->activation_count; i++)
		if (r->activations[i].timeline != NULL)
			report_put_days(p, &r->activations[i]);
	if (!p->is_archive)
		report_put_funnel_table(p);
	for (size_t i = 0; i < r->activation_count; i++)
		report_put_phases_table(p, &r->activations[i]);
	if (r->account_event_count > 0)
		report_put_account_events_table(p);
	report_put_media_table(p);
	if (r->conflicts > 0)
		report_put_conflicts_table(p);
	report_put_rejects_table(p);
	report_put_figures(p);
	buf_put_text(p->markup.out, "</main>\n");
}

static void
put_verdict(struct report_page *p, const struct report_activation *activation)
{
	const struct report_word *word = report_find_verdict(p->report, activation);
	enum report_severity severity = word == NULL ? SEVERITY_WARNING : word->severity;
	struct str time = report_onboarding_text(p->arena, activation);
	struct buf *out = p->markup.out;

	buf_printf(out, "<section class=\"card %s\">\n", report_severity_class(severity));
	report_put_element(
	    &p->markup, "h2", NULL, arena_printf(p->arena, "Activation of %.*s", STR_ARG(time)));
	buf_put_text(out, "<p class=\"verdict\">");
	report_put_icon(p, severity);
	report_put_text(
	    &p->markup, arena_printf(p->arena, "Verdict: %.*s", STR_ARG(activation->verdict)));
	buf_put_text(out, "</p>\n");
	if (word != NULL)
		report_put_element(&p->markup, "p", NULL, str_of(word->meaning));
	if (activation->is_inferred)
		report_put_element(&p->markup, "p", NULL, report_inferred_text(activation));
	if (activation->reason_count > 0)
		put_reasons(p, activation);
	buf_put_text(out, "</section>\n");
}

static void
put_reasons(struct report_page *p, const struct report_activation *activation)
{
	buf_put_text(p->markup.out, "<ul>\n");
	for (size_t i = 0; i < activation->reason_count; i++)
		report_put_element(
		    &p->markup, "li", NULL, report_reason_text(p->arena, &activation->reasons[i]));
	buf_put_text(p->markup.out, "</ul>\n");
}

static void
put_next_step(struct report_page *p)
{
	struct report_step step = report_next_step(p->arena, p->report);

	buf_put_text(p->markup.out, "<section class=\"card mark\">\n");
	report_put_element(&p->markup, "h2", NULL, STR_LIT("Next"));
	report_put_element(&p->markup, "p", "command", step.command);
	report_put_element(&p->markup, "p", NULL, step.reason);
	buf_put_text(p->markup.out, "</section>\n");
}
