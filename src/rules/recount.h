/*
 * The counts of a payload that is applied once more.
 */
#ifndef RULES_RECOUNT_H
#define RULES_RECOUNT_H

#include <stdbool.h>

#include "model/batch.h"

/*
 * What the ledger is to say: *now is what applying it again has found, `before` what the ledger
 * said (its outcomes but rejected and excluded, which are those of now). What was inserted then and
 * what is inserted now are both its doing; likewise conflicts and enrichments, in this order, as
 * far as there are messages, for each has one outcome; the rest are duplicates. Nothing new
 * leaves `before` as it was. Messages that this decoder no longer makes of it are there: `seen`
 * goes on counting what was inserted. Of the same decoder it cannot have inserted more than it
 * holds: then rows had been lost, and are counted once.
 */
void recount(struct counts *now, const struct counts *before, bool is_same_decoder);

#endif
