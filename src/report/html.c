/*
 * The report as a page: for people who have no terminal, and for the archive.
 * It loads nothing and runs nothing; every text goes through markup.h.
 */
#include <inttypes.h>

#include "base/html.h"
#include "model/time.h"
#include "report/markup.h"
#include "report/report.h"
#include "report/text.h"
#include "report/words.h"
#include "rules/reject_codes.h"

static const char page_style[] =
    "\n:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--line:#b9b9b9;--soft:#f1f1f1;"
    "--good:#11632f;--warning:#7a4b00;--bad:#a11616}\n"
    "@media (prefers-color-scheme:dark){:root{--ink:#e8e8e8;--paper:#161616;--line:#555;"
    "--soft:#242424;--good:#7fd99b;--warning:#f0c068;--bad:#ff9a90}}\n"
    "body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--paper);color:var(--ink);"
    "font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\n"
    "h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}\n"
    ".wide{overflow-x:auto}\n"
    "table{border-collapse:collapse;margin:1rem 0;overflow-wrap:normal}\n"
    "caption{text-align:start;font-weight:bold;padding:.3rem 0}\n"
    "th,td{border:1px solid var(--line);padding:.3rem .6rem;text-align:start;"
    "vertical-align:top}\n"
    "thead th{background:var(--soft)}\n"
    ".number{text-align:end;font-variant-numeric:tabular-nums}\n"
    ".good{color:var(--good)}.warning{color:var(--warning)}.bad{color:var(--bad)}\n"
    ".command{font-family:ui-monospace,monospace}\n"
    ".verdict{font-size:1.2rem;font-weight:bold}\n"
    "@media print{:root{--ink:#000;--paper:#fff;--soft:#fff;--good:#000;--warning:#000;"
    "--bad:#000}body{max-width:none;padding:0;font-size:10pt}.wide{overflow:visible}"
    "table,section>p{break-inside:avoid}h2{break-after:avoid}}\n";

struct page {
	struct report_markup markup;
	struct arena *arena;
	const struct report *report;
	bool is_archive;
};

static void put_summary(struct page *p);
static void put_activation(struct page *p, const struct report_activation *activation);
static void put_phases(struct page *p, const struct report_activation *activation);
static void put_account_events(struct page *p);
static void put_messages(struct page *p);
static void put_conflicts(struct page *p);
static void put_accounting(struct page *p);
static void put_media(struct page *p);
static void put_rejects(struct page *p);
static void put_repairs(struct page *p);
static void put_payloads(struct page *p);
static void put_next_step(struct page *p);

int
report_write_html(
    const struct report *r, const struct report_html_options *options, FILE *out, struct err *e)
{
	struct buf text;
	struct arena *a = arena_new();
	struct page p = {{.out = &text, .arena = a}, a, r, options->is_archive};
	int rc;

	buf_init(&text, REPORT_MAX_BYTES);
	html_put_head(&text, STR_LIT("WhatsApp history report"), page_style);
	buf_put_text(&text, "<body>\n<main>\n<h1>WhatsApp history report</h1>\n");
	put_summary(&p);
	for (size_t i = 0; i < r->activation_count; i++)
		put_activation(&p, &r->activations[i]);
	if (r->account_event_count > 0)
		put_account_events(&p);
	put_messages(&p);
	if (r->conflicts > 0)
		put_conflicts(&p);
	if (!p.is_archive)
		put_accounting(&p);
	put_media(&p);
	put_rejects(&p);
	put_repairs(&p);
	put_payloads(&p);
	if (!p.is_archive)
		put_next_step(&p);
	buf_put_text(&text, "</main>\n</body>\n</html>\n");
	rc = report_flush(&text, out, e);
	buf_free(&text);
	arena_free(a);
	return rc;
}

static void
put_summary(struct page *p)
{
	const struct report *r = p->report;

	report_begin_table(&p->markup, STR_LIT("Account"), NULL, 0);
	report_begin_row(&p->markup, STR_LIT("account"));
	report_put_cell(&p->markup, r->account);
	if (!str_is_empty(r->phone_number_id)) {
		report_begin_row(&p->markup, STR_LIT("phone number id"));
		report_put_cell(&p->markup, r->phone_number_id);
	}
	report_put_time_row(&p->markup, "as of", r->as_of_us);
	report_end_table(&p->markup);
	if (r->activation_count == 0)
		report_put_element(&p->markup, "p", "verdict warning",
		    STR_LIT(
			"There is no activation: no history is here, and no time of onboarding has "
			"been given."));
}

