/*
 * The embedded PostgreSQL of `--embedded[=DIR]` (design 8): made on first use, reached only
 * over a unix socket in a 0700 folder, started by the first client and stopped by the last.
 * Locks vanish with their process, so a client that was killed leaves nothing to clean up.
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include <stdbool.h>

#include "base/err.h"

struct server;

/*
 * Opens the database in `dir` (NULL: coexsync/pg in the user's data folder), starting it if it
 * does not run, and making it if there is none and `may_make` says so (else NO_INPUT). As root the
 * server runs as user postgres (else nobody), and a `dir` which that user cannot reach is replaced
 * by a folder below /var/lib/coexsync, which is logged. Waits for another client that is just
 * starting or stopping the same database. NULL: CONFIG (no PostgreSQL, or not the one that made the
 * data), PERMISSION, CANNOT_CREATE, IO, UNAVAILABLE (the server does not come up), INTERRUPTED (a
 * signal while waiting).
 */
struct server *server_open(const char *dir, bool may_make, struct err *e);

/*
 * For libpq: "host=… port=5432 user=coexsync dbname=coexsync" and what keeps variables like
 * PGHOSTADDR, which may be of another server, from changing it. Lives as long as the handle.
 */
const char *server_conninfo(const struct server *s);

/*
 * After a connection was lost: starts the server again if it has died (killed, out of memory), and
 * does not wait until it has applied its log: who connects is told so and tries again. From any
 * thread. UNAVAILABLE: it has been started a dozen times and does not stay; the hint names its log.
 */
int server_revive(struct server *s, struct err *e);

/* Stops the server if no other client is left; frees the handle in any case. NULL is fine. */
int server_close(struct server *s, struct err *e);

#endif
