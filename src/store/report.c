/*
 * The report of one account, out of sql/report_*.sql. Columns are found by their names. See
 * store.h.
 */
#include <string.h>

#include "model/time.h"
#include "rules/accounting.h"
#include "store/connection.h"

/* Of one question: the result, and the row at hand. */
struct answer {
	PGresult *rows;
	int row;
	struct arena *arena;
};

static int
column(const struct answer *a, const char *name)
{
	return PQfnumber(a->rows, name);
}

static int64_t
number(const struct answer *a, const char *name)
{
	return store_int(a->rows, a->row, column(a, name));
}

static int
optional(const struct answer *a, const char *name)
{
	int c = column(a, name);

	return store_is_null(a->rows, a->row, c) ? INT_NONE : (int)store_int(a->rows, a->row, c);
}

static int64_t
moment(const struct answer *a, const char *name)
{
	return store_time(a->rows, a->row, column(a, name));
}

static struct str
text(const struct answer *a, const char *name)
{
	return arena_copy(a->arena, store_text(a->rows, a->row, column(a, name)));
}

/* What all the questions begin with. */
struct asking {
	struct store *store;
	struct arena *arena;
	int32_t account_id;
	struct as_of as_of;
	bool is_of_account_alone;
};

static int
ask(const struct asking *q, enum sql id, struct answer *a, struct err *e)
{
	struct params p = {0};

	params_add_int(&p, q->account_id);
	if (id == SQL_REPORT_ACTIVATIONS)
		params_add_as_of(&p, &q->as_of);
	else if (id != SQL_REPORT_ACCOUNT_EVENTS) /* of which none is left out */
		params_add_time(&p, q->as_of.at_us);
	if (id == SQL_REPORT_ACTIVATIONS || id == SQL_REPORT_ACCOUNT_EVENTS)
		params_add_bool(&p, q->is_of_account_alone);
	*a = (struct answer){.arena = q->arena};
	a->rows = store_run(q->store, id, &p, e);
	return a->rows == NULL ? -1 : 0;
}

static void
read_counts(const struct answer *a, struct counts *c)
{
	c->seen = (uint64_t)number(a, "seen");
	for (int i = 0; i < OUTCOME_COUNT; i++)
		c->outcomes[i] = (uint64_t)number(a, accounting_names[i]);
	c->events = (uint64_t)number(a, "events");
	c->contacts = (uint64_t)number(a, "contacts");
	c->chunks = (uint64_t)number(a, "chunks");
	c->rejects = (uint64_t)number(a, "rejects");
	c->text_repaired = (uint64_t)number(a, "text_repaired");
	c->time_unusable = (uint64_t)number(a, "time_unusable");
	c->direction_unknown = (uint64_t)number(a, "direction_unknown");
	c->types_unknown = (uint64_t)number(a, "types_unknown");
	c->group_events = (uint64_t)number(a, "group_events");
}

static int
read_account(const struct asking *q, struct report *r, struct err *e)
{
	struct answer a;

	if (ask(q, SQL_REPORT_ACCOUNT, &a, e) != 0)
		return -1;
	r->phone_number_id = text(&a, "phone_number_id");
	r->payloads = number(&a, "payloads");
	r->payloads_without_raw = number(&a, "payloads_without_raw");
	r->rejected_payloads = number(&a, "rejected_payloads");
	read_counts(&a, &r->counts);
	r->messages = number(&a, "messages");
	r->conversations = number(&a, "conversations");
	r->proposals = number(&a, "proposals");
	r->inbound = number(&a, "inbound");
	r->outbound = number(&a, "outbound");
	r->oldest_us = moment(&a, "oldest_us");
	r->newest_us = moment(&a, "newest_us");
	r->contacts = number(&a, "known_contacts");
	r->events = number(&a, "stored_events");
	r->conflicts = number(&a, "conflicts");
	PQclear(a.rows);
	return 0;
}

static bool
is_null(const struct answer *a, const char *name)
{
	return store_is_null(a->rows, a->row, column(a, name));
}

/* One row a reason: the activation's own columns repeat. */
static void
read_activation_row(const struct answer *a, struct report *r, size_t reasons_max)
{
	struct report_activation *v =
	    r->activation_count == 0 ? NULL : &r->activations[r->activation_count - 1];
	int64_t onboarded_at_us = moment(a, "onboarded_at_us");

	if (v == NULL || v->onboarded_at_us != onboarded_at_us) {
		v = &r->activations[r->activation_count++];
		*v = (struct report_activation){
		    .onboarded_at_us = onboarded_at_us,
		    .is_inferred = store_bool(a->rows, a->row, column(a, "is_inferred")),
		    .verdict = text(a, "verdict"),
		    .history_requested_at_us = moment(a, "history_requested_at_us"),
		    .reasons = arena_zero(a->arena, reasons_max, sizeof(*v->reasons)),
		};
	}
	if (!is_null(a, "reason"))
		v->reasons[v->reason_count++] =
		    (struct report_reason){text(a, "reason"), text(a, "sentence")};
}

