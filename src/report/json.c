/*
 * The report for programs: docs/report.schema.json. Members are only ever added;
 * a change of what one means raises the version.
 */
#include "base/json.h"
#include "model/rows.h"
#include "report/report.h"
#include "report/text.h"
#include "report/timeline.h"
#include "report/words.h"
#include "rules/accounting.h"
#include "rules/reject_codes.h"

#define FORMAT_NAME "coexsync-report"
#define FORMAT_VERSION 1

struct page {
	struct json_writer json;
	struct arena *arena;
	const struct report *report;
};

static void put_activation(struct page *p, const struct report_activation *activation);
static void put_timeline(struct page *p, const struct report_activation *activation);
static void put_phase(struct page *p, const struct report_coverage *phase);
static void put_account_events(struct page *p);
static void put_messages(struct page *p);
static void put_conflicts(struct page *p);
static void put_names(struct page *p);
static void put_accounting(struct page *p);
static void put_repairs(struct page *p);
static void put_media_ages(struct page *p);
static void put_losses(struct page *p);
static void put_media(struct page *p);
static void put_rejects(struct page *p);
static void put_payloads(struct page *p);
static void put_next_step(struct page *p);
static void begin_object(struct page *p, const char *key);
static void begin_array(struct page *p, const char *key);
static void put_int(struct page *p, const char *key, int64_t n);
static void put_small(struct page *p, const char *key, int n);
static void put_time(struct page *p, const char *key, int64_t us);
static void put_text(struct page *p, const char *key, struct str text);

int
report_write_json(const struct report *r, FILE *out, struct err *e)
{
	struct buf text;
	struct page p = {{&text, false}, arena_new(), r};
	int rc;

	buf_init(&text, REPORT_MAX_BYTES);
	json_begin_object(&p.json);
	put_text(&p, "format", STR_LIT(FORMAT_NAME));
	put_int(&p, "version", FORMAT_VERSION);
	put_text(&p, "account", r->account);
	put_text(&p, "phone_number_id", r->phone_number_id);
	put_time(&p, "as_of", r->as_of.at_us);
	json_put_key(&p.json, "redacted");
	json_put_bool(&p.json, r->is_redacted);
	begin_array(&p, "activations");
	for (size_t i = 0; i < r->activation_count; i++)
		put_activation(&p, &r->activations[i]);
	json_end_array(&p.json);
	put_account_events(&p);
	put_messages(&p);
	put_conflicts(&p);
	put_int(&p, "contacts", r->contacts);
	put_names(&p);
	put_accounting(&p);
	put_repairs(&p);
	put_media(&p);
	put_rejects(&p);
	put_payloads(&p);
	put_next_step(&p);
	json_end_object(&p.json);
	buf_put_char(&text, '\n');
	rc = report_flush(&text, out, e);
	buf_free(&text);
	arena_free(p.arena);
	return rc;
}

static void
put_activation(struct page *p, const struct report_activation *activation)
{
	json_begin_object(&p->json);
	put_time(p, "onboarded_at", activation->onboarded_at_us);
	json_put_key(&p->json, "is_inferred");
	json_put_bool(&p->json, activation->is_inferred);
	put_text(p, "verdict", activation->verdict);
	begin_array(p, "reasons");
	for (size_t i = 0; i < activation->reason_count; i++) {
		json_begin_object(&p->json);
		put_text(p, "code", activation->reasons[i].code);
		put_text(p, "sentence", activation->reasons[i].sentence);
		json_end_object(&p->json);
	}
	json_end_array(&p->json);
	begin_array(p, "phases");
	for (size_t i = 0; i < activation->phase_count; i++)
		put_phase(p, &activation->phases[i]);
	json_end_array(&p->json);
	json_put_key(&p->json, "timeline");
	if (activation->timeline == NULL)
		json_put_null(&p->json);
	else
		put_timeline(p, activation);
	json_end_object(&p->json);
}

/* As people read: the oldest day first. */
static void
put_timeline(struct page *p, const struct report_activation *activation)
{
	const struct report_timeline *t = activation->timeline;
	int64_t time = activation->onboarded_at_us;

	json_begin_object(&p->json);
	put_text(p, "first_day", report_timeline_day(p->arena, time, REPORT_DAYS - 1));
	put_text(p, "last_day", report_timeline_day(p->arena, time, 0));
	begin_array(p, "days");
	for (int day = REPORT_DAYS - 1; day >= 0; day--)
		json_put_int(&p->json, t->days[day]);
	json_end_array(&p->json);
	put_int(p, "older", t->older);
	put_int(p, "later", t->later);
	json_end_object(&p->json);
}

