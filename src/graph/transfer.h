/*
 * Within graph: one file on its way through lookup and download (job), and the one request that is
 * in the air for it (transfer). transfer.c starts requests and takes bytes, settle.c says what the
 * end of a request means, fetch.c says when.
 */
#ifndef GRAPH_TRANSFER_H
#define GRAPH_TRANSFER_H

#include "base/buf.h"
#include "graph/answer.h"
#include "graph/client.h"

struct job {
	struct media_file *file;
	enum graph_step step;
	char *url; /* of a download or a redirect, judged; of libcurl */
	bool is_base; /* it leads to the API itself */
	int64_t url_since_ms;
	struct answer found; /* by the lookup: hash and size */

	unsigned redirects; /* of this step */
	unsigned failures;
	unsigned bad_bodies;
	unsigned renewals;
	int64_t failing_since_ms; /* 0: not yet */
	int64_t not_before_ms;
};

struct transfer {
	struct wire wire;
	struct job *job; /* NULL: free */
	struct buf body; /* of a lookup, or of an error */
	struct sha256_stream *hash;
	int64_t size; /* bytes of the file so far */
	int64_t started_ms;
	bool is_html; /* a page where a file should be */
	bool is_too_long;
	bool is_cut; /* the rest of an error was not taken */
	int io_error; /* errno of the disk */
	struct fetch *fetch;
};

/* So many at most that may be lost, or not, are held back: each may hold a descriptor open. */
#define MANY_DOUBTFUL 64

struct fetch {
	struct graph *graph;
	const struct graph_fetch *o;
	struct arena *arena; /* of one settling */
	CURLM *multi;
	struct transfer *transfers;
	unsigned running;

	struct job *jobs; /* one a file, in order */
	size_t job_count;
	size_t fresh; /* the first that was not looked at */
	size_t *waiting; /* of jobs */
	size_t waiting_count;

	int64_t next_start_us; /* the rate */
	unsigned throttles; /* in a row */
	int64_t throttled_since_ms; /* the first of them */
	int64_t throttled_at_ms; /* the last time */
	int64_t throttled_until_ms;
	int64_t *errors_ms; /* when they came, of the last hour; as many as the provider allows */
	unsigned error_count;
	bool has_answer; /* the API is there */
	unsigned failed_in_a_row; /* files, none that came between them */
	const struct media_file *last_failed;
	bool has_delivered; /* a file came */
	struct media_file *doubtful[MANY_DOUBTFUL]; /* in the order in which they failed */
	size_t doubtful_count;
};

/* Sends the request of the job's step. ERR_IO for the disk. */
int transfer_start(struct fetch *f, struct transfer *t, struct job *job, struct err *e);

/* The request is over or given up: the handle is free again, a temporary file stays. */
void transfer_end(struct transfer *t);

/* Before the first request: what needs none. *is_done: the file has an outcome. */
int settle_first(struct fetch *f, struct job *job, bool *is_done, struct err *e);

/*
 * After a request: the job's next step and not_before_ms, or the file's outcome (*is_done). -1: the
 * whole must stop.
 */
int settle_transfer(
    struct fetch *f, struct transfer *t, CURLcode result, bool *is_done, struct err *e);

#endif
