/*
 * Which accounts a stored payload is decoded for: see redecode.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "batch/batch.h"
#include "decode/decode.h"
#include "pipeline/redecode.h"

struct redecode {
	struct accounts *accounts; /* of the run */
	struct accounts *others; /* those that are not to be made */
	struct batch *trial;
	struct decode_options options; /* its account: the only one that is wanted */
};

/* What is thought of one payload. */
struct plan {
	struct redecode *d;
	struct batch *batch;
	struct payload *payload;
	const struct ledger_rows *rows;
	struct list names; /* struct str: the accounts that it names to this decoder */
	bool *is_assigned; /* of each row: by --account */
	bool is_complete; /* the accounts that it named then have it */
	size_t first_part;
};

struct redecode *
redecode_new(struct accounts *accounts, struct accounts *others, const struct decode_options *o)
{
	struct redecode *d = memory_zero(1, sizeof(*d));

	d->accounts = accounts;
	d->others = others;
	d->trial = batch_new();
	d->options = *o;
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

static struct account *
find_account(void *state, const struct account *named)
{
	struct redecode *d = state;

	return accounts_find(is_wanted(d, named->name) ? d->accounts : d->others, named);
}

/* As an import with this --account, or without, would decode it; into the trial batch. */
static void
try(const struct plan *n, struct str account)
{
	const struct decode_options o = {.account = account, .onboarded_at_us = TIME_NONE};

	batch_reset(n->d->trial);
	decode_payload(
	    n->d->trial, n->payload, &o, &(struct decode_accounts){accounts_find, n->d->others});
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
is_assigned(const struct plan *n, const struct ledger_entry *l)
{
	if (str_equal(l->account, NOBODY))
		return false;
	if (!n->is_complete || l->is_excluded)
		return true;
	if (is_named(n, l->account))
		return false;
	try(n, l->account);
	return strcmp(batch_part(n->d->trial, 0)->kind, "excluded") != 0;
}

static void
decode_as(const struct plan *n, struct str account)
{
	struct decode_options o = n->d->options;

	o.account = account;
	decode_payload(n->batch, n->payload, &o, &(struct decode_accounts){find_account, n->d});
}

/* Parts of accounts that are not wanted, or get theirs as assigned ones. */
static void
leave_out(const struct plan *n)
{
	for (size_t i = n->first_part; i < n->batch->parts.count; i++) {
		struct part *p = batch_part(n->batch, i);

		p->is_left_out = !is_wanted(n->d, p->account->name);
		for (size_t j = 0; j < n->rows->count; j++)
			p->is_left_out |= n->is_assigned[j] &&
					  str_equal(n->rows->items[j]->account, p->account->name);
	}
}

static void
add_gone(const struct plan *n, struct str name)
{
	const struct account named = {.name = name, .id = -1};
	struct part *p = arena_zero(n->batch->arena, 1, sizeof(*p));

	p->payload = n->payload;
	p->account = accounts_find(n->d->accounts, &named);
	p->kind = "excluded";
	p->is_gone = true;
	list_add(n->batch->arena, &n->batch->parts, p);
}

static void
decode_planned(struct plan *n)
{
	bool is_plain = n->rows->count == 0;

	for (size_t i = 0; i < n->rows->count; i++)
		is_plain |= !n->is_assigned[i];
	if (is_plain) {
		decode_as(n, STR_NULL);
		leave_out(n);
	}
	for (size_t i = 0; i < n->rows->count; i++) {
		struct str name = n->rows->items[i]->account;

		if (!is_wanted(n->d, name))
			continue;
		if (n->is_assigned[i])
			decode_as(n, name);
		else if (!is_named(n, name))
			add_gone(n, name);
	}
}

void
redecode_payload(
    struct redecode *d, struct batch *b, struct payload *p, const struct ledger_rows *rows)
{
	struct plan n = {
	    .d = d, .batch = b, .payload = p, .rows = rows, .first_part = b->parts.count};

	n.is_assigned = arena_zero(b->arena, rows->count + 1, sizeof(bool));
	n.is_complete = known_is_complete(&(struct known){0}, rows);
	list_names(&n);
	for (size_t i = 0; i < rows->count; i++)
		n.is_assigned[i] = is_assigned(&n, rows->items[i]);
	decode_planned(&n);
}
