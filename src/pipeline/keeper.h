/*
 * The thread that keeps what was fetched: files to the disk, then their rows, in groups, while more
 * is being fetched.
 */
#ifndef PIPELINE_KEEPER_H
#define PIPELINE_KEEPER_H

#include "graph/shelf.h"
#include "pipeline/session.h"
#include "store/media.h"

/* files that failed for good, or for a permission, and are named; more are only counted. */
#define KEEPER_NAMED_FILES 20

/* What became of the files of one run. */
struct media_counts {
	uint64_t files; /* to be fetched */
	uint64_t outcomes[MEDIA_OUTCOMES];
	uint64_t was_here; /* of those downloaded or unverified */
	uint64_t denied; /* of those failed: a permission is missing */
	uint64_t bytes; /* fetched */
	uint64_t named; /* in the log */
};

struct keeper_options {
	struct store *store; /* the thread's until keeper_end */
	struct shelf *shelf;
	struct run_id run;
	int32_t account_id;
};

struct keeper;

/* NULL on failure. The counts are added to. */
struct keeper *keeper_start(
    const struct keeper_options *o, struct media_counts *counts, struct err *e);

/* Hands a file with an outcome over; waits while there are many. -1: keeping has failed. */
int keeper_put(void *keeper, struct media_file *f, struct err *e);

/* Waits until all is kept. -1: keeping has failed; then e is set, whatever it said before. */
int keeper_end(struct keeper *k, struct err *e);

#endif
