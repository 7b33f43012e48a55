/*
 * The report for people at a terminal: the verdicts first, what to do next last.
 * Wrapping and tables are in lines.h.
 */
#include <inttypes.h>

#include "model/time.h"
#include "report/funnel.h"
#include "report/lines.h"
#include "report/media.h"
#include "report/phases.h"
#include "report/redact.h"
#include "report/report.h"
#include "report/text.h"
#include "report/timeline.h"
#include "report/words.h"
#include "rules/reject_codes.h"
#include "rules/window.h"

/* The report is to be read; `--json` lists more. */
#define CONFLICTS_LISTED 10

struct page {
	struct report_lines lines;
	struct arena *arena;
	const struct report *report;
	bool is_unicode;
};

static void put_verdicts(struct page *p);
static void put_verdict(struct page *p, const struct report_activation *activation);
static void put_account_events(struct page *p);
static void put_messages(struct page *p);
static void put_contacts(struct page *p);
static void put_conflicts(struct page *p);
static void put_repairs(struct page *p);
static void put_payloads(struct page *p);
static void put_rejects(struct page *p);
static void put_next_step(struct page *p);
static struct str clean(struct page *p, struct str s);
static void put_count(struct page *p, const char *label, int64_t n);

int
report_write_terminal(
    const struct report *r, const struct report_style *style, FILE *out, struct err *e)
{
	int columns = style->columns < REPORT_MIN_COLUMNS ? REPORT_MIN_COLUMNS : style->columns;
	struct buf text;
	struct page p = {{&text, columns, style->has_color}, arena_new(), r, style->is_unicode};
	int rc;

	buf_init(&text, REPORT_MAX_BYTES);
	put_verdicts(&p);
	put_account_events(&p);
	report_put_funnel(&p.lines, p.arena, r, p.is_unicode);
	report_put_timelines(&p.lines, p.arena, r, p.is_unicode);
	report_put_phases(&p.lines, p.arena, r);
	put_messages(&p);
	put_contacts(&p);
	put_conflicts(&p);
	report_put_media(&p.lines, p.arena, r);
	put_rejects(&p);
	put_repairs(&p);
	put_payloads(&p);
	put_next_step(&p);
	rc = report_flush(&text, out, e);
	buf_free(&text);
	arena_free(p.arena);
	return rc;
}

static void
put_verdicts(struct page *p)
{
	const struct report *r = p->report;

	for (size_t i = 0; i < r->activation_count; i++)
		put_verdict(p, &r->activations[i]);
	if (r->activation_count == 0) {
		report_put_verdict(
		    &p->lines, SEVERITY_WARNING, STR_LIT("verdict: none, there is no activation"));
		report_put_paragraph(&p->lines, "  ",
		    STR_LIT("No history is here, and no time of onboarding has been given."));
	}
	report_put_blank(&p->lines);
	report_put_pair(&p->lines, "account", clean(p, r->account));
	if (!str_is_empty(r->phone_number_id))
		report_put_pair(&p->lines, "phone number id", clean(p, r->phone_number_id));
	report_put_pair(&p->lines, "as of", report_time_text(p->arena, r->as_of.at_us));
	if (!window_is_usual(&r->as_of)) {
		report_put_pair(
		    &p->lines, "media max age", window_text(p->arena, r->as_of.max_age_hours));
		report_put_pair(
		    &p->lines, "media id life", window_text(p->arena, r->as_of.id_life_hours));
	}
	if (r->is_redacted)
		report_put_paragraph(&p->lines, "  ", report_redaction_text());
}

static void
put_verdict(struct page *p, const struct report_activation *activation)
{
	const struct report_word *word = report_find_verdict(p->report, activation);
	struct str verdict = clean(p, activation->verdict);
	struct str time = report_onboarding_text(p->arena, activation);
	const char *words = activation->is_inferred ? "onboarded probably" : "onboarded";

	report_put_verdict(&p->lines, word == NULL ? SEVERITY_WARNING : word->severity,
	    arena_printf(p->arena, "verdict: %.*s, %s %.*s", STR_ARG(verdict),
		activation->onboarded_at_us == TIME_NONE ? "onboarded at" : words, STR_ARG(time)));
	if (word != NULL)
		report_put_paragraph(&p->lines, "  ", str_of(word->meaning));
	for (size_t i = 0; i < activation->reason_count; i++) {
		struct str text = report_reason_text(p->arena, &activation->reasons[i]);

		report_put_paragraph(
		    &p->lines, p->is_unicode ? "  \xE2\x80\xA2 " : "  - ", clean(p, text));
	}
	if (activation->is_inferred)
		report_put_paragraph(&p->lines, "  ",
		    arena_printf(p->arena, "%.*s Give it with --onboarded-at.",
			STR_ARG(report_inferred_text(activation))));
}

static void
put_account_events(struct page *p)
{
	const struct report *r = p->report;

	if (r->account_event_count == 0)
		return;
	report_put_heading(&p->lines, STR_LIT("Account: what became of it, latest first"));
	for (size_t i = 0; i < r->account_event_count; i++) {
		const struct report_account_event *event = &r->account_events[i];
		struct str time = report_time_text(p->arena, event->at_us);
		struct str line = arena_printf(p->arena, "%.*s  %.*s%s%.*s%s%.*s", STR_ARG(time),
		    STR_ARG(event->event), event->reason.len == 0 ? "" : ": ",
		    STR_ARG(event->reason), event->initiated_by.len == 0 ? "" : ", by ",
		    STR_ARG(event->initiated_by));

		report_put_paragraph(&p->lines, "  ", clean(p, line));
	}
}

