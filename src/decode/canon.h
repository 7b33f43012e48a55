/*
 * One way to write a fact as bytes, so that the same fact has the same digest whatever payload
 * it came in: texts with their length and whether they were said, times, one behind the other.
 */
#ifndef DECODE_CANON_H
#define DECODE_CANON_H

#include <stdint.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "base/str.h"

/* A fact of few letters takes no memory of the batch. */
#define CANON_FEW_BYTES 512

/* Begins as {.arena = a}. */
struct canon {
	struct arena *arena;
	char *bytes; /* `few`, in the arena once that is full; NULL: none yet */
	size_t len;
	size_t cap;
	char few[CANON_FEW_BYTES];
};

/* STR_NULL and "" differ. */
void canon_add_text(struct canon *c, struct str text);
void canon_add_time(struct canon *c, int64_t us);
struct sha256 canon_digest(const struct canon *c);

#endif
