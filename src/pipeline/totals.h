/*
 * What one run of ingest has seen and done, summed up while reader and writers work.
 */
#ifndef PIPELINE_TOTALS_H
#define PIPELINE_TOTALS_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "model/batch.h"

/* Sources with rejected items that are named; more are only counted. */
#define TOTALS_NAMED_SOURCES 20

/* What can be told of a run that goes on. */
struct totals_figures {
	uint64_t payloads;
	uint64_t known;
	uint64_t unusable;
	uint64_t bytes_read;
	struct counts counts;
};

struct totals {
	atomic_uint_fast64_t bytes_read; /* of the sources, by the reader */
	uint64_t bytes_total; /* of the sources; 0: unknown */
	pthread_mutex_t lock; /* of all below */
	struct arena *arena;
	uint64_t payloads; /* found */
	uint64_t known; /* of them, in the ledger before */
	uint64_t repeated; /* of those known, given earlier in this run */
	uint64_t unusable; /* of them, no payload of ours at all */
	uint64_t rejecting;
	bool are_stored; /* they come out of the database: the sources may not be there any more */
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

/* At any time. */
void totals_look(struct totals *t, struct totals_figures *out);

/* For the row of `run`, at any time. */
void totals_write_json(struct totals *t, struct buf *out);

/* The summary on stdout, and on stderr the sources that hold rejected items. */
void totals_print(const struct totals *t);

#endif