static void
put_messages(struct page *p)
{
	const struct report *r = p->report;
	struct str oldest = report_time_text(p->arena, r->oldest_us);
	struct str newest = report_time_text(p->arena, r->newest_us);

	report_put_heading(&p->lines, STR_LIT("Messages"));
	put_count(p, "messages", r->messages);
	put_count(p, "conversations", r->conversations);
	put_count(p, "in", r->inbound);
	put_count(p, "out", r->outbound);
	if (report_directionless(r) != 0)
		put_count(p, "no direction", report_directionless(r));
	report_put_pair(&p->lines, "oldest", oldest);
	report_put_pair(&p->lines, "newest", newest);
	put_count(p, "events", r->events);
}

static void
put_contacts(struct page *p)
{
	const struct report *r = p->report;

	report_put_heading(&p->lines, STR_LIT("Contacts"));
	put_count(p, "contacts", r->contacts);
	for (size_t i = 0; i < r->name_count; i++) {
		struct str source = report_name_source(r->names[i].name);

		put_count(p, clean(p, source).ptr, r->names[i].count);
	}
	if (r->proposals > 0) {
		put_count(p, "may be one", r->proposals);
		report_put_paragraph(&p->lines, "  ",
		    STR_LIT("Pairs of numbers that may be one person's, not grouped: SELECT * FROM "
			    "coexsync.identity_proposal"));
	}
}

static void
put_conflicts(struct page *p)
{
	const struct report *r = p->report;
	size_t listed =
	    r->conflicting_count < CONFLICTS_LISTED ? r->conflicting_count : CONFLICTS_LISTED;

	report_put_heading(&p->lines, STR_LIT("Conflicts"));
	put_count(p, "conflicts", r->conflicts);
	if (r->conflicts == 0)
		return;
	report_put_paragraph(&p->lines, "  ",
	    STR_LIT("Of messages in conflict the payloads say different things; all are kept, the "
		    "views show what the rules prefer:"));
	for (size_t i = 0; i < listed; i++) {
		const struct report_conflict *c = &r->conflicting[i];
		struct str contents = report_contents_text(p->arena, c);
		struct str line = arena_printf(p->arena, "%.*s: %.*s%s%.*s", STR_ARG(c->wamid),
		    STR_ARG(c->fields), c->content_count == 0 ? "" : ": ", STR_ARG(contents));

		report_put_paragraph(&p->lines, "    ", clean(p, line));
	}
	if ((int64_t)listed < r->conflicts)
		report_put_paragraph(&p->lines, "    ",
		    arena_printf(p->arena, "and %" PRId64 " more: coexsync report --json",
			r->conflicts - (int64_t)listed));
}

static void
put_rejects(struct page *p)
{
	const struct report *r = p->report;

	report_put_heading(&p->lines, STR_LIT("Rejected items"));
	if (r->reject_count == 0)
		report_put_paragraph(&p->lines, "  ", STR_LIT("none"));
	for (size_t i = 0; i < r->reject_count; i++) {
		struct str code = clean(p, r->rejects[i].name);
		const struct reject_code *known = reject_code_find(code.ptr);

		report_put_paragraph(&p->lines, "  ",
		    arena_printf(p->arena, "%.*s: %" PRId64, STR_ARG(code), r->rejects[i].count));
		if (known != NULL) {
			report_put_paragraph(&p->lines, "    ", str_of(known->meaning));
			report_put_paragraph(&p->lines, "    remedy: ", str_of(known->remedy));
		}
	}
}

static void
put_repairs(struct page *p)
{
	const struct counts *c = &p->report->counts;

	report_put_heading(&p->lines, STR_LIT("Repairs"));
	put_count(p, "texts repaired", (int64_t)c->text_repaired);
	put_count(p, "times unusable", (int64_t)c->time_unusable);
	put_count(p, "no direction", (int64_t)c->direction_unknown);
	put_count(p, "unknown types", (int64_t)c->types_unknown);
	put_count(p, "group statuses", (int64_t)c->group_events);
}

static void
put_payloads(struct page *p)
{
	const struct report *r = p->report;

	report_put_heading(&p->lines, STR_LIT("Payloads"));
	put_count(p, "payloads", r->payloads);
	put_count(p, "with rejects", r->rejected_payloads);
	put_count(p, "without raw", r->payloads_without_raw);
	if (r->payloads_without_raw > 0)
		report_put_paragraph(&p->lines, "  ",
		    STR_LIT(
			"Payloads without their raw bytes cannot be decoded again, and an archive "
			"cannot prove them."));
}

static void
put_next_step(struct page *p)
{
	struct report_step step = report_next_step(p->arena, p->report);

	report_put_heading(&p->lines, STR_LIT("Next"));
	report_put_paragraph(&p->lines, "  ", step.command);
	report_put_paragraph(&p->lines, "  ", step.reason);
}

static struct str
clean(struct page *p, struct str s)
{
	return report_clean_text(p->arena, s, p->is_unicode);
}

static void
put_count(struct page *p, const char *label, int64_t n)
{
	report_put_pair(&p->lines, label, arena_printf(p->arena, "%" PRId64, n));
}
