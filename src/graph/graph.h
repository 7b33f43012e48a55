/*
 * The Graph API, or a provider in front of it: the request for the sync, questions about a number
 * and a token, lookups and downloads of files. The one room with libcurl; its types do not leave
 * it. The token goes only to the API's own host and to hosts that the provider's table or the
 * operator allows; no redirect takes it elsewhere; it appears in no text that is made here. Errors:
 * ERR_UNAVAILABLE (69), ERR_TEMPORARY (75), ERR_PERMISSION (77), ERR_IO (74, the disk),
 * ERR_PROTOCOL (76).
 */
#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include "base/arena.h"
#include "base/list.h"
#include "graph/shelf.h"
#include "rules/graph.h"
#include "rules/provider.h"

struct graph_options {
	const struct provider *provider;
	const char *url; /* NULL: the provider's; only one that was given may be private */
	const char *token;
	const struct list *media_hosts; /* char *, `host` or `host:port`, beside the provider's */
	unsigned timeout_seconds; /* without a sign of life */
	bool (*is_stopping)(void *state); /* asked all the time */
	void *state;
};

struct graph;

/* ERR_USAGE for a URL or token that cannot be one. The options must outlive it. */
struct graph *graph_open(const struct graph_options *o, struct err *e);
void graph_close(struct graph *g);

/* ---- calls ----------------------------------------------------------------------------------- */

/* What came of one call. */
struct graph_reply {
	bool was_sent; /* false: not a byte has left */
	int http_status; /* 0: no whole answer came */
	const char *trouble; /* then: libcurl's word why */
	int32_t code; /* GRAPH_NO_CODE without an error in it */
	struct str body; /* JSON, checked; STR_NULL if it is none */
};

/* sync_type `history` or `smb_app_state_sync`. Sent once and never again, whatever happens. */
void graph_request_sync(struct graph *g, struct arena *a, struct str phone_number_id,
    const char *sync_type, struct graph_reply *out);

/* `path` with its query, below the URL. */
void graph_read(struct graph *g, struct arena *a, const char *path, struct graph_reply *out);

/* Sets e to what the reply says, by its code or status; `what` was asked for. */
int graph_fail(const struct graph_reply *r, const char *what, struct err *e);

/* ---- files ----------------------------------------------------------------------------------- */

struct graph_fetch {
	const struct list *files; /* struct media_file *, in the order in which they are wanted */
	struct str phone_number_id; /* whose they are, "" if nothing says it */
	struct shelf *shelf;
	uint64_t max_file_bytes;
	unsigned parallel;
	unsigned rate; /* requests a second, 0: no limit */
	unsigned retry_seconds; /* how long a file is tried again */
	unsigned errors_before; /* that the provider has counted in the last hour */
	int64_t deadline_us; /* TIME_NONE: none */
	/* A file has an outcome; its temporary file, if it has one, is now the receiver's. -1
	 * stops. */
	int (*done)(void *state, struct media_file *f, struct err *e);
	void *state;
};

/*
 * Gives every file an outcome, or stops: at the deadline (75), for a token or permission (77), an
 * API that cannot be reached (69), too many calls (75), a full disk (74). What was not done then
 * has MEDIA_NONE.
 */
int graph_fetch_files(struct graph *g, const struct graph_fetch *f, struct err *e);

#endif
