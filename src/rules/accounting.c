/*
 * Sums of outcomes: see accounting.h.
 */
#include <inttypes.h>

#include "rules/accounting.h"

const char *const accounting_names[OUTCOME_COUNT] = {
    [OUTCOME_INSERTED] = "inserted",
    [OUTCOME_ENRICHED] = "enriched",
    [OUTCOME_DUPLICATE] = "duplicate",
    [OUTCOME_CONFLICTING] = "conflicting",
    [OUTCOME_REJECTED] = "rejected",
    [OUTCOME_EXCLUDED] = "excluded",
};

static uint64_t
sum_of(const struct counts *c)
{
	uint64_t sum = 0;

	for (int i = 0; i < OUTCOME_COUNT; i++)
		sum += c->outcomes[i];
	return sum;
}

bool
accounting_adds_up(const struct counts *c)
{
	return sum_of(c) == c->seen;
}

int
accounting_check(const struct counts *c, struct str where, struct err *e)
{
	if (accounting_adds_up(c))
		return 0;
	err_set(e, ERR_BUG, "%.*s: %" PRIu64 " messages seen, but %" PRIu64 " outcomes counted",
	    STR_ARG(where), c->seen, sum_of(c));
	return err_hint(e, "this is a bug of coexsync, please report it");
}
