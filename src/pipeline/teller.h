/*
 * The thread that tells the operator how far a run is: a bar on a terminal, lines, JSON, a page of
 * metrics; and, when SIGUSR1 comes, the state at once, whatever else is waited for.
 */
#ifndef PIPELINE_TELLER_H
#define PIPELINE_TELLER_H

#include "base/err.h"
#include "pipeline/options.h"

struct teller;
struct ingest;

/* What the command is at. The bar is drawn while it reads and writes: results come later. */
enum teller_phase {
	TELLER_STARTING,
	TELLER_READING,
	TELLER_WRITING, /* all is read */
	TELLER_REPORTING,
	TELLER_EXPORTING,
	TELLER_PHASES
};

/*
 * Before anything else is done; SIGUSR1 is the teller's from now on. Fails with ERR_CANNOT_CREATE
 * if the file of metrics cannot be written, an hour before it would be missed.
 */
struct teller *teller_start(const struct options *o, struct err *e);

/* Of the functions below, NULL for the teller is fine: then nothing is told. */

/* From now on its figures are told, until teller_leave; then the last ones. */
void teller_follow(struct teller *t, struct ingest *in);
void teller_leave(struct teller *t);

void teller_set_phase(struct teller *t, enum teller_phase phase);

/*
 * Tells the end: rc, *status and *e are those of the command. Frees, and gives rc back. What was
 * to be written and could not is only said.
 */
int teller_end(struct teller *t, int rc, int status, const struct err *e);

#endif
