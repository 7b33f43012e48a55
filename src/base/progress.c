/*
 * Rates, a bar, words: see progress.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/progress.h"
#include "model/time.h"

/* Before that a rate is that of the first batch, and means nothing. */
#define WARM_UP_US (2 * SECOND_US)

/* Longer ones are no forecast: 99:59:59. */
#define LEFT_MAX_SECONDS INT64_C(360000)

#define BAR_LEAST 10
#define BAR_MOST 30
#define FIELD_BYTES 32
#define COLUMNS_DEFAULT 80
#define COLUMNS_LEAST 20
#define COLUMNS_MOST 400

void
progress_begin(struct progress *p, int64_t now_us, uint64_t bytes_total)
{
	*p = (struct progress){.begun_us = now_us, .bytes_total = bytes_total};
	p->last.at_us = now_us;
	p->kept[p->count++] = p->last;
}

void
progress_add(struct progress *p, const struct progress_sample *s)
{
	const struct progress_sample *newest = &p->kept[(p->count - 1) % PROGRESS_SAMPLES];

	p->last = *s;
	if (s->at_us - newest->at_us >= SECOND_US)
		p->kept[p->count++ % PROGRESS_SAMPLES] = *s;
}

/* ---- rates ----------------------------------------------------------------------------------- */

static uint64_t
rate(uint64_t from, uint64_t to, int64_t us)
{
	if (us <= 0 || to <= from)
		return 0;
	return (uint64_t)((double)(to - from) * (double)SECOND_US / (double)us);
}

static int64_t
percent_of(const struct progress *p)
{
	if (p->bytes_total == 0)
		return PROGRESS_UNKNOWN;
	if (p->last.bytes_read >= p->bytes_total)
		return 100;
	return (int64_t)((double)p->last.bytes_read / (double)p->bytes_total * 100);
}

static int64_t
left_of(const struct progress *p, const struct progress_view *v)
{
	double seconds;

	if (p->bytes_total == 0 || v->bytes_per_s == 0 || v->elapsed_us < WARM_UP_US ||
	    p->last.bytes_read >= p->bytes_total)
		return PROGRESS_UNKNOWN;
	seconds = (double)(p->bytes_total - p->last.bytes_read) / (double)v->bytes_per_s;
	return seconds >= LEFT_MAX_SECONDS ? PROGRESS_UNKNOWN : (int64_t)seconds + 1;
}

/* Between a sample and the last one; time goes on while nothing does. */
static struct progress_view
view_since(const struct progress *p, const struct progress_sample *since, int64_t now_us)
{
	const struct progress_sample *last = &p->last;
	int64_t us = now_us - since->at_us;

	struct progress_view v = {
	    .done = *last,
	    .bytes_total = p->bytes_total,
	    .elapsed_us = now_us > p->begun_us ? now_us - p->begun_us : 0,
	    .payloads_per_s = rate(since->payloads, last->payloads, us),
	    .messages_per_s = rate(since->messages, last->messages, us),
	    .bytes_per_s = rate(since->bytes_read, last->bytes_read, us),
	    .percent = percent_of(p),
	};
	v.seconds_left = left_of(p, &v);
	return v;
}

struct progress_view
progress_look(const struct progress *p, int64_t now_us)
{
	unsigned oldest = p->count < PROGRESS_SAMPLES ? 0 : p->count;

	return view_since(p, &p->kept[oldest % PROGRESS_SAMPLES], now_us);
}

