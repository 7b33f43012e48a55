/*
 * The data of the embedded database, and the installed PostgreSQL that fits it.
 */
#ifndef SERVER_CLUSTER_H
#define SERVER_CLUSTER_H

#include "base/arena.h"
#include "base/err.h"
#include "server/run.h"

/* Below the folder that server_make_folder gives. */
#define SERVER_DATA "data"
#define SERVER_LOG SERVER_DATA "/server.log"
#define SERVER_START_LOCK "start.lock"

/*
 * Finds the folder of PostgreSQL's programs: the version that made the data in r->folder, or the
 * newest where there is none yet. NULL: CONFIG.
 */
const char *server_find_programs(struct arena *a, const struct server_runner *r, struct err *e);

/* Makes the data unless it is there; whole or not at all, a half-made one is done again. */
int server_make_cluster(
    struct arena *a, const struct server_runner *r, const char *programs, struct err *e);

#endif
