/*
 * The part of a stream that is in memory: filled at its end, consumed at its start,
 * grown only when one document needs it. Knows offsets and line numbers.
 */
#ifndef SOURCE_WINDOW_H
#define SOURCE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "source/byte_reader.h"

struct window {
	struct byte_reader reader;
	char *bytes;
	size_t start; /* the view is bytes[start, end) */
	size_t end;
	size_t cap;
	size_t step; /* bytes a read, at most */
	size_t limit; /* bytes that a view ever needs, at most */
	uint64_t offset; /* of the view's first byte in the stream */
	uint64_t line; /* of the view's first byte, from 1 */
	bool is_line_start;
	bool is_at_end; /* the stream holds nothing behind the view */
};

void window_init(struct window *w, size_t step, size_t limit);
void window_free(struct window *w);

/* Goes to the beginning of another stream and keeps the memory. */
void window_attach(struct window *w, struct byte_reader reader);

/* Makes the view `want` bytes long (at most `limit`), or up to the end of the stream. */
int window_fill(struct window *w, size_t want, struct err *e);

/* Borrowed until the next fill. */
struct str window_view(const struct window *w);

/* Drops the first `count` bytes of the view. */
void window_consume(struct window *w, size_t count);

#endif
