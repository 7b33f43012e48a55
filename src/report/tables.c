/*
 * The tables of the page: see page.h. Every text goes through markup.h.
 */
#include <inttypes.h>

#include "base/count.h"
#include "model/time.h"
#include "report/page.h"
#include "rules/loss.h"
#include "rules/reject_codes.h"

static void put_tile(struct report_page *p, const char *name, int64_t n);
static void put_messages(struct report_page *p);
static void put_contacts(struct report_page *p);
static void put_repairs(struct report_page *p);
static void put_payloads(struct report_page *p);
static void put_media_row(struct report_page *p, const struct report_media *m, int64_t files);
static void put_ages(struct report_page *p);
static void put_losses(struct report_page *p);

void
report_put_tiles(struct report_page *p)
{
	const struct report *r = p->report;

	buf_put_text(p->markup.out, "<ul class=\"tiles\">\n");
	put_tile(p, "messages", r->messages);
	put_tile(p, "conversations", r->conversations);
	put_tile(p, "contacts", r->contacts);
	put_tile(p, "files to fetch", report_files_in_state(r, "announced"));
	put_tile(p, "conflicts", r->conflicts);
	buf_put_text(p->markup.out, "</ul>\n");
}

void
report_put_funnel_table(struct report_page *p)
{
	static const struct report_column columns[] = {
	    {"step", false}, {"number", true}, {"share", false}, {"meaning", false}};
	const struct counts *c = &p->report->counts;
	struct report_markup *m = &p->markup;

	report_put_element(m, "h2", NULL, STR_LIT("Accounting: what became of every message seen"));
	report_begin_table(m, STR_LIT("From payloads to outcomes"), columns, 4);
	report_put_count_row(m, "payloads", p->report->payloads);
	report_put_cell(m, STR_LIT(""));
	report_put_cell(m, STR_LIT("read, each once"));
	report_put_count_row(m, "messages seen", (int64_t)c->seen);
	report_put_bar_cell(p, c->seen, c->seen, SEVERITY_GOOD);
	report_put_cell(m, STR_LIT("in them, repetitions too"));
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		report_put_count_row(m, report_outcomes[i].name, (int64_t)c->outcomes[i]);
		report_put_bar_cell(p, c->outcomes[i], c->seen, report_outcomes[i].severity);
		report_put_cell(m, str_of(report_outcomes[i].meaning));
	}
	report_end_table(m);
	report_put_element(m, "p", NULL, report_identity_line(p->arena, c));
}

