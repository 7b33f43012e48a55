/*
 * The counts of a payload that is applied once more.
 */
#ifndef RULES_RECOUNT_H
#define RULES_RECOUNT_H

#include <stdbool.h>

#include "model/batch.h"

/*
 * What the ledger is to say. *now: the outcomes of applying it again; `before`: those that the
 * ledger has (rejected and excluded are those of now). inserted = before + now; then conflicting
 * and enriched likewise, in this order, as far as messages are left, for each has one outcome; the
 * rest are duplicates. Where nothing new was found, the result equals `before`. Messages that this
 * decoder no longer makes of it are still there, so `seen` goes on counting them. By the same
 * decoder it cannot have inserted more than it holds: where it would, rows had been lost and came
 * back, and are counted once.
 */
void recount(struct counts *now, const struct counts *before, bool is_same_decoder);

#endif
