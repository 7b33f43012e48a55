/*
 * Small things that all forms of the report need: texts made fit to be shown,
 * times, and the way out.
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Of a table. */
struct report_column {
	const char *title;
	bool is_number; /* stands at the right */
};

/* More than any report needs: it has tens of lines for an activation, not one for a message. */
#define REPORT_MAX_BYTES (64u << 20)

/*
 * A copy of one line that cannot harm a terminal or turn what stands around it: what must not be
 * shown becomes U+FFFD, or `?` with all that is not ASCII if !is_unicode.
 */
struct str report_clean_text(struct arena *a, struct str s, bool is_unicode);

/* RFC 3339 in UTC, "-" for TIME_NONE. */
struct str report_time_text(struct arena *a, int64_t us);

/* Its date alone, for tables and charts: the other forms have the seconds. */
struct str report_day_text(struct arena *a, int64_t us);

/* `0-12`, `3`, "-" if neither is said. */
struct str report_range_text(struct arena *a, int lowest, int highest);

/* A number with its unit behind it, "-" for INT_NONE. */
struct str report_number_text(struct arena *a, int n, const char *unit);

/* Writes and flushes. */
int report_flush(struct buf *b, FILE *out, struct err *e);

#endif