static void
put_activation(struct page *p, const struct report_activation *activation)
{
	static const char *const classes[] = {[SEVERITY_GOOD] = "verdict good",
	    [SEVERITY_WARNING] = "verdict warning",
	    [SEVERITY_BAD] = "verdict bad"};
	const struct report_word *word = report_find_verdict(p->report, activation);
	struct str time = report_time_text(p->arena, activation->onboarded_at_us);
	struct buf *out = p->markup.out;

	buf_put_text(out, "<section>\n");
	report_put_element(
	    &p->markup, "h2", NULL, arena_printf(p->arena, "Activation of %.*s", STR_ARG(time)));
	report_put_element(&p->markup, "p",
	    classes[word == NULL ? SEVERITY_WARNING : word->severity],
	    arena_printf(p->arena, "Verdict: %.*s", STR_ARG(activation->verdict)));
	if (word != NULL)
		report_put_element(&p->markup, "p", NULL, str_of(word->meaning));
	if (activation->is_inferred)
		report_put_element(&p->markup, "p", NULL,
		    STR_LIT(
			"No time of onboarding has been given; that of the newest message of the "
			"history stands for it."));
	if (activation->reason_count > 0)
		buf_put_text(out, "<ul>\n");
	for (size_t i = 0; i < activation->reason_count; i++)
		report_put_element(
		    &p->markup, "li", NULL, report_reason_text(p->arena, &activation->reasons[i]));
	if (activation->reason_count > 0)
		buf_put_text(out, "</ul>\n");
	put_phases(p, activation);
	buf_put_text(out, "</section>\n");
}

static void
put_phases(struct page *p, const struct report_activation *activation)
{
	static const struct report_column columns[] = {{"phase", false}, {"chunks", true},
	    {"orders", false}, {"missing", false}, {"progress", false}, {"messages", true},
	    {"oldest", false}, {"newest", false}};
	struct report_markup *m = &p->markup;

	report_begin_table(
	    m, STR_LIT("Phases of the history"), columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < activation->phase_count; i++) {
		const struct report_coverage *phase = &activation->phases[i];

		report_begin_row(m, report_number_text(p->arena, phase->phase, ""));
		report_put_number_cell(m, phase->chunks);
		report_put_cell(
		    m, report_range_text(p->arena, phase->lowest_order, phase->highest_order));
		report_put_cell(m, str_is_empty(phase->missing) ? STR_LIT("none") : phase->missing);
		report_put_cell(m, report_number_text(p->arena, phase->progress, "%"));
		report_put_number_cell(m, phase->messages);
		report_put_time_cell(m, phase->oldest_us);
		report_put_time_cell(m, phase->newest_us);
	}
	report_end_table(m);
}

static void
put_account_events(struct page *p)
{
	static const struct report_column columns[] = {
	    {"event", false}, {"time", false}, {"reason", false}, {"by", false}};
	const struct report *r = p->report;
	struct report_markup *m = &p->markup;

	report_begin_table(m, STR_LIT("What became of the account"), columns, 4);
	for (size_t i = 0; i < r->account_event_count; i++) {
		const struct report_account_event *event = &r->account_events[i];

		report_begin_row(m, event->event);
		report_put_time_cell(m, event->at_us);
		report_put_cell(m, event->reason);
		report_put_cell(m, event->initiated_by);
	}
	report_end_table(m);
}

static void
put_messages(struct page *p)
{
	const struct report *r = p->report;
	struct report_markup *m = &p->markup;

	report_begin_table(m, STR_LIT("Messages"), NULL, 0);
	report_put_count_row(m, "messages", r->messages);
	report_put_count_row(m, "conversations", r->conversations);
	report_put_count_row(m, "pairs that may be one person", r->proposals);
	report_put_count_row(m, "in", r->inbound);
	report_put_count_row(m, "out", r->outbound);
	report_put_count_row(m, "no direction", report_directionless(r));
	report_put_time_row(m, "oldest", r->oldest_us);
	report_put_time_row(m, "newest", r->newest_us);
	report_put_count_row(m, "events", r->events);
	report_put_count_row(m, "contacts", r->contacts);
	report_put_count_row(m, "conflicts", r->conflicts);
	report_end_table(m);
}

