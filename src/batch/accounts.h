/*
 * The accounts of one run, by name. They outlive batches; only the reader changes them.
 */
#ifndef BATCH_ACCOUNTS_H
#define BATCH_ACCOUNTS_H

#include "base/list.h"
#include "model/batch.h"

struct accounts;

struct accounts *accounts_new(void);
void accounts_free(struct accounts *t);

/*
 * The account called named->name, made if it is new. Its other texts are joined with those of
 * `named`: not null beats null, then the greater. What store has not yet been told is in
 * accounts_take_changed. `accounts` is a struct accounts: decode takes the two as they are.
 */
struct account *accounts_find(void *accounts, const struct account *named);

/* The accounts that are new or have changed since the last call, names ascending, in `a`. */
struct list accounts_take_changed(struct accounts *t, struct arena *a);

/* All of them, as they came. Borrowed. */
const struct list *accounts_all(const struct accounts *t);

#endif
