/*
 * One variant of one case: does it fail, and how few documents and how little wildness does it
 * take to fail?
 */
#ifndef PROPERTY_SHRINK_H
#define PROPERTY_SHRINK_H

#include "outcome.h"

struct trial {
	struct place *place; /* NULL with fail_on: nothing is run then */
	const char *fail_on; /* NULL, or what fails on purpose: "edit-and-target" */
	unsigned variant;
	unsigned wild;
	struct str said; /* what differed in the last run of it */
};

/* Fills t->said with what differs, STR_NULL if nothing does. Made of the world alone. */
int trial_run(struct arena *a, struct trial *t, const struct world *w, struct err *e);

/*
 * Takes documents out of the world, then items out of its documents, then wildness out of the
 * trial, as long as it fails. What is left fails no more when any one document is left out.
 */
int trial_shrink(struct arena *a, struct trial *t, struct world *w, struct err *e);

/* Writes what is left into the folder, with the plan, both ways of giving it, and again.sh. */
int trial_keep(struct arena *a, const char *folder, const struct trial *t, const struct world *w,
    struct err *e);

/* Reads what was kept. */
int trial_load(
    struct arena *a, const char *folder, struct trial *t, struct world *w, struct err *e);

#endif
