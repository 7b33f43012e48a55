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

/* Of (relation, account, key), what the filter knows it by. */
uint64_t filter_hash(unsigned relation, int32_t account_id, struct str key);

/* Adds it; true if it may have been there before. */
bool filter_add(struct filter *f, uint64_t hash);

/* Fetches the memory that adding it will touch. */
void filter_prefetch(const struct filter *f, uint64_t hash);

#endif
