/*
 * Pieces that `run` shares with the commands of their own.
 */
#ifndef PIPELINE_PARTS_H
#define PIPELINE_PARTS_H

#include "graph/graph.h"
#include "pipeline/secret.h"
#include "pipeline/session.h"

/* The report of every account that the command is about, to stdout (or --html FILE). */
int report_accounts(struct session *s, const struct options *o, struct err *e);

/* Before anything starts: can --previous be meant, the archive be written, the page? */
int export_check(const struct options *o, struct err *e);
int report_check(const struct options *o, struct err *e);

/* Writes the archive of the one account that the options name to o->output. */
int export_account(struct session *s, const struct options *o, struct err *e);

/* ---- the Graph API (access.c, media.c) ------------------------------------------------------- */

/* Was a token given? */
bool access_has_token(const struct options *o);

/* ERR_USAGE if none was, else as secret_check. */
int access_check_token(const struct options *o, struct err *e);

/* Into `o`, a copy of the options, if it comes out of a file: that may be a pipe, which can be read
 * once. `token` is its, for the caller to wipe. Fails as secret_read. */
int access_read_token(struct options *o, struct secret *token, struct err *e);

/*
 * The API of the provider that --provider names, else of `dialect` (STR_NULL: Meta). Everything
 * that it points to lives as long as this.
 */
struct access {
	struct graph_options options;
	struct graph *graph;
	struct secret secret; /* the token, if it came out of a file */
};

int access_open(struct access *g, const struct options *o, struct str dialect, struct err *e);
void access_close(struct access *g);

/* ERR_USAGE if the token may be that of a provider, by the dialect of the payloads, where Meta
 * itself is to be asked and nobody said whose it is. */
int access_check_meta(const struct options *o, struct str dialect, struct err *e);

/* Before anything starts: is there a token, and can files be put into the folder? */
int media_check(const struct options *o, struct err *e);

/* Fetches the files of every account that the command is about. *status becomes 3 if some failed
 * for good; ERR_TEMPORARY if some failed for now. */
int media_fetch(struct session *s, const struct options *o, int *status, struct err *e);

/* What `check --graph` says of the accounts' numbers and the token. */
int rights_check(struct session *s, const struct options *o, struct err *e);

#endif