/* Files of one state and age; a state's rows stand one behind the other. */
static void
read_media_row(const struct answer *a, struct report *r)
{
	struct report_tally *state = r->media_count == 0 ? NULL : &r->media[r->media_count - 1];
	struct report_media m = {
	    text(a, "age"), text(a, "state"), number(a, "files"), moment(a, "deadline_us")};

	r->media_ages[r->media_age_count++] = m;
	if (state == NULL || !str_equal(state->name, m.state)) {
		state = &r->media[r->media_count++];
		*state = (struct report_tally){m.state, 0};
	}
	state->count += m.files;
	r->media_expiring += number(a, "expiring");
	if (m.deadline_us != TIME_NONE &&
	    (r->next_deadline_us == TIME_NONE || m.deadline_us < r->next_deadline_us))
		r->next_deadline_us = m.deadline_us;
}

static void
read_loss(const struct answer *a, struct report *r)
{
	r->losses[r->loss_count++] =
	    (struct report_loss){text(a, "state"), text(a, "reason"), number(a, "files")};
}

static int
read_activations(const struct asking *q, struct report *r, struct err *e)
{
	struct answer a;
	size_t rows;

	if (ask(q, SQL_REPORT_ACTIVATIONS, &a, e) != 0)
		return -1;
	rows = (size_t)PQntuples(a.rows);
	r->activations = arena_zero(q->arena, rows + 1, sizeof(*r->activations));
	r->media = arena_zero(q->arena, rows + 1, sizeof(*r->media));
	r->media_ages = arena_zero(q->arena, rows + 1, sizeof(*r->media_ages));
	r->losses = arena_zero(q->arena, rows + 1, sizeof(*r->losses));
	r->next_deadline_us = TIME_NONE;
	for (a.row = 0; a.row < (int)rows; a.row++)
		if (is_null(&a, "state"))
			read_activation_row(&a, r, rows);
		else if (is_null(&a, "age"))
			read_loss(&a, r);
		else
			read_media_row(&a, r);
	PQclear(a.rows);
	return 0;
}

static void
read_phase(const struct answer *a, struct report *r, size_t phases_max)
{
	int64_t onboarded_at_us = moment(a, "onboarded_at_us");

	for (size_t i = 0; i < r->activation_count; i++) {
		struct report_activation *v = &r->activations[i];

		if (v->onboarded_at_us != onboarded_at_us)
			continue;
		if (v->phases == NULL)
			v->phases = arena_zero(a->arena, phases_max, sizeof(*v->phases));
		v->phases[v->phase_count++] = (struct report_coverage){
		    .phase = optional(a, "phase"),
		    .chunks = number(a, "chunks"),
		    .lowest_order = optional(a, "lowest_order"),
		    .highest_order = optional(a, "highest_order"),
		    .missing = text(a, "missing"),
		    .progress = optional(a, "progress"),
		    .messages = number(a, "messages"),
		    .oldest_us = moment(a, "oldest_us"),
		    .newest_us = moment(a, "newest_us"),
		};
	}
}

/* The day of a moment, since 1970. */
static int64_t
day_of(int64_t us)
{
	return us / DAY_US - (us % DAY_US < 0);
}

static void
read_day(const struct answer *a, const struct report_activation *v)
{
	int64_t age = day_of(v->onboarded_at_us) - number(a, "day");
	struct report_timeline *t = v->timeline;
	int64_t *messages = &t->older;

	if (age < 0)
		messages = &t->later;
	else if (age < REPORT_DAYS)
		messages = &t->days[age];
	*messages += number(a, "messages");
}

/* Of each onboarding whose time is known. */
static int
read_timelines(const struct asking *q, struct report *r, struct err *e)
{
	struct answer a;

	if (ask(q, SQL_REPORT_DAYS, &a, e) != 0)
		return -1;
	for (size_t i = 0; i < r->activation_count; i++) {
		struct report_activation *v = &r->activations[i];

		if (v->onboarded_at_us == TIME_NONE)
			continue;
		v->timeline = arena_zero(q->arena, 1, sizeof(*v->timeline));
		for (a.row = 0; a.row < PQntuples(a.rows); a.row++)
			read_day(&a, v);
	}
	PQclear(a.rows);
	return 0;
}

static int
read_coverage(const struct asking *q, struct report *r, struct err *e)
{
	struct answer a;

	if (ask(q, SQL_REPORT_COVERAGE, &a, e) != 0)
		return -1;
	for (a.row = 0; a.row < PQntuples(a.rows); a.row++)
		read_phase(&a, r, (size_t)PQntuples(a.rows));
	PQclear(a.rows);
	return 0;
}