static void
put_phase(struct page *p, const struct report_coverage *phase)
{
	json_begin_object(&p->json);
	put_small(p, "phase", phase->phase);
	put_int(p, "chunks", phase->chunks);
	put_small(p, "lowest_order", phase->lowest_order);
	put_small(p, "highest_order", phase->highest_order);
	put_text(p, "missing", phase->missing.ptr == NULL ? STR_LIT("") : phase->missing);
	put_small(p, "progress", phase->progress);
	put_int(p, "messages", phase->messages);
	put_time(p, "oldest", phase->oldest_us);
	put_time(p, "newest", phase->newest_us);
	json_end_object(&p->json);
}

static void
put_account_events(struct page *p)
{
	const struct report *r = p->report;

	begin_array(p, "account_events");
	for (size_t i = 0; i < r->account_event_count; i++) {
		const struct report_account_event *event = &r->account_events[i];

		json_begin_object(&p->json);
		put_time(p, "at", event->at_us);
		put_text(p, "event", event->event);
		put_text(p, "reason", event->reason);
		put_text(p, "initiated_by", event->initiated_by);
		json_end_object(&p->json);
	}
	json_end_array(&p->json);
}

static void
put_messages(struct page *p)
{
	const struct report *r = p->report;

	begin_object(p, "messages");
	put_int(p, "total", r->messages);
	put_int(p, "conversations", r->conversations);
	put_int(p, "proposals", r->proposals);
	put_int(p, "inbound", r->inbound);
	put_int(p, "outbound", r->outbound);
	put_int(p, "direction_unknown", report_directionless(r));
	put_time(p, "oldest", r->oldest_us);
	put_time(p, "newest", r->newest_us);
	put_int(p, "events", r->events);
	put_int(p, "conflicts", r->conflicts);
	json_end_object(&p->json);
}

static void
put_contents(struct page *p, const struct report_conflict *c)
{
	begin_array(p, "contents");
	for (size_t i = 0; i < c->content_count; i++) {
		json_begin_object(&p->json);
		put_text(p, "sha256", c->contents[i].sha256);
		put_text(p, "stream", c->contents[i].stream);
		json_end_object(&p->json);
	}
	json_end_array(&p->json);
}

static void
put_conflicts(struct page *p)
{
	begin_array(p, "conflicting");
	for (size_t i = 0; i < p->report->conflicting_count; i++) {
		const struct report_conflict *c = &p->report->conflicting[i];

		json_begin_object(&p->json);
		put_text(p, "wamid", c->wamid);
		put_text(p, "fields", c->fields);
		put_contents(p, c);
		json_end_object(&p->json);
	}
	json_end_array(&p->json);
}

static void
put_names(struct page *p)
{
	const struct report *r = p->report;

	begin_array(p, "names");
	for (size_t i = 0; i < r->name_count; i++) {
		json_begin_object(&p->json);
		put_text(p, "source", r->names[i].name);
		put_int(p, "people", r->names[i].count);
		json_end_object(&p->json);
	}
	json_end_array(&p->json);
}

static void
put_accounting(struct page *p)
{
	const struct counts *c = &p->report->counts;

	begin_object(p, "accounting");
	put_int(p, "seen", (int64_t)c->seen);
	for (int i = 0; i < OUTCOME_COUNT; i++)
		put_int(p, report_outcomes[i].name, (int64_t)c->outcomes[i]);
	json_put_key(&p->json, "adds_up");
	json_put_bool(&p->json, accounting_adds_up(c));
	put_int(p, "events", (int64_t)c->events);
	put_int(p, "contacts", (int64_t)c->contacts);
	put_int(p, "chunks", (int64_t)c->chunks);
	put_int(p, "rejects", (int64_t)c->rejects);
	json_end_object(&p->json);
}

