/*
 * Bytes from the window's start on that become one payload: kept in the window while
 * they are few, hashed and let go while they are many. So what is too large costs no memory.
 */
#ifndef SOURCE_REGION_H
#define SOURCE_REGION_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sha256.h"
#include "model/payload.h"
#include "source/window.h"

/* Of what is too large: enough to tell what it was, and which number it names. */
#define REGION_HEAD_BYTES ((size_t)64 << 10)

struct region {
	struct window *window;
	size_t max; /* more bytes than this are not kept */
	size_t len; /* those of the region that are in the view */
	uint64_t spilled; /* those let go */
	struct sha256_stream *hash; /* of those, NULL while there are none */
	char *head; /* their beginning, likewise */
	size_t head_len;
};

struct region region_begin(struct window *w, size_t max);

/* What of the view lies behind the region. */
struct str region_rest(const struct region *r);

/* When the rest is empty: 1 more bytes are there now, 0 the stream ends, -1 error. */
int region_grow(struct region *r, struct err *e);

/* Grows up to the end of the stream. */
int region_grow_all(struct region *r, struct err *e);

/* Grows up to the next line that begins with `{`, or to the end of the stream. */
int region_grow_to_line(struct region *r, struct err *e);

/* Drops trailing white space, unless the region is too large to keep. */
enum region_trim { REGION_AS_IT_IS, REGION_TRIMMED };

/*
 * Consumes the region and gives its bytes (in the arena; of too many the first, at most
 * REGION_HEAD_BYTES and never all), size and hash, which long ones await.
 */
void region_take(struct region *r, struct arena *a, enum region_trim trim, struct payload *out);

/* Consumes the region, for nothing. */
void region_drop(struct region *r);

/* Frees and consumes nothing: the way out after an error. */
void region_cancel(struct region *r);

#endif
