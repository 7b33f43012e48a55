/*
 * Words for the operator, on stderr. Keys, hashes and counts only: never names,
 * numbers, texts or tokens. stdout belongs to results.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_QUIET = -1, LOG_NORMAL = 0, LOG_VERBOSE = 1 };

void log_set_level(enum log_level level);
void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* always */
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* not with -q */
void log_verbose(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* with -v */

/* `coexsync: text`, and a second line `hint: …` where there is one. */
void log_error(const struct err *e);

#endif
