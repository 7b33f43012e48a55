/*
 * A Bloom filter of the keys that this run has sent: it tells keys that are surely new from those
 * that another writer may hold uncommitted. A false alarm costs time, never a row.
 */
#ifndef BATCH_FILTER_H
#define BATCH_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct filter;

struct filter *filter_new(void);
void filter_free(struct filter *f);

/* Adds (relation, account, key); true if it may have been there before. */
bool filter_add(struct filter *f, unsigned relation, int32_t account_id, struct str key);

#endif