struct progress_view
progress_sum(const struct progress *p, int64_t now_us)
{
	const struct progress_sample beginning = {.at_us = p->begun_us};
	struct progress_view v = view_since(p, &beginning, now_us);

	v.seconds_left = PROGRESS_UNKNOWN;
	return v;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* 9999, 10.0k, 123k, 1.2M: five letters up to a thousand billions. */
static char *
short_number(uint64_t n, char out[FIELD_BYTES])
{
	static const char units[] = "kMGTPE";
	double value = (double)n;
	size_t unit = 0;

	if (n < 10000) {
		snprintf(out, FIELD_BYTES, "%" PRIu64, n);
		return out;
	}
	/* what would be rounded up to 1000 is one of the next unit */
	for (value /= 1000; value >= 999.5 && unit + 2 < sizeof(units); unit++)
		value /= 1000;
	snprintf(out, FIELD_BYTES, value < 99.95 ? "%.1f%c" : "%.0f%c", value, units[unit]);
	return out;
}

static char *
short_bytes(uint64_t n, char out[FIELD_BYTES])
{
	if (n < 1000)
		snprintf(out, FIELD_BYTES, "%" PRIu64 " B", n);
	else if (n < 1000000)
		snprintf(out, FIELD_BYTES, "%.1f kB", (double)n / 1e3);
	else if (n < 1000000000)
		snprintf(out, FIELD_BYTES, "%.1f MB", (double)n / 1e6);
	else
		snprintf(out, FIELD_BYTES, "%.1f GB", (double)n / 1e9);
	return out;
}

static char *
clock_words(int64_t seconds, char out[FIELD_BYTES])
{
	if (seconds < 3600)
		snprintf(out, FIELD_BYTES, "%" PRId64 ":%02" PRId64, seconds / 60, seconds % 60);
	else
		snprintf(out, FIELD_BYTES, "%" PRId64 ":%02" PRId64 ":%02" PRId64, seconds / 3600,
		    seconds / 60 % 60, seconds % 60);
	return out;
}

/* ---- the bar --------------------------------------------------------------------------------- */

enum field { PERCENT, PAYLOADS, MESSAGES, RATE, BYTES, LEFT, FIELDS };

/* The least needed is the last. */
static const enum field by_need[FIELDS] = {PERCENT, MESSAGES, LEFT, RATE, PAYLOADS, BYTES};

static void
fill_fields(const struct progress_view *v, char fields[FIELDS][FIELD_BYTES])
{
	char text[FIELD_BYTES];

	memset(fields, 0, sizeof(char[FIELDS][FIELD_BYTES]));
	if (v->percent != PROGRESS_UNKNOWN)
		snprintf(fields[PERCENT], FIELD_BYTES, "%3d%%", (int)v->percent);
	snprintf(
	    fields[PAYLOADS], FIELD_BYTES, "%.12s payloads", short_number(v->done.payloads, text));
	snprintf(
	    fields[MESSAGES], FIELD_BYTES, "%.12s messages", short_number(v->done.messages, text));
	snprintf(fields[RATE], FIELD_BYTES, "%.12s/s", short_number(v->messages_per_s, text));
	snprintf(fields[BYTES], FIELD_BYTES, "%.20s", short_bytes(v->done.bytes_read, text));
	if (v->seconds_left != PROGRESS_UNKNOWN)
		snprintf(
		    fields[LEFT], FIELD_BYTES, "%.20s left", clock_words(v->seconds_left, text));
}

static void
put_blocks(struct buf *out, int64_t percent, unsigned size)
{
	unsigned full = (unsigned)(percent * size / 100);

	buf_put_char(out, '[');
	for (unsigned i = 0; i < size; i++)
		buf_put_char(out, i < full ? '#' : '-');
	buf_put_text(out, "] ");
}

void
progress_put_bar(struct buf *out, const struct progress_view *v, unsigned columns)
{
	char fields[FIELDS][FIELD_BYTES];
	bool is_shown[FIELDS] = {false};
	unsigned room = columns - 1, used = 0; /* the last column stays free: some terminals wrap */
	const char *gap = "";

	fill_fields(v, fields);
	for (unsigned i = 0; i < FIELDS; i++) {
		unsigned size = (unsigned)strlen(fields[by_need[i]]);
		unsigned more = used == 0 ? size : size + 2;

		is_shown[by_need[i]] = size > 0 && used + more <= room;
		if (is_shown[by_need[i]])
			used += more;
	}
	if (v->percent != PROGRESS_UNKNOWN && room - used >= BAR_LEAST + 3)
		put_blocks(
		    out, v->percent, room - used - 3 < BAR_MOST ? room - used - 3 : BAR_MOST);
	for (unsigned i = 0; i < FIELDS; i++)
		if (is_shown[i]) {
			buf_printf(out, "%s%s", gap, fields[i]);
			gap = "  ";
		}
}

void
progress_put_words(struct buf *out, const struct progress_view *v)
{
	char text[FIELD_BYTES];

	if (v->percent != PROGRESS_UNKNOWN)
		buf_printf(out, "%d %%, ", (int)v->percent);
	buf_printf(out, "%" PRIu64 " payloads, %" PRIu64 " messages, %s", v->done.payloads,
	    v->done.messages, short_bytes(v->done.bytes_read, text));
	if (v->bytes_total > 0)
		buf_printf(out, " of %s", short_bytes(v->bytes_total, text));
	buf_printf(out, " read, %" PRIu64 " messages/s", v->messages_per_s);
	if (v->seconds_left != PROGRESS_UNKNOWN)
		buf_printf(out, ", %s left", clock_words(v->seconds_left, text));
}

static void
put_known(struct buf *out, const char *name, bool is_known, int64_t n)
{
	if (is_known)
		buf_printf(out, ",\"%s\":%" PRId64, name, n);
	else
		buf_printf(out, ",\"%s\":null", name);
}

void
progress_put_members(struct buf *out, const struct progress_view *v)
{
	buf_printf(out,
	    ",\"payloads\":%" PRIu64 ",\"messages\":%" PRIu64 ",\"bytes_read\":%" PRIu64,
	    v->done.payloads, v->done.messages, v->done.bytes_read);
	put_known(out, "bytes_total", v->bytes_total > 0, (int64_t)v->bytes_total);
	buf_printf(out,
	    ",\"payloads_per_second\":%" PRIu64 ",\"messages_per_second\":%" PRIu64
	    ",\"bytes_per_second\":%" PRIu64 ",\"seconds_elapsed\":%" PRId64,
	    v->payloads_per_s, v->messages_per_s, v->bytes_per_s, v->elapsed_us / SECOND_US);
	put_known(out, "seconds_left", v->seconds_left != PROGRESS_UNKNOWN, v->seconds_left);
}

unsigned
progress_columns(const char *columns, unsigned terminal)
{
	char *end = NULL;
	unsigned long n = columns == NULL ? 0 : strtoul(columns, &end, 10);

	if (n >= COLUMNS_LEAST && n <= COLUMNS_MOST && *end == '\0' && columns[0] >= '0' &&
	    columns[0] <= '9')
		return (unsigned)n;
	if (terminal == 0)
		return COLUMNS_DEFAULT;
	return terminal < COLUMNS_LEAST ? COLUMNS_LEAST
					: (terminal > COLUMNS_MOST ? COLUMNS_MOST : terminal);
}
