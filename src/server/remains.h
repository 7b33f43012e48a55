/*
 * What a server of the embedded database leaves behind when it dies: files that name a process.
 */
#ifndef SERVER_REMAINS_H
#define SERVER_REMAINS_H

#include <stdbool.h>

#include "base/arena.h"
#include "server/run.h"

/*
 * Does the first line of `path` name a process that is there, but is no server of these data (or a
 * zombie)? Then who wrote it has died, and the number has been given to somebody else. PostgreSQL's
 * own programs look at the number alone: a start would be refused, and a stop would hit the wrong
 * one.
 */
bool server_names_stranger(struct arena *a, const struct server_runner *r, const char *path);

#endif
