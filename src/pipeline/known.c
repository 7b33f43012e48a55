/*
 * Judgements over the ledger's answer: see known.h.
 */
#include <stdlib.h>
#include <string.h>

#include "pipeline/known.h"
#include "rules/observation.h"

static int
compare_entry(const void *hash, const void *entry)
{
	const struct ledger_entry *l = *(const struct ledger_entry *const *)entry;

	return memcmp(hash, &l->sha256, sizeof(l->sha256));
}

struct ledger_rows
known_find(const struct known *k, const struct payload *p)
{
	void **items = k->entries.items, **found;
	size_t first, end;

	if (k->entries.count == 0)
		return (struct ledger_rows){0};
	found = bsearch(&p->sha256, items, k->entries.count, sizeof(*items), compare_entry);
	if (found == NULL)
		return (struct ledger_rows){0};
	first = end = (size_t)(found - items);
	while (first > 0 && compare_entry(&p->sha256, &items[first - 1]) == 0)
		first--;
	while (end < k->entries.count && compare_entry(&p->sha256, &items[end]) == 0)
		end++;
	return (struct ledger_rows){(struct ledger_entry *const *)&items[first], end - first};
}

bool
known_is_complete(const struct known *k, const struct ledger_rows *rows)
{
	bool is_complete = false;
	size_t named = 0;

	for (size_t i = 0; i < rows->count; i++) {
		const struct ledger_entry *l = rows->items[i];

		if (k->account.ptr != NULL && str_equal(l->account, k->account))
			return true;
		named += !l->is_excluded;
		is_complete |= !l->is_excluded && named >= l->accounts;
	}
	return is_complete && k->account.ptr == NULL;
}

bool
known_is_asked(const struct known *k, const struct ledger_entry *l)
{
	return k->account.ptr == NULL ? !l->is_excluded : str_equal(l->account, k->account);
}

bool
known_is_outdone(const struct known *k, const struct ledger_rows *rows, const struct payload *copy)
{
	const struct observation o = observation_of(copy);
	bool may_keep_raw = k->keeps_raw && payload_is_whole(copy);

	for (size_t i = 0; i < rows->count; i++) {
		const struct ledger_entry *l = rows->items[i];

		if (known_is_asked(k, l) &&
		    (observation_adds(&o, &l->observed) || (!l->has_raw && may_keep_raw)))
			return true;
	}
	return false;
}

void
known_join(const struct ledger_entry *l, struct payload *p)
{
	const struct payload known = {
	    .received_at_us = l->observed.received_at_us,
	    .signature = l->observed.signature,
	    .signature_header = l->observed.signature_header,
	    .fault = l->observed.is_refused ? p->fault : NULL,
	};

	observation_join(p, &known);
}
