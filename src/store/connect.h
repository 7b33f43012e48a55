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

#endif
