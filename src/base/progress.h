/*
 * How far a long work is and how fast it goes: rates and words out of samples. It looks at no
 * clock; moments are given, microseconds that only grow.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdint.h>

#include "base/buf.h"

/* Nobody knows. */
#define PROGRESS_UNKNOWN INT64_C(-1)

/* Rates are those of about the last quarter of a minute: older ones are of other payloads. */
#define PROGRESS_SAMPLES 16

/* What was done at one moment, since the beginning. */
struct progress_sample {
	int64_t at_us;
	uint64_t payloads; /* of them it is known what became of them */
	uint64_t messages; /* in them */
	uint64_t bytes_read; /* of the sources, which are read ahead */
};

struct progress {
	int64_t begun_us;
	uint64_t bytes_total; /* of the sources; 0: unknown */
	struct progress_sample last;
	struct progress_sample kept[PROGRESS_SAMPLES]; /* a ring, one a second */
	unsigned count; /* ever kept */
};

/* What can be said of it. */
struct progress_view {
	struct progress_sample done;
	uint64_t bytes_total;
	int64_t elapsed_us;
	uint64_t payloads_per_s;
	uint64_t messages_per_s;
	uint64_t bytes_per_s;
	int64_t percent; /* 0 to 100, or PROGRESS_UNKNOWN; of the bytes read */
	int64_t seconds_left; /* or PROGRESS_UNKNOWN */
};

void progress_begin(struct progress *p, int64_t now_us, uint64_t bytes_total);

/* Samples in the order of time, as often as one likes. */
void progress_add(struct progress *p, const struct progress_sample *s);

/* Rates of late. Time left is unknown without a total, in the first two seconds, while nothing is
 * read, and when all is read and only to be written. */
struct progress_view progress_look(const struct progress *p, int64_t now_us);

/* As progress_look, with rates of the whole time, for its end. */
struct progress_view progress_sum(const struct progress *p, int64_t now_us);

/* One line of ASCII shorter than the columns: what is less needed is left out first. */
void progress_put_bar(struct buf *out, const struct progress_view *v, unsigned columns);

/* `45 %, 1234 payloads, 56789 messages, 12.3 MB of 27.0 MB read, 9120 messages/s, 0:42 left`. */
void progress_put_words(struct buf *out, const struct progress_view *v);

/* Members of a JSON object, each with its comma in front. */
void progress_put_members(struct buf *out, const struct progress_view *v);

/* The width of a terminal: COLUMNS if it is a number of sense, else what the terminal says (0:
 * nothing), else 80. */
unsigned progress_columns(const char *columns, unsigned terminal);

#endif
