/*
 * Memory that is given back all at once. Everything made from a payload lives in
 * the arena of its batch, passed first as `struct arena *a`, released once per
 * batch. Running out of memory ends the process (base/memory.h).
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);

/* Gives everything back. Memory stays for the next use, but for giant pieces. */
void arena_reset(struct arena *a);

/* Aligned for any type, not zeroed. Never NULL. */
void *arena_alloc(struct arena *a, size_t size);

/* Zeroed array of `count` items. */
void *arena_zero(struct arena *a, size_t count, size_t size);

/* A copy in the arena, with a NUL behind it that is not counted. */
struct str arena_copy(struct arena *a, struct str s);

/*
 * Takes a text that has a piece of `from` to itself, as arena_copy makes it, over into `a`: its
 * memory moves if it is large, else it is copied. A NUL that is not counted stands behind it.
 */
struct str arena_take(struct arena *a, struct arena *from, struct str s);

struct str arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes given out since it was reset. */
size_t arena_used(const struct arena *a);

/* Bytes that the arena holds from the system, used or not. */
size_t arena_size(const struct arena *a);

#endif
