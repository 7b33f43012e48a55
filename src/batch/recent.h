/*
 * The hashes of the payloads that were decoded lately: a payload given twice in one run must not be
 * decoded twice while its first copy waits to be committed. Older ones the ledger knows.
 */
#ifndef BATCH_RECENT_H
#define BATCH_RECENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sha256.h"

struct recent;

/* Remembers at least the last `count` hashes. */
struct recent *recent_new(size_t count);
void recent_free(struct recent *r);

/* Is it among the remembered ones? recent_add says that, too, and adds it if it was not. */
bool recent_has(const struct recent *r, const struct sha256 *hash);
bool recent_add(struct recent *r, const struct sha256 *hash);

#endif
