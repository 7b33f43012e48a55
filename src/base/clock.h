/*
 * The clock, and times as text (RFC 3339). Only the first four look at a clock; the
 * others are pure and know neither locale nor time zone of the machine.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/str.h"

/* `2026-03-01T09:00:00Z` with its NUL. */
#define CLOCK_TEXT_BYTES 21

/* Microseconds since 1970-01-01 UTC. */
int64_t clock_now_us(void);

/* Microseconds that only grow, since some moment: for durations. */
int64_t clock_monotonic_us(void);

/* Likewise, milliseconds. */
int64_t clock_monotonic_ms(void);

/* The moment in `ms` from now, for the timed waits of pthread. */
struct timespec clock_after_ms(int64_t ms);

/*
 * Writes the time in UTC, whole seconds (what is behind them is cut, never rounded up), and a
 * NUL; returns out. "-" for TIME_NONE and for what RFC 3339 cannot say (years below 0 or above
 * 9999). A size below CLOCK_TEXT_BYTES cuts the text.
 */
char *clock_format_rfc3339(int64_t us, char *out, size_t size);

/* `2026-03-01T09:00:00.123456Z` with its NUL. */
#define CLOCK_EXACT_BYTES 28

/* As clock_format_rfc3339, with the six digits of the fraction where it is not 0. size >=
 * CLOCK_EXACT_BYTES. */
char *clock_format_exact(int64_t us, char *out, size_t size);

/*
 * `2026-03-01T09:00:00.123+01:00`: the whole text must be one date-time of RFC 3339. T and Z may
 * be small; the zone must be there. A fraction has 1 to 9 digits, of which six are kept. Dates
 * that no calendar has and leap seconds are refused. Returns 0, or -1 and leaves *us alone.
 */
int clock_parse_rfc3339(struct str text, int64_t *us);

#endif
