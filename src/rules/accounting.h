/*
 * The accounting identity (design 7): every message seen has exactly one outcome.
 */
#ifndef RULES_ACCOUNTING_H
#define RULES_ACCOUNTING_H

#include <stdbool.h>

#include "base/err.h"
#include "model/batch.h"

/* Of outcomes, in ledger, metrics and reports. */
extern const char *const accounting_names[OUTCOME_COUNT];

/* Are the outcomes what was seen, to the last message? */
bool accounting_adds_up(const struct counts *c);

/* `where` had as many outcomes as messages; anything else is a bug (70), with the place named. */
int accounting_check(const struct counts *c, struct str where, struct err *e);

#endif