static void
put_conflicts(struct page *p)
{
	static const struct report_column columns[] = {
	    {"message", false}, {"differ in", false}, {"contents", false}};
	const struct report *r = p->report;
	struct report_markup *m = &p->markup;

	report_begin_table(m, STR_LIT("Messages in conflict"), columns, 3);
	for (size_t i = 0; i < r->conflicting_count; i++) {
		const struct report_conflict *c = &r->conflicting[i];

		report_begin_row(m, c->wamid);
		report_put_cell(m, c->fields);
		report_put_cell(m, report_contents_text(p->arena, c));
	}
	report_end_table(m);
	if ((int64_t)r->conflicting_count < r->conflicts)
		report_put_element(m, "p", NULL,
		    arena_printf(p->arena, "and %" PRId64 " more",
			r->conflicts - (int64_t)r->conflicting_count));
}

static void
put_accounting(struct page *p)
{
	static const struct report_column columns[] = {
	    {"outcome", false}, {"messages", true}, {"meaning", false}};
	const struct counts *c = &p->report->counts;
	struct report_markup *m = &p->markup;

	report_begin_table(m, STR_LIT("Accounting: what became of every message seen"), columns, 3);
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		report_begin_row(m, str_of(report_outcomes[i].name));
		report_put_number_cell(m, (int64_t)c->outcomes[i]);
		report_put_cell(m, str_of(report_outcomes[i].meaning));
	}
	report_end_table(m);
	report_put_element(m, "p", NULL, report_identity_line(p->arena, c));
}

static void
put_media(struct page *p)
{
	static const struct report_column columns[] = {
	    {"state", false}, {"files", true}, {"meaning", false}};
	const struct report *r = p->report;
	struct report_markup *m = &p->markup;

	report_begin_table(m, STR_LIT("Media"), columns, 3);
	for (size_t i = 0; i < r->media_count; i++) {
		const struct report_word *word = report_find_media_state(r->media[i].name);

		report_begin_row(m, r->media[i].name);
		report_put_number_cell(m, r->media[i].count);
		report_put_cell(m, str_of(word == NULL ? "" : word->meaning));
	}
	report_end_table(m);
	if (r->next_deadline_us != TIME_NONE) {
		struct str time = report_time_text(p->arena, r->next_deadline_us);

		report_put_element(
		    m, "p", NULL, arena_printf(p->arena, "Next deadline: %.*s", STR_ARG(time)));
	}
}

static void
put_rejects(struct page *p)
{
	static const struct report_column columns[] = {
	    {"code", false}, {"items", true}, {"meaning", false}, {"remedy", false}};
	const struct report *r = p->report;
	struct report_markup *m = &p->markup;

	report_begin_table(m, STR_LIT("Rejected items"), columns, p->is_archive ? 3 : 4);
	for (size_t i = 0; i < r->reject_count; i++) {
		struct str code = arena_copy(p->arena, r->rejects[i].name); /* with a NUL */
		const struct reject_code *known = reject_code_find(code.ptr);

		report_begin_row(m, code);
		report_put_number_cell(m, r->rejects[i].count);
		report_put_cell(m, str_of(known == NULL ? "" : known->meaning));
		if (!p->is_archive)
			report_put_cell(m, str_of(known == NULL ? "" : known->remedy));
	}
	report_end_table(m);
}

static void
put_repairs(struct page *p)
{
	const struct counts *c = &p->report->counts;
	struct report_markup *m = &p->markup;

	report_begin_table(m, STR_LIT("Repairs"), NULL, 0);
	report_put_count_row(m, "texts repaired", (int64_t)c->text_repaired);
	report_put_count_row(m, "times unusable", (int64_t)c->time_unusable);
	report_put_count_row(m, "no direction said", (int64_t)c->direction_unknown);
	report_put_count_row(m, "unknown types, kept", (int64_t)c->types_unknown);
	report_put_count_row(m, "statuses of groups, left out", (int64_t)c->group_events);
	report_end_table(m);
}

static void
put_payloads(struct page *p)
{
	const struct report *r = p->report;
	struct report_markup *m = &p->markup;

	report_begin_table(m, STR_LIT("Payloads"), NULL, 0);
	report_put_count_row(m, "payloads", r->payloads);
	report_put_count_row(m, "with rejects", r->rejected_payloads);
	report_put_count_row(m, "without raw bytes", r->payloads_without_raw);
	report_end_table(m);
}

static void
put_next_step(struct page *p)
{
	struct report_step step = report_next_step(p->arena, p->report);

	report_put_element(&p->markup, "h2", NULL, STR_LIT("Next"));
	report_put_element(&p->markup, "p", "command", step.command);
	report_put_element(&p->markup, "p", NULL, step.reason);
}