/* Words and how often. */
static int
read_tallies(
    const struct asking *q, enum sql id, struct report_tally **out, size_t *count, struct err *e)
{
	struct answer a;

	if (ask(q, id, &a, e) != 0)
		return -1;
	*count = (size_t)PQntuples(a.rows);
	*out = arena_zero(q->arena, *count + 1, sizeof(**out));
	for (a.row = 0; a.row < (int)*count; a.row++)
		(*out)[a.row] = (struct report_tally){text(&a, "name"), number(&a, "count")};
	PQclear(a.rows);
	return 0;
}

/* One row a content: the message's own columns repeat. */
static void
read_conflict_row(const struct answer *a, struct report *r, size_t contents_max)
{
	struct report_conflict *c =
	    r->conflicting_count == 0 ? NULL : &r->conflicting[r->conflicting_count - 1];
	struct str wamid = text(a, "wamid");

	if (c == NULL || !str_equal(c->wamid, wamid)) {
		c = &r->conflicting[r->conflicting_count++];
		*c = (struct report_conflict){
		    .wamid = wamid,
		    .fields = text(a, "fields"),
		    .contents = arena_zero(a->arena, contents_max, sizeof(*c->contents)),
		};
	}
	if (!store_is_null(a->rows, a->row, column(a, "sha256")))
		c->contents[c->content_count++] =
		    (struct report_content){text(a, "sha256"), text(a, "stream")};
}

static int
read_conflicts(const struct asking *q, struct report *r, struct err *e)
{
	struct answer a;
	size_t rows;

	if (ask(q, SQL_REPORT_CONFLICTS, &a, e) != 0)
		return -1;
	rows = (size_t)PQntuples(a.rows);
	r->conflicting = arena_zero(q->arena, rows + 1, sizeof(*r->conflicting));
	for (a.row = 0; a.row < (int)rows; a.row++)
		read_conflict_row(&a, r, rows - (size_t)a.row);
	PQclear(a.rows);
	return 0;
}

static int
read_account_events(const struct asking *q, struct report *r, struct err *e)
{
	struct answer a;

	if (ask(q, SQL_REPORT_ACCOUNT_EVENTS, &a, e) != 0)
		return -1;
	r->account_event_count = (size_t)PQntuples(a.rows);
	r->account_events =
	    arena_zero(q->arena, r->account_event_count + 1, sizeof(*r->account_events));
	for (a.row = 0; a.row < (int)r->account_event_count; a.row++)
		r->account_events[a.row] = (struct report_account_event){moment(&a, "at_us"),
		    text(&a, "event"), text(&a, "reason"), text(&a, "initiated_by")};
	PQclear(a.rows);
	return 0;
}

static int
read_all(struct asking *q, struct report *out, struct err *e)
{
	if (store_find_account(q->store, out->account, &q->account_id, e) != 0 ||
	    read_account(q, out, e) != 0 || read_activations(q, out, e) != 0 ||
	    read_timelines(q, out, e) != 0 || read_coverage(q, out, e) != 0 ||
	    read_conflicts(q, out, e) != 0 || read_account_events(q, out, e) != 0 ||
	    read_tallies(q, SQL_REPORT_NAMES, &out->names, &out->name_count, e) != 0)
		return -1;
	return read_tallies(q, SQL_REPORT_REJECTS, &out->rejects, &out->reject_count, e);
}

/* In a snapshot of its own, unless the caller has one. */
int
store_read_report(struct store *s, struct arena *a, const struct report_query *query,
    struct report *out, struct err *e)
{
	struct asking q = {.store = s,
	    .arena = a,
	    .as_of = query->as_of,
	    .is_of_account_alone = query->is_of_account_alone};
	bool has_snapshot = PQtransactionStatus(s->conn) == PQTRANS_INTRANS;

	*out = (struct report){.account = query->account, .as_of = query->as_of};
	if (has_snapshot)
		return read_all(&q, out, e);
	if (store_do(s, SQL_BEGIN_READING, NULL, e) != 0 ||
	    store_do(s, SQL_PREFER_HASH_JOINS, NULL, e) != 0 || read_all(&q, out, e) != 0 ||
	    store_do(s, SQL_COMMIT, NULL, e) != 0) {
		store_roll_back(s);
		return -1;
	}
	return 0;
}

int
store_read_pseudonym_key(struct store *s, struct sha256 *key, struct err *e)
{
	PGresult *r = store_run(s, SQL_READ_PSEUDONYM_KEY, NULL, e);
	bool is_there;

	if (r == NULL && strcmp(e->sqlstate, "42501") == 0)
		return err_hint(e,
		    "--redact needs SELECT on coexsync.pseudonym_key: who has it can "
		    "tell whom the pseudonyms stand for");
	if (r == NULL)
		return -1;
	is_there = PQntuples(r) == 1 && sha256_parse(store_text(r, 0, 0), key);
	PQclear(r);
	if (is_there)
		return 0;
	err_set(e, ERR_CONFIG, "the table coexsync.pseudonym_key has lost its row");
	return err_hint(e, "restore it: with another key pseudonyms change");
}
