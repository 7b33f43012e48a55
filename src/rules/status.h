/*
 * Names of delivery statuses (docs/PAYLOADS.md).
 */
#ifndef RULES_STATUS_H
#define RULES_STATUS_H

#include "base/str.h"
#include "model/rows.h"

/* In upper, lower or mixed case; `error` of history is failed. STATUS_NONE for any other. */
enum status status_parse(struct str text);

/* By status, as the database spells them, in lower case; NULL for STATUS_NONE. */
extern const char *const status_names[];

#endif
