/*
 * What one run of ingest has seen and done, summed up while reader and writers work.
 */
#ifndef PIPELINE_TOTALS_H
#define PIPELINE_TOTALS_H

#include <pthread.h>

#include "base/buf.h"
#include "model/batch.h"

/* Sources with rejected items that are named; more are only counted. */
#define TOTALS_NAMED_SOURCES 20

struct totals {
	pthread_mutex_t lock;
	struct arena *arena;
	uint64_t payloads; /* found */
	uint64_t known; /* of them, in the ledger before */
	uint64_t repeated; /* of those known, given earlier in this run */
	uint64_t unusable; /* of them, no payload of ours at all */
	uint64_t rejecting;
	struct counts counts;
	struct str sources[TOTALS_NAMED_SOURCES]; /* of those that hold rejected items */
};

void totals_init(struct totals *t);
void totals_free(struct totals *t);

/* A payload that the ledger knows. */
void totals_add_known(struct totals *t, struct str source, int64_t rejects, bool is_unusable);

/* A payload that was given before in this run. */
void totals_add_repeated(struct totals *t);

/* A batch that is in the database. */
void totals_add_batch(struct totals *t, const struct batch *b);

/* seen must be the sum of the outcomes; anything else is a bug (70) of the run that is named. */
int totals_check(const struct totals *t, struct str run, struct err *e);

/* For the row of `run`. */
void totals_write_json(const struct totals *t, struct buf *out);

/* The summary on stdout, and on stderr the sources that hold rejected items. */
void totals_print(const struct totals *t);

#endif