void
report_put_phases_table(struct report_page *p, const struct report_activation *activation)
{
	static const struct report_column columns[] = {{"phase", false}, {"chunks", true},
	    {"orders", false}, {"missing", false}, {"progress", false}, {"messages", true},
	    {"oldest", false}, {"newest", false}};
	struct report_markup *m = &p->markup;
	struct str time = report_time_text(p->arena, activation->onboarded_at_us);

	report_put_element(m, "h2", NULL,
	    arena_printf(p->arena, "Chunks of the onboarding of %.*s", STR_ARG(time)));
	if (activation->phase_count == 0) {
		report_put_element(m, "p", NULL, STR_LIT("None has come."));
		return;
	}
	report_begin_table(m, STR_LIT("Phases of the history"), columns, COUNT(columns));
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

void
report_put_account_events_table(struct report_page *p)
{
	static const struct report_column columns[] = {
	    {"event", false}, {"time", false}, {"reason", false}, {"by", false}};
	const struct report *r = p->report;
	struct report_markup *m = &p->markup;

	report_put_element(m, "h2", NULL, STR_LIT("Account"));
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

void
report_put_media_table(struct report_page *p)
{
	static const struct report_column columns[] = {{"state", false}, {"age", false},
	    {"files", true}, {"share", false}, {"until", false}, {"meaning", false}};
	const struct report *r = p->report;
	int64_t files = 0;

	report_put_element(&p->markup, "h2", NULL, STR_LIT("Media"));
	if (r->media_age_count == 0) {
		report_put_element(&p->markup, "p", NULL, STR_LIT("none"));
		return;
	}
	for (size_t i = 0; i < r->media_age_count; i++)
		files += r->media_ages[i].files;
	report_begin_table(&p->markup, STR_LIT("Files by state and age"), columns, 6);
	for (size_t i = 0; i < r->media_age_count; i++)
		put_media_row(p, &r->media_ages[i], files);
	report_end_table(&p->markup);
	put_ages(p);
	put_losses(p);
	if (r->next_deadline_us != TIME_NONE) {
		struct str time = report_time_text(p->arena, r->next_deadline_us);
		struct str forecast = report_forecast_text(p->arena, r);

		report_put_element(&p->markup, "p", NULL,
		    arena_printf(
			p->arena, "Next deadline: %.*s; %.*s.", STR_ARG(time), STR_ARG(forecast)));
	}
}

void
report_put_conflicts_table(struct report_page *p)
{
	static const struct report_column columns[] = {
	    {"message", false}, {"differ in", false}, {"contents", false}};
	const struct report *r = p->report;
	struct report_markup *m = &p->markup;

	report_put_element(m, "h2", NULL, STR_LIT("Conflicts"));
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

void
report_put_rejects_table(struct report_page *p)
{
	static const struct report_column columns[] = {
	    {"code", false}, {"items", true}, {"meaning", false}, {"remedy", false}};
	const struct report *r = p->report;
	struct report_markup *m = &p->markup;

	report_put_element(m, "h2", NULL, STR_LIT("Rejected items"));
	if (r->reject_count == 0) {
		report_put_element(m, "p", NULL, STR_LIT("none"));
		return;
	}
	report_begin_table(m, STR_LIT("Rejected items by code"), columns, p->is_archive ? 3 : 4);
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

void
report_put_figures(struct report_page *p)
{
	buf_put_text(p->markup.out, "<h2>Figures</h2>\n<div class=\"figures\">\n");
	put_messages(p);
	put_contacts(p);
	put_repairs(p);
	put_payloads(p);
	buf_put_text(p->markup.out, "</div>\n");
}

static void
put_tile(struct report_page *p, const char *name, int64_t n)
{
	buf_printf(p->markup.out, "<li><strong>%" PRId64 "</strong> %s</li>\n", n, name);
}

static void
put_messages(struct report_page *p)
{
	const struct report *r = p->report;
	struct report_markup *m = &p->markup;

	report_begin_table(m, STR_LIT("Messages"), NULL, 0);
	report_put_count_row(m, "messages", r->messages);
	report_put_count_row(m, "conversations", r->conversations);
	report_put_count_row(m, "in", r->inbound);
	report_put_count_row(m, "out", r->outbound);
	report_put_count_row(m, "no direction", report_directionless(r));
	report_put_time_row(m, "oldest", r->oldest_us);
	report_put_time_row(m, "newest", r->newest_us);
	report_put_count_row(m, "events", r->events);
	report_put_count_row(m, "conflicts", r->conflicts);
	report_end_table(m);
}

static void
put_contacts(struct report_page *p)
{
	const struct report *r = p->report;
	struct report_markup *m = &p->markup;

	report_begin_table(m, STR_LIT("Contacts"), NULL, 0);
	report_put_count_row(m, "contacts", r->contacts);
	for (size_t i = 0; i < r->name_count; i++) {
		report_begin_row(m, report_name_source(r->names[i].name));
		report_put_number_cell(m, r->names[i].count);
	}
	report_put_count_row(m, "pairs that may be one person", r->proposals);
	report_end_table(m);
}

static void
put_repairs(struct report_page *p)
{
	const struct counts *c = &p->report->counts;
	struct report_markup *m = &p->markup;

	report_begin_table(m, STR_LIT("Repairs"), NULL, 0);
	report_put_count_row(m, "texts repaired", (int64_t)c->text_repaired);
	report_put_count_row(m, "times unusable", (int64_t)c->time_unusable);
	report_put_count_row(m, "no direction said", (int64_t)c->direction_unknown);
	report_put_count_row(m, "unknown types", (int64_t)c->types_unknown);
	report_put_count_row(m, "group statuses", (int64_t)c->group_events);
	report_end_table(m);
}

static void
put_payloads(struct report_page *p)
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
put_media_row(struct report_page *p, const struct report_media *media, int64_t files)
{
	const struct report_word *word = report_find_media_state(media->state);
	struct report_markup *m = &p->markup;

	report_begin_row(m, media->state);
	report_put_cell(m, media->age);
	report_put_number_cell(m, media->files);
	report_put_bar_cell(p, (uint64_t)media->files, (uint64_t)files,
	    word == NULL ? SEVERITY_WARNING : word->severity);
	report_put_time_cell(m, media->deadline_us);
	report_put_cell(m, str_of(word == NULL ? "" : word->meaning));
}

/* What the ages mean, each that occurs once. */
static void
put_ages(struct report_page *p)
{
	const struct report *r = p->report;

	buf_put_text(p->markup.out, "<ul>\n");
	for (size_t i = 0; i < r->media_age_count; i++) {
		struct str text = report_age_text(p->arena, r, r->media_ages[i].age);

		if (text.ptr != NULL && report_is_first_age(r, i))
			report_put_element(&p->markup, "li", NULL, text);
	}
	buf_put_text(p->markup.out, "</ul>\n");
}

static void
put_losses(struct report_page *p)
{
	static const struct report_column columns[] = {
	    {"state", false}, {"reason", false}, {"files", true}, {"meaning", false}};
	const struct report *r = p->report;
	struct report_markup *m = &p->markup;

	if (r->loss_count == 0)
		return;
	report_begin_table(m, STR_LIT("Lost files by reason"), columns, 4);
	for (size_t i = 0; i < r->loss_count; i++) {
		report_begin_row(m, r->losses[i].state);
		report_put_cell(m, r->losses[i].reason);
		report_put_number_cell(m, r->losses[i].files);
		report_put_cell(m, str_of(loss_find_meaning(r->losses[i].reason)));
	}
	report_end_table(m);
}
