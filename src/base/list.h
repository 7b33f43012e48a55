/*
 * A growing list of pointers whose memory lives in an arena.
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stddef.h>
#include <string.h>

#include "base/arena.h"

struct list {
	void **items;
	size_t count;
	size_t cap;
};

static inline void
list_add(struct arena *a, struct list *l, void *item)
{
	if (l->count == l->cap) {
		size_t cap = l->cap == 0 ? 4 : l->cap * 2;
		void **items = arena_alloc(a, cap * sizeof(*items));

		if (l->count > 0)
			memcpy(items, l->items, l->count * sizeof(*items));
		l->items = items;
		l->cap = cap;
	}
	l->items[l->count++] = item;
}

#endif
