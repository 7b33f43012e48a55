/*
 * What a server of the embedded database leaves behind when it dies: files that name a process,
 * and the reason in its log.
 */
#ifndef SERVER_REMAINS_H
#define SERVER_REMAINS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "server/run.h"

/*
 * Does the first line of `path` name a process that is there, but is no server of these data (or a
 * zombie)? One that may not be looked into is taken for the server. Then who wrote it has died, and
 * the number has been given to somebody else. PostgreSQL's own programs look at the number alone: a
 * start would be refused, and a stop would hit the wrong one.
 */
bool server_names_stranger(struct arena *a, const struct server_runner *r, const char *path);

/* How long the server's log is. */
off_t server_log_size(struct arena *a, const struct server_runner *r);

/* The last reason in the log, behind `from`, why the server has ended; NULL if there is none. */
const char *server_log_cause(struct arena *a, const struct server_runner *r, off_t from);

#endif
