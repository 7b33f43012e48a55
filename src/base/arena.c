/*
 * Arena: a chain of blocks, bump allocation. See arena.h.
 */
#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"

/* Large enough that a batch takes few blocks, small enough that an idle arena is cheap. */
#define BLOCK_BYTES ((size_t)1 << 20)
#define OUTSIZED_BYTES (BLOCK_BYTES / 4)

/* Outsized blocks are kept for the next piece of about their size, but for giants: fresh memory
 * costs a fault a page. */
#define GIANT_BYTES (2 * BLOCK_BYTES)
#define STEP_BYTES (BLOCK_BYTES / 16)

struct block {
	struct block *next;
	size_t size;
	size_t used;
	bool is_outsized; /* for one piece that is large */
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *full; /* the blocks before the current one */
	struct block *current;
	struct block *spare; /* empty ordinary blocks, kept by a reset */
	struct block *outsized; /* empty outsized ones */
	size_t total;
	size_t spare_bytes;
	size_t most; /* of total without spare ones, at a reset */
	size_t used;
};

struct arena *
arena_new(void)
{
	struct arena *a = memory_new(sizeof(*a));

	*a = (struct arena){0};
	return a;
}

static void
free_chain(struct block *b)
{
	while (b != NULL) {
		struct block *next = b->next;

		free(b);
		b = next;
	}
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	free_chain(a->full);
	free_chain(a->current);
	free_chain(a->spare);
	free_chain(a->outsized);
	free(a);
}

/* Blocks become spare; giants go back, so that one does not stay. */
static void
recycle(struct arena *a, struct block *b)
{
	while (b != NULL) {
		struct block *next = b->next, **chain;

		chain = b->is_outsized ? &a->outsized : &a->spare;
		if (b->size > GIANT_BYTES) {
			a->total -= b->size;
			free(b);
		} else {
			b->used = 0;
			b->next = *chain;
			*chain = b;
			a->spare_bytes += b->size;
		}
		b = next;
	}
}

void
arena_reset(struct arena *a)
{
	size_t held = a->total - a->spare_bytes;

	a->most = held > a->most ? held : a->most;
	recycle(a, a->full);
	recycle(a, a->current);
	a->full = NULL;
	a->current = NULL;
	a->used = 0;
}

/* Out of a chain of spare ones. */
static struct block *
unspare(struct arena *a, struct block **at)
{
	struct block *b = *at;

	*at = b->next;
	a->spare_bytes -= b->size;
	return b;
}

/* New blocks take the place of idle ones, lest the arena hold the most of each kind. */
static void
make_room(struct arena *a, size_t size)
{
	while (a->spare_bytes > 0 && a->total + size > a->most) {
		struct block *b = unspare(a, a->spare != NULL ? &a->spare : &a->outsized);

		a->total -= b->size;
		free(b);
	}
}

static struct block *
new_block(struct arena *a, size_t size)
{
	struct block *b;

	make_room(a, size);
	b = memory_new(sizeof(*b) + size);
	*b = (struct block){.size = size};
	a->total += size;
	return b;
}

/* The spare one that fits, without wasting half of it. */
static struct block *
take_outsized(struct arena *a, size_t size)
{
	struct block *b;

	for (struct block **at = &a->outsized; *at != NULL; at = &(*at)->next)
		if ((*at)->size >= size && (*at)->size / 2 <= size)
			return unspare(a, at);
	b = new_block(a, (size + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES);
	b->is_outsized = true;
	return b;
}

/* A block of its own, so that the rest of the current one is not wasted. */
static void *
alloc_outsized(struct arena *a, size_t size)
{
	struct block *b = take_outsized(a, size);

	b->used = size;
	b->next = a->full;
	a->full = b;
	return b->bytes;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	struct block *b = a->current;
	void *p;

	size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	a->used += size;
	if (size > OUTSIZED_BYTES)
		return alloc_outsized(a, size);
	if (b == NULL || b->size - b->used < size) {
		struct block *fresh =
		    a->spare != NULL ? unspare(a, &a->spare) : new_block(a, BLOCK_BYTES);

		if (b != NULL) {
			b->next = a->full;
			a->full = b;
		}
		fresh->next = NULL;
		a->current = b = fresh;
	}
	p = b->bytes + b->used;
	b->used += size;
	return p;
}

void *
arena_zero(struct arena *a, size_t count, size_t size)
{
	void *p = arena_alloc(a, count * size);

	memset(p, 0, count * size);
	return p;
}

struct str
arena_copy(struct arena *a, struct str s)
{
	char *p;

	if (s.ptr == NULL)
		return STR_NULL;
	p = arena_alloc(a, s.len + 1);
	memcpy(p, s.ptr, s.len);
	p[s.len] = '\0';
	return (struct str){p, s.len};
}

/* A spare block in return, that `from` need not ask for a new one. */
static void
give_spare(struct arena *a, struct arena *from)
{
	struct block *b;

	if (a->outsized == NULL)
		return;
	b = unspare(a, &a->outsized);
	a->total -= b->size;
	from->total += b->size;
	from->spare_bytes += b->size;
	b->next = from->outsized;
	from->outsized = b;
}

struct str
arena_take(struct arena *a, struct arena *from, struct str s)
{
	for (struct block **at = &from->full; *at != NULL; at = &(*at)->next) {
		struct block *b = *at;

		if (b->bytes != s.ptr || !b->is_outsized)
			continue;
		*at = b->next;
		from->total -= b->size;
		give_spare(a, from);
		make_room(a, b->size);
		b->next = a->full;
		a->full = b;
		a->total += b->size;
		a->used += b->size;
		return s;
	}
	return arena_copy(a, s);
}

struct str
arena_printf(struct arena *a, const char *fmt, ...)
{
	struct block *b = a->current;
	size_t room = b == NULL ? 0 : b->size - b->used;
	char *next = b == NULL ? NULL : b->bytes + b->used, *p;
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(next, room, fmt, ap);
	va_end(ap);
	p = arena_alloc(a, (size_t)len + 1);
	if (p == next) /* there was room for it */
		return (struct str){p, (size_t)len};
	va_start(ap, fmt);
	vsnprintf(p, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return (struct str){p, (size_t)len};
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}

size_t
arena_size(const struct arena *a)
{
	return a->total;
}
