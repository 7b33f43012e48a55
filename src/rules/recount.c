/*
 * Counts of a payload that is applied once more: see recount.h.
 */
#include "base/count.h"
#include "rules/recount.h"

static uint64_t
least(uint64_t x, uint64_t y)
{
	return x < y ? x : y;
}

static uint64_t
greatest(uint64_t x, uint64_t y)
{
	return x > y ? x : y;
}

/* Messages that went to the tables. */
static uint64_t
used(const struct counts *c)
{
	return c->outcomes[OUTCOME_INSERTED] + c->outcomes[OUTCOME_ENRICHED] +
	       c->outcomes[OUTCOME_DUPLICATE] + c->outcomes[OUTCOME_CONFLICTING];
}

void
recount(struct counts *now, const struct counts *before, bool is_same_decoder)
{
	static const enum outcome order[] = {
	    OUTCOME_INSERTED, OUTCOME_CONFLICTING, OUTCOME_ENRICHED};
	uint64_t left = now->outcomes[OUTCOME_INSERTED] + before->outcomes[OUTCOME_INSERTED];
	uint64_t messages;

	if (is_same_decoder)
		left = least(left, greatest(used(now), used(before)));
	left = messages = greatest(left, used(now));
	for (size_t i = 0; i < COUNT(order); i++) {
		uint64_t *count = &now->outcomes[order[i]];

		*count = least(*count + before->outcomes[order[i]], left);
		left -= *count;
	}
	now->outcomes[OUTCOME_DUPLICATE] = left;
	now->seen = messages + now->outcomes[OUTCOME_REJECTED] + now->outcomes[OUTCOME_EXCLUDED];
}
