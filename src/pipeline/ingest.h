/*
 * Ingest as a piece of `run` and `replay` too, and its two halves: the reader on the calling thread
 * and the writers on threads of their own.
 */
#ifndef PIPELINE_INGEST_H
#define PIPELINE_INGEST_H

#include "batch/accounts.h"
#include "batch/copies.h"
#include "batch/queue.h"
#include "batch/settled.h"
#include "pipeline/options.h"
#include "pipeline/session.h"
#include "pipeline/totals.h"
#include "source/source.h"

/* One is filled, and each writer has one: filling takes a third of the time of writing. */
#define BATCHES_BESIDE_WRITERS 1

/* One run of ingest; all of it is shared, the reader owns what is not locked. */
struct ingest {
	const struct options *options;
	struct session *session; /* its connection is the reader's */
	struct payload_iterator payloads;
	const struct source *source; /* where they come from; NULL: they are stored ones */
	struct queue *queue;
	struct accounts *accounts; /* the reader's; batches name them until all are written */
	struct accounts *others; /* likewise, of parts that are left out: not to be made */
	struct accounts *known; /* by name: those whose payloads the ledger knew */
	struct apply_options apply;
	struct totals totals;
	struct settled *settled; /* what the batches that are written need not say again */
	struct copies *overtaken; /* of the writers: written meanwhile by somebody else */
	bool is_single; /* in one transaction: the reader's connection writes, too */
	bool is_replay; /* the payloads are stored ones: known, and decoded again */
	struct str only; /* of a rebuild: the one account that is written, else STR_NULL */
};

/* What every run of ingest, dry or not, begins and ends with; `batches` go round. */
void ingest_begin(struct ingest *in, struct session *s, const struct options *o, size_t batches);
void ingest_end(struct ingest *in);

/* Takes one filled batch from the queue and writes it: 1, 0 at the end, -1 on failure. */
int ingest_write_batch(struct ingest *in, struct store *s, struct err *e);

/* Reads, asks the ledger, decodes and queues all payloads; in a dry run it writes them, too. */
int reader_run(struct ingest *in, struct err *e);

struct writers;

/* Connects and starts --jobs writers. NULL on failure. */
struct writers *writers_start(struct ingest *in, struct err *e);

/*
 * Waits for them; after a signal at most some seconds, then what they do is cancelled and rolled
 * back. The first error of any of them. Frees.
 */
int writers_join(struct writers *w, struct err *e);

/* No usable payload at all is an error: the operator named the wrong files. */
int ingest_judge(const struct ingest *in, int *status, struct err *e);

/* The row of `run`; from now on all lines of the log name it. */
int ingest_begin_run(struct ingest *in, struct err *e);

/* The exit code goes into the row of the run; a connection lost by then is only said. */
void ingest_end_run(struct ingest *in, int rc, int status, const struct err *why);

/* What came behind the last import of the session, as its report or archive, has failed: the row
 * must not say that all is done. After a signal *why says so. */
void ingest_note_failure(struct session *s, struct err *why);

/* From the row of `run` to the totals on stdout, with writers. *status as in pipeline.h. */
int ingest_run(struct ingest *in, int *status, struct err *e);

/* The payloads of a source, which is the caller's. */
void ingest_set_source(struct ingest *in, struct source *source);

/* The source and the session are the caller's. *status as in pipeline.h. */
int ingest_source(
    struct session *s, struct source *source, const struct options *o, int *status, struct err *e);

#endif
