/*
 * Which accounts a stored payload is decoded for: see redecode.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "batch/batch.h"
#include "decode/decode.h"
#include "pipeline/redecode.h"
#include "rules/observation.h"
#include "rules/reject_codes.h"
#include "rules/signature.h"

struct redecode {
	struct accounts *accounts; /* of the run */
	struct accounts *others; /* those that are not to be made */
	struct batch *trial;
	struct decode_options options; /* its account: the only one that is wanted */
	bool is_replay; /* the payloads are stored ones, and what is known of them is in the rows */
};

/* What is thought of one payload. */
struct plan {
	struct redecode *d;
	struct batch *batch;
	struct payload *payload;
	const struct ledger_rows *rows;
	struct payload *known; /* of each row: as its account knows it */
	size_t lead; /* the row whose account knows it best: names are read so */
	struct decode_options options;
	struct list names; /* struct str: the accounts that it names to this decoder */
	bool *is_assigned; /* of each row: by --account */
	bool is_complete; /* the accounts that it named then have it */
};

/* The rows of which the same is known, and are to be written. */
struct pass {
	struct plan *plan;
	struct payload *payload;
	bool *is_meant; /* of each row */
	bool is_lead; /* the accounts that it names for the first time, too */
	size_t first_part;
};

struct redecode *
redecode_new(struct accounts *accounts, struct accounts *others, const struct decode_options *o,
    bool is_replay)
{
	struct redecode *d = memory_zero(1, sizeof(*d));

	d->accounts = accounts;
	d->others = others;
	d->trial = batch_new();
	d->options = *o;
	d->is_replay = is_replay;
	return d;
}

void
redecode_free(struct redecode *d)
{
	if (d == NULL)
		return;
	batch_free(d->trial);
	free(d);
}

static bool
is_wanted(const struct redecode *d, struct str name)
{
	return d->options.account.ptr == NULL || str_equal(d->options.account, name);
}

/* As an import with this --account, or without, would decode it; into the trial batch. */
static void
try(const struct plan *n, struct str account)
{
	const struct decode_options o = {.account = account, .onboarded_at_us = TIME_NONE};
	struct batch *b = n->d->trial;
	struct payload *p;

	batch_reset(b);
	p = arena_alloc(b->arena, sizeof(*p));
	*p = n->known[n->lead];
	decode_payload(b, p, &o, &(struct decode_accounts){accounts_find, n->d->others});
}

static void
list_names(struct plan *n)
{
	try(n, STR_NULL);
	for (size_t i = 0; i < n->d->trial->parts.count; i++)
		list_add(n->batch->arena, &n->names, &batch_part(n->d->trial, i)->account->name);
}

static bool
is_named(const struct plan *n, struct str name)
{
	for (size_t i = 0; i < n->names.count; i++)
		if (str_equal(*(struct str *)n->names.items[i], name))
			return true;
	return false;
}

static bool
is_refused(const struct payload *p)
{
	return observation_of(p).is_refused;
}

/* Of this account, and another has it. */
static bool
is_refused_alone(const struct plan *n, size_t i)
{
	return is_refused(&n->known[i]) && !is_refused(&n->known[n->lead]);
}

static bool
is_assigned(const struct plan *n, size_t i)
{
	const struct ledger_entry *l = n->rows->items[i];

	if (is_refused_alone(n, i))
		return true;
	if (str_equal(l->account, NOBODY))
		return false;
	if (!n->is_complete || l->is_excluded)
		return true;
	if (is_named(n, l->account))
		return false;
	try(n, l->account);
	return strcmp(batch_part(n->d->trial, 0)->kind, "excluded") != 0;
}

static bool
is_meant_account(const struct pass *s, struct str name)
{
	const struct ledger_rows *rows = s->plan->rows;

	for (size_t i = 0; i < rows->count; i++)
		if (str_equal(rows->items[i]->account, name))
			return s->is_meant[i];
	return s->is_lead && is_wanted(s->plan->d, name);
}

static struct account *
find_account(void *state, const struct account *named)
{
	const struct pass *s = state;
	struct redecode *d = s->plan->d;

	return accounts_find(is_meant_account(s, named->name) ? d->accounts : d->others, named);
}

static void
decode_as(struct pass *s, struct str account)
{
	const struct plan *n = s->plan;
	struct decode_options o = n->options;

	o.account = account;
	decode_payload(n->batch, s->payload, &o, &(struct decode_accounts){find_account, s});
}

/* Parts of accounts that are not meant, or get theirs as assigned ones. */
static void
leave_out(const struct pass *s)
{
	const struct plan *n = s->plan;

	for (size_t i = s->first_part; i < n->batch->parts.count; i++) {
		struct part *p = batch_part(n->batch, i);

		p->is_left_out = !is_meant_account(s, p->account->name);
		for (size_t j = 0; j < n->rows->count; j++)
			p->is_left_out |= n->is_assigned[j] &&
					  str_equal(n->rows->items[j]->account, p->account->name);
	}
}

static void
add_gone(const struct pass *s, struct str name)
{
	const struct plan *n = s->plan;
	const struct account named = {.name = name, .id = -1};
	struct part *p = arena_zero(n->batch->arena, 1, sizeof(*p));

	p->payload = s->payload;
	p->account = accounts_find(n->d->accounts, &named);
	p->kind = "excluded";
	p->is_gone = true;
	list_add(n->batch->arena, &n->batch->parts, p);
}

