/*
 * Arena: a chain of blocks, bump allocation. See arena.h.
 */
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* Large enough that a batch takes few blocks, small enough that an idle arena is cheap. */
#define BLOCK_BYTES ((size_t)1 << 20)
#define OUTSIZED_BYTES (BLOCK_BYTES / 4)

struct block {
	struct block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) char bytes[];
};

struct arena {
	struct block *full; /* the blocks before the current one */
	struct block *current;
	struct block *spare; /* empty ordinary blocks, kept by a reset */
	size_t total;
	size_t spare_bytes;
	size_t most; /* of total without spare ones, at a reset */
	size_t used;
};

static void *
allocate_or_die(size_t size)
{
	void *p = malloc(size);

	if (p == NULL) {
		fputs("coexsync: out of memory; the same command given again goes on\n", stderr);
		abort();
	}
	return p;
}

struct arena *
arena_new(void)
{
	struct arena *a = allocate_or_die(sizeof(*a));

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
	free(a);
}

/* Ordinary blocks become spare; outsized ones go back, so that one giant does not stay. */
static void
recycle(struct arena *a, struct block *b)
{
	while (b != NULL) {
		struct block *next = b->next;

		if (b->size == BLOCK_BYTES) {
			b->used = 0;
			b->next = a->spare;
			a->spare = b;
			a->spare_bytes += b->size;
		} else {
			a->total -= b->size;
			free(b);
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

static struct block *
take_block(struct arena *a)
{
	struct block *b;

	if (a->spare != NULL) {
		b = a->spare;
		a->spare = b->next;
		a->spare_bytes -= b->size;
		return b;
	}
	b = allocate_or_die(sizeof(*b) + BLOCK_BYTES);
	b->size = BLOCK_BYTES;
	b->used = 0;
	a->total += BLOCK_BYTES;
	return b;
}

/* Large pieces take the place of idle blocks, lest the arena hold the most of both. */
static void
make_room(struct arena *a, size_t size)
{
	while (a->spare != NULL && a->total + size > a->most) {
		struct block *b = a->spare;

		a->spare = b->next;
		a->spare_bytes -= b->size;
		a->total -= b->size;
		free(b);
	}
}

/* A block of its own, so that the rest of the current one is not wasted. */
static void *
alloc_outsized(struct arena *a, size_t size)
{
	struct block *b;

	make_room(a, size);
	b = allocate_or_die(sizeof(*b) + size);
	*b = (struct block){.next = a->full, .size = size, .used = size};
	a->full = b;
	a->total += size;
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
		struct block *fresh = take_block(a);

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

struct str
arena_take(struct arena *a, struct arena *from, struct str s)
{
	for (struct block **at = &from->full; *at != NULL; at = &(*at)->next) {
		struct block *b = *at;

		if (b->bytes != s.ptr || b->size == BLOCK_BYTES)
			continue;
		make_room(a, b->size);
		*at = b->next;
		b->next = a->full;
		a->full = b;
		from->total -= b->size;
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