static void
put_repairs(struct page *p)
{
	const struct counts *c = &p->report->counts;

	begin_object(p, "repairs");
	put_int(p, "text_repaired", (int64_t)c->text_repaired);
	put_int(p, "time_unusable", (int64_t)c->time_unusable);
	put_int(p, "direction_unknown", (int64_t)c->direction_unknown);
	put_int(p, "types_unknown", (int64_t)c->types_unknown);
	put_int(p, "group_events", (int64_t)c->group_events);
	json_end_object(&p->json);
}

static void
put_media_ages(struct page *p)
{
	const struct report *r = p->report;

	begin_array(p, "ages");
	for (size_t i = 0; i < r->media_age_count; i++) {
		json_begin_object(&p->json);
		put_text(p, "age", r->media_ages[i].age);
		put_text(p, "state", r->media_ages[i].state);
		put_int(p, "files", r->media_ages[i].files);
		put_time(p, "deadline", r->media_ages[i].deadline_us);
		json_end_object(&p->json);
	}
	json_end_array(&p->json);
}

static void
put_losses(struct page *p)
{
	const struct report *r = p->report;

	begin_array(p, "losses");
	for (size_t i = 0; i < r->loss_count; i++) {
		json_begin_object(&p->json);
		put_text(p, "state", r->losses[i].state);
		put_text(p, "reason", r->losses[i].reason);
		put_int(p, "files", r->losses[i].files);
		json_end_object(&p->json);
	}
	json_end_array(&p->json);
}

static void
put_media(struct page *p)
{
	const struct report *r = p->report;

	begin_object(p, "media");
	begin_array(p, "states");
	for (size_t i = 0; i < r->media_count; i++) {
		json_begin_object(&p->json);
		put_text(p, "state", r->media[i].name);
		put_int(p, "files", r->media[i].count);
		json_end_object(&p->json);
	}
	json_end_array(&p->json);
	put_media_ages(p);
	put_time(p, "next_deadline", r->next_deadline_us);
	put_int(p, "expiring", r->media_expiring);
	put_int(p, "max_age_hours", r->as_of.max_age_hours);
	put_int(p, "id_life_hours", r->as_of.id_life_hours);
	put_losses(p);
	json_end_object(&p->json);
}

static void
put_rejects(struct page *p)
{
	const struct report *r = p->report;

	begin_array(p, "rejects");
	for (size_t i = 0; i < r->reject_count; i++) {
		struct str code = arena_copy(p->arena, r->rejects[i].name); /* with a NUL */
		const struct reject_code *known = reject_code_find(code.ptr);

		json_begin_object(&p->json);
		put_text(p, "code", code);
		put_int(p, "items", r->rejects[i].count);
		put_text(p, "meaning", known == NULL ? STR_NULL : str_of(known->meaning));
		put_text(p, "remedy", known == NULL ? STR_NULL : str_of(known->remedy));
		json_end_object(&p->json);
	}
	json_end_array(&p->json);
}

static void
put_payloads(struct page *p)
{
	begin_object(p, "payloads");
	put_int(p, "total", p->report->payloads);
	put_int(p, "with_rejects", p->report->rejected_payloads);
	put_int(p, "without_raw", p->report->payloads_without_raw);
	json_end_object(&p->json);
}

static void
put_next_step(struct page *p)
{
	struct report_step step = report_next_step(p->arena, p->report);

	begin_object(p, "next");
	put_text(p, "command", step.command);
	put_text(p, "reason", step.reason);
	json_end_object(&p->json);
}

static void
begin_object(struct page *p, const char *key)
{
	json_put_key(&p->json, key);
	json_begin_object(&p->json);
}

static void
begin_array(struct page *p, const char *key)
{
	json_put_key(&p->json, key);
	json_begin_array(&p->json);
}

static void
put_int(struct page *p, const char *key, int64_t n)
{
	json_put_key(&p->json, key);
	json_put_int(&p->json, n);
}

static void
put_small(struct page *p, const char *key, int n)
{
	json_put_key(&p->json, key);
	if (n == INT_NONE)
		json_put_null(&p->json);
	else
		json_put_int(&p->json, n);
}

static void
put_time(struct page *p, const char *key, int64_t us)
{
	struct str text = report_time_text(p->arena, us);

	json_put_key(&p->json, key);
	json_put_str(&p->json, str_is(text, "-") ? STR_NULL : text);
}

static void
put_text(struct page *p, const char *key, struct str text)
{
	json_put_key(&p->json, key);
	json_put_str(&p->json, text);
}
