/*
 * What a command reads payloads from: the paths of the command line, the query of --from-query,
 * and the secret that signatures are checked with.
 */
#ifndef PIPELINE_INPUTS_H
#define PIPELINE_INPUTS_H

#include "pipeline/options.h"
#include "pipeline/secret.h"
#include "pipeline/session.h"
#include "source/source.h"

struct inputs {
	struct source *source;
	struct secret secret;
	struct store *foreign; /* the connection of the query, NULL without one */
	struct watch *watch; /* ends what it does when a signal comes */
	struct document_iterator documents; /* its rows, once it is begun */
};

/*
 * Before anything starts: are the options right, are all paths there? *in must stay where it is.
 * inputs_close in any case.
 */
int inputs_open(struct inputs *in, const struct options *o, struct err *e);

/* Begins the query, if there is one: without --from-dbname where the session's database is. */
int inputs_begin(
    struct inputs *in, const struct session *s, const struct options *o, struct err *e);

/* Fails if of so many payloads none is usable: the operator named the wrong files. A query may have
 * no rows today. */
int inputs_judge(const struct options *o, uint64_t payloads, uint64_t useless, struct err *e);

/* Before the session, whose server the query may ask. */
void inputs_close(struct inputs *in);

#endif
