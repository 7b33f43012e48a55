/*
 * Words for the operator, on stderr. Keys, hashes and counts only: never names,
 * numbers, texts or tokens. stdout belongs to results.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"
#include "base/str.h"

enum log_level { LOG_QUIET = -1, LOG_NORMAL = 0, LOG_VERBOSE = 1 };

/* LOG_JSON: one object a line, with time (RFC 3339, UTC), level, run_id, message and hint. */
enum log_format { LOG_TEXT, LOG_JSON };

void log_set_level(enum log_level level);
void log_set_format(enum log_format format);

/*
 * The run that all lines from now on are about, as the column run_id shows it; copied. Said in
 * JSON, and with -v by its first eight letters, as `status` shows them: `coexsync[1b9d6bcd]: …`.
 */
void log_set_run(const char *run_id);

void log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* always */
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* not with -q */
void log_verbose(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* with -v */

/* `coexsync: text`, and a second line `hint: …` where there is one. */
void log_error(const struct err *e);

/* One line that is whole already, whatever the level: a state that was asked for. */
void log_put_line(struct str line);

/* On a terminal: a line that stays below all others and is drawn again in place; "" takes it away.
 */
void log_draw(const char *line);

#endif
