/*
 * Words for the operator: see log.h.
 */
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/log.h"

static atomic_int current_level = LOG_NORMAL;

void
log_set_level(enum log_level level)
{
	atomic_store(&current_level, level);
}

static void
log_line(const char *fmt, va_list ap)
{
	char line[1024];

	vsnprintf(line, sizeof(line), fmt, ap);
	fprintf(stderr, "coexsync: %s\n", line);
}

#define LOG_AT(level) \
	do { \
		va_list ap; \
\
		if (atomic_load(&current_level) < (level)) \
			return; \
		va_start(ap, fmt); \
		log_line(fmt, ap); \
		va_end(ap); \
	} while (0)

void
log_warn(const char *fmt, ...)
{
	LOG_AT(LOG_QUIET);
}

void
log_info(const char *fmt, ...)
{
	LOG_AT(LOG_NORMAL);
}

void
log_verbose(const char *fmt, ...)
{
	LOG_AT(LOG_VERBOSE);
}

void
log_error(const struct err *e)
{
	fprintf(stderr, "coexsync: %s\n", e->text);
	if (e->hint[0] != '\0')
		fprintf(stderr, "hint: %s\n", e->hint);
}
