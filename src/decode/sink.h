/*
 * Where decoded rows go: a batch, under one part (a payload's share of one account).
 */
#ifndef DECODE_SINK_H
#define DECODE_SINK_H

#include "model/batch.h"

#include "decode/pointer.h"
#include "decode/spans.h"

/* wamids, identities, media and event ids: they are keys, and a key holds 2,704 bytes. */
#define ID_MAX_BYTES 1000

/* Rejected items of a part that have a row each; of what lies behind them one says how many. */
#define SINK_LISTED_REJECTS 1000

struct sink {
	struct batch *batch;
	struct part *part;
	uint32_t part_index;
	unsigned kinds; /* enum kind, united */
	size_t most_rows; /* of the batch: with more the payload is closed */
	struct spans *spans;
};

/* The row lives in the batch arena; its key is set. */
void sink_add(struct sink *s, enum relation relation, struct row *row);

/*
 * Keeps what cannot be used: place, one of rules/reject_codes.h, a sentence, the bytes in
 * question. A place is rejected once at most. Behind the first SINK_LISTED_REJECTS of the part it
 * is only counted: the bytes of the payload say the rest.
 */
void sink_reject(
    struct sink *s, const struct pointer *at, const char *code, struct str detail, struct str item);

/* When all is read: the one row that counts the rejected items without a row of their own. */
void sink_finish(struct sink *s);

#endif