static void
decode_pass(struct pass *s)
{
	const struct plan *n = s->plan;
	bool is_plain = n->rows->count == 0;

	for (size_t i = 0; i < n->rows->count; i++)
		is_plain |= !n->is_assigned[i] && (s->is_lead || s->is_meant[i]);
	if (is_plain) {
		decode_as(s, STR_NULL);
		leave_out(s);
	}
	for (size_t i = 0; i < n->rows->count; i++) {
		struct str name = n->rows->items[i]->account;

		if (!s->is_meant[i])
			continue;
		if (n->is_assigned[i])
			decode_as(s, name);
		else if (!is_named(n, name))
			add_gone(s, name);
	}
}

/* By --account of an import. */
static bool
is_claimed(const struct redecode *d)
{
	return !d->is_replay && d->options.account.ptr != NULL;
}

/* Does the copy, as it was given, add to what this row says? */
static bool
is_outdone(const struct plan *n, size_t i)
{
	const struct known k = {
	    .account = n->d->options.account, .keeps_raw = n->d->options.keeps_raw};

	return known_is_outdone(&k, &(struct ledger_rows){&n->rows->items[i], 1}, n->payload);
}

/* Is the row to be written now? Refused, and kept without its bytes, it stays as it is: of some
 * these were never here. What this run has written of the payload is not counted once more. */
static bool
is_meant(const struct plan *n, size_t i)
{
	const struct ledger_entry *l = n->rows->items[i];

	if (!is_wanted(n->d, l->account) || (n->payload->is_counted && !is_outdone(n, i)))
		return false;
	if (n->d->is_replay)
		return !l->observed.is_refused || l->has_raw;
	return is_claimed(n->d) || !l->is_excluded;
}

static bool
is_known_alike(const struct payload *x, const struct payload *y)
{
	return x->received_at_us == y->received_at_us && x->signature == y->signature &&
	       str_compare(x->signature_header, y->signature_header) == 0 &&
	       is_refused(x) == is_refused(y);
}

/* The rows that are like this one, unless they were among those before. */
static void
decode_like(struct plan *n, size_t like, bool *is_done)
{
	struct arena *a = n->batch->arena;
	struct pass s = {.plan = n, .is_lead = like == n->lead};
	bool is_any = s.is_lead;

	s.first_part = n->batch->parts.count;
	s.is_meant = arena_zero(a, n->rows->count + 1, sizeof(bool));
	for (size_t i = 0; i < n->rows->count; i++) {
		s.is_meant[i] =
		    !is_done[i] && is_meant(n, i) && is_known_alike(&n->known[i], &n->known[like]);
		is_done[i] |= s.is_meant[i];
		is_any |= s.is_meant[i];
	}
	if (!is_any)
		return;
	s.payload = arena_alloc(a, sizeof(*s.payload));
	*s.payload = n->known[like];
	s.payload->given = n->payload;
	/* the ledger's is gone before the batch is written */
	s.payload->signature_header = arena_copy(a, s.payload->signature_header);
	decode_pass(&s);
}

/* What was stored of a payload was said to one of its accounts. */
static struct payload
known_to(const struct redecode *d, const struct payload *p, const struct ledger_entry *l)
{
	struct payload known = *p;

	if (d->is_replay) {
		known.received_at_us = TIME_NONE;
		known.signature = SIGNATURE_ABSENT;
		known.signature_header = STR_NULL;
	}
	if (d->is_replay && is_refused(p))
		known.fault = NULL;
	if (d->is_replay && l->observed.is_refused) {
		known.fault = REJECT_SIGNATURE_NOT_VALID;
		known.fault_text = str_of(signature_refusal(l->observed.signature));
	}
	known_join(l, &known);
	return known;
}

static size_t
find_lead(const struct plan *n)
{
	for (size_t i = 0; i < n->rows->count; i++)
		if (!is_refused(&n->known[i]) && is_meant(n, i))
			return i;
	for (size_t i = 0; i < n->rows->count; i++)
		if (!is_refused(&n->known[i]))
			return i;
	return 0;
}

/* Rows of which it was refused say nothing of its names, where another account has it. Nobody's
 * goes when those have it whom it named. */
static void
judge_rows(struct plan *n)
{
	size_t named = 0;

	for (size_t i = 0; i < n->rows->count; i++) {
		const struct ledger_entry *l = n->rows->items[i];

		if (l->is_excluded || is_refused_alone(n, i))
			continue;
		named++;
		n->is_complete |= named >= l->accounts;
	}
	for (size_t i = 0; n->is_complete && i < n->rows->count; i++)
		if (is_refused_alone(n, i) && str_equal(n->rows->items[i]->account, NOBODY))
			n->known[i] = n->known[n->lead];
}

void
redecode_payload(
    struct redecode *d, struct batch *b, struct payload *p, const struct ledger_rows *rows)
{
	struct plan n = {.d = d, .batch = b, .payload = p, .rows = rows, .options = d->options};
	bool *is_done = arena_zero(b->arena, rows->count + 1, sizeof(bool));

	n.known = arena_alloc(b->arena, (rows->count + 1) * sizeof(*n.known));
	n.known[0] = *p;
	for (size_t i = 0; i < rows->count; i++)
		n.known[i] = known_to(d, p, rows->items[i]);
	n.lead = find_lead(&n);
	n.is_assigned = arena_zero(b->arena, rows->count + 1, sizeof(bool));
	judge_rows(&n);
	/* what is refused is given under no onboarding */
	if (is_refused(p))
		n.options.onboarded_at_us = TIME_NONE;
	list_names(&n);
	for (size_t i = 0; i < rows->count; i++)
		n.is_assigned[i] = is_claimed(d) || is_assigned(&n, i);
	decode_like(&n, n.lead, is_done);
	for (size_t i = 0; i < rows->count; i++)
		decode_like(&n, i, is_done);
}
