/*
 * Batches: filled by decode, put in key order here, written by store. Knows no JSON and no SQL.
 */
#ifndef BATCH_BATCH_H
#define BATCH_BATCH_H

#include "batch/filter.h"
#include "batch/settled.h"
#include "model/batch.h"

/* Input that closes a batch, and memory with all rows: what bounds the memory of an import. */
#define BATCH_INPUT_BYTES ((uint64_t)6 << 20)
#define BATCH_MEMORY_BYTES ((size_t)16 << 20)

struct batch *batch_new(void);
void batch_free(struct batch *b);

/* Empties it and keeps its memory for the next use. */
void batch_reset(struct batch *b);

/*
 * Accounts that close a batch: its transaction takes a lock of each, and the table of locks, which
 * all writers and everybody else share, has 64 a connection; of an embedded server that is 2,560.
 */
#define BATCH_ACCOUNTS 500

/* Asked after each payload. Counts the accounts of the parts that were added since; what was
 * counted is marked in the accounts themselves, so only one batch may be filled at a time. */
bool batch_is_full(struct batch *b, size_t max_rows);

/*
 * Before a batch goes to a writer: drops the rows of parts that are left out and those that are
 * settled, puts the others of each relation in the order (account id, key), drops observations that
 * equal their neighbour in every column (it remembers them in row.same; a dropped message is
 * counted as duplicate), and tells rows that are surely new from those that may be known: a key
 * seen twice in the batch, in the filter, or of an account that had rows of that relation already.
 * Of messages the last is worth a question to the server. Feeds the filter, but not with keys that
 * hold the hash of a payload. All accounts must be resolved.
 */
void batch_close(struct batch *b, struct filter *sent, struct settled *settled);

#endif
