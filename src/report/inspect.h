/*
 * What payloads are and what would become of them, told without a database: `coexsync inspect`.
 */
#ifndef REPORT_INSPECT_H
#define REPORT_INSPECT_H

#include <stdint.h>

#include "base/buf.h"
#include "model/batch.h"

/* Sums of all payloads; begins as {.arena = a}. */
struct report_inspect_sums {
	struct arena *arena;
	struct list kinds; /* struct report_inspect_sum: "history (meta)" */
	struct list codes; /* struct report_inspect_sum: reject codes */
	uint64_t payloads; /* those given again among them, which count nowhere else */
	uint64_t repeated;
	uint64_t unusable;
	uint64_t rejecting;
	uint64_t seen;
	uint64_t rows[REL_COUNT];
};

struct report_inspect_sum {
	struct str name;
	uint64_t count;
};

/* `b` holds the rows of one payload. */
void report_inspect_add(struct report_inspect_sums *s, const struct batch *b);

/* A line for people: a payload that was given before. */
void report_inspect_put_repeated(const struct payload *p, struct arena *a, struct buf *out);

/* Lines for people: a part of the payload, its chunks, its rejects. */
void report_inspect_put_text(const struct batch *b, struct buf *out);

/* The payload as one line of JSON; is_repeated: it was given before. Texts as they are. */
void report_inspect_put_json(const struct batch *b, bool is_repeated, struct buf *out);

/* The last lines: sums by kind, by table, by reject code with its remedy. */
void report_inspect_put_sums(const struct report_inspect_sums *s, struct buf *out);

#endif
