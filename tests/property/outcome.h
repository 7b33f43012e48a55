/*
 * What a plan leads to: coexsync is run, and what it then says about the facts and the judgements
 * is kept for comparison.
 */
#ifndef PROPERTY_OUTCOME_H
#define PROPERTY_OUTCOME_H

#include "base/err.h"

#include "variant.h"

struct place; /* one worker's database and folder */

struct place_options {
	const char *coexsync;
	const char *through; /* HOST:PORT for coexsync, NULL: like everybody */
	const char *folder; /* where empty.sql lies */
	unsigned worker;
};

/* Makes the database property_<worker> and its schema. NULL on failure. */
struct place *place_open(const struct place_options *o, struct err *e);
void place_close(struct place *p);

/* Where the time went. */
void place_say_times(const struct place *p);

struct part {
	const char *name;
	struct str text;
};

struct outcome {
	struct str fault; /* STR_NULL, or what went wrong on the way */
	bool is_exported;
	struct list parts; /* struct part: digests by relation, members of the archive */
};

/* -1 only where the test itself cannot go on. The texts are in the arena. */
int outcome_of(
    struct arena *a, struct place *p, const struct plan *plan, struct outcome *out, struct err *e);

/*
 * Says what differs, and the first line of it; STR_NULL if nothing does. Of an outcome without
 * an export the digests are compared.
 */
struct str outcome_compare(
    struct arena *a, const struct outcome *reference, const struct outcome *variant);

/* Keeps the documents as they are given, and the calls, for a reader. */
int outcome_keep_plan(struct arena *a, const char *folder, const struct plan *plan, struct err *e);

#endif
