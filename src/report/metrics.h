/*
 * One run as a page of Prometheus' text format, for a collector of text files. The names are
 * promised in the man page.
 */
#ifndef REPORT_METRICS_H
#define REPORT_METRICS_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/batch.h"

struct metrics {
	const char *command;
	const char *run_id; /* "" before it has begun */
	bool is_in_progress;
	int exit_code; /* when it is over */
	int64_t started_at_us;
	int64_t updated_at_us;
	int64_t duration_us;
	int64_t last_success_s; /* since 1970; 0: never */
	uint64_t payloads;
	uint64_t known; /* of them */
	uint64_t unusable; /* of them */
	uint64_t bytes_read;
	uint64_t bytes_total; /* 0: unknown */
	struct counts counts;
};

void metrics_put(struct buf *out, const struct metrics *m);

/* Of a page of an earlier run: when one succeeded last, since 1970; 0 if it does not say. */
int64_t metrics_last_success(struct str page);

#endif
