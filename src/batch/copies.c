/*
 * Copies: see copies.h.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "batch/copies.h"
#include "rules/observation.h"

/* Looking at them waits for the writers: some of their batches go into it. */
#define COPIES_MAX_BYTES ((size_t)16 << 20)

struct copies {
	pthread_mutex_t lock;
	struct arena *arena;
	struct list all; /* struct payload */
};

struct copies *
copies_new(void)
{
	struct copies *c = memory_zero(1, sizeof(*c));

	pthread_mutex_init(&c->lock, NULL);
	c->arena = arena_new();
	return c;
}

void
copies_free(struct copies *c)
{
	if (c == NULL)
		return;
	pthread_mutex_destroy(&c->lock);
	arena_free(c->arena);
	free(c);
}

void
copies_add(struct copies *c, const struct payload *p)
{
	struct payload *copy;

	pthread_mutex_lock(&c->lock);
	copy = arena_alloc(c->arena, sizeof(*copy));
	*copy = *p;
	copy->bytes = arena_copy(c->arena, p->bytes);
	copy->outline = json_outline_copy(c->arena, &p->outline);
	copy->packed = STR_NULL;
	payload_keep_texts(c->arena, copy);
	list_add(c->arena, &c->all, copy);
	pthread_mutex_unlock(&c->lock);
}

bool
copies_is_full(struct copies *c)
{
	bool is_full;

	pthread_mutex_lock(&c->lock);
	is_full = arena_used(c->arena) >= COPIES_MAX_BYTES;
	pthread_mutex_unlock(&c->lock);
	return is_full;
}

static int
compare_hashes(const void *left, const void *right)
{
	const struct payload *l = *(struct payload *const *)left;
	const struct payload *r = *(struct payload *const *)right;

	return memcmp(&l->sha256, &r->sha256, sizeof(l->sha256));
}

struct list
copies_take(struct copies *c, size_t *repeated)
{
	struct list *all = &c->all;
	size_t kept = 0;

	*repeated = 0;
	if (all->count > 0)
		qsort(all->items, all->count, sizeof(*all->items), compare_hashes);
	for (size_t i = 0; i < all->count; i++) {
		struct payload *copy = all->items[i];

		if (kept > 0 && compare_hashes(&all->items[kept - 1], &all->items[i]) == 0) {
			observation_join(all->items[kept - 1], copy);
			*repeated += !copy->is_counted;
		} else {
			all->items[kept++] = copy;
		}
	}
	all->count = kept;
	return *all;
}

void
copies_clear(struct copies *c)
{
	arena_reset(c->arena);
	c->all = (struct list){0};
}
