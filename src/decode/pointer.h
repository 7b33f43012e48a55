/*
 * Where something stands in a payload. A pointer is a chain of steps on the stack of its
 * readers, so that a place costs nothing until somebody wants it as text.
 */
#ifndef DECODE_POINTER_H
#define DECODE_POINTER_H

#include "base/arena.h"
#include "base/str.h"

/* Longer ones are cut: they are part of keys, and a key of the database holds 2,704 bytes. */
#define POINTER_MAX_BYTES 1000

struct pointer {
	const struct pointer *parent; /* NULL: the whole payload */
	const char *name; /* of a member; NULL: an element */
	size_t index; /* of the element */
};

/*
 * As JSON pointer (RFC 6901): "" for NULL, "/entry/0/changes/3". One over POINTER_MAX_BYTES is
 * cut and ends in '#' and the SHA-256 of the whole, so that it stays unique.
 */
struct str pointer_text(struct arena *a, const struct pointer *p);

#endif
