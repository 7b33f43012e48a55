/*
 * Within store: opening a connection, and why it was refused.
 */
#ifndef STORE_CONNECT_H
#define STORE_CONNECT_H

#include <libpq-fe.h>
#include <stdatomic.h>

#include "base/err.h"

/*
 * The connection, the caller's to finish; NULL on failure. UNAVAILABLE: nobody answers there, or
 * only with words that nobody knows; PERMISSION, CONFIG, RETRY (too many connections): what the
 * server said, in whatever language it says it. INTERRUPTED, within a tenth of a second:
 * *is_stopped has become true meanwhile.
 */
PGconn *connect_to(const char *conninfo, const atomic_bool *is_stopped, struct err *e);

/* Ends the process if libpq says, in its own words, which no severity of the server stands before,
 * that there is no memory: it has no code for it. */
void connect_check_memory(const char *message);

#endif
