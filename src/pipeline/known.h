/*
 * What the ledger says of payloads that are given, and what follows from it. Decides, does nothing.
 */
#ifndef PIPELINE_KNOWN_H
#define PIPELINE_KNOWN_H

#include <stdbool.h>

#include "base/list.h"
#include "model/payload.h"
#include "store/store.h"

struct known {
	struct list entries; /* struct ledger_entry, sorted by hash */
	struct str account; /* --account, or STR_NULL */
	bool keeps_raw;
};

/* The ledger's rows of one payload; count 0: it has none. */
struct ledger_rows {
	struct ledger_entry *const *items;
	size_t count;
};

struct ledger_rows known_find(const struct known *k, const struct payload *p);

/*
 * Is the payload known? A ledger row for each account that it names; with --account the one of that
 * account and no other, for what names no number belongs to the account that is named now.
 */
bool known_is_complete(const struct known *k, const struct ledger_rows *rows);

/* Is this row about what the operator asked for? Who does not name an account does not ask for one
 * that the payload does not speak of. */
bool known_is_asked(const struct known *k, const struct ledger_entry *l);

/* Does the copy say more than the rows that the operator asked for, or has it the bytes that
 * --no-raw left out? */
bool known_is_outdone(
    const struct known *k, const struct ledger_rows *rows, const struct payload *copy);

/* Into a payload that is decoded again for this account: what it knows of it, for its rows tell it,
 * too. */
void known_join(const struct ledger_entry *l, struct payload *p);

#endif
