/*
 * Settled rows: an open-addressed set of whole keys, bounded; see settled.h.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "batch/filter.h"
#include "batch/settled.h"

#define SLOTS ((size_t)1 << 15)
#define MAX_ENTRIES (SLOTS / 2)
#define MAX_BYTES ((size_t)2 << 20) /* of their keys */

struct entry {
	struct str key; /* ptr NULL: an empty slot */
	int32_t account_id;
	uint32_t relation;
	int64_t newest_us; /* of relations without a time always the same */
};

struct settled {
	pthread_mutex_t lock;
	struct arena *arena; /* the keys */
	size_t used;
	struct entry slots[SLOTS];
};

struct settled *
settled_new(void)
{
	struct settled *s = memory_zero(1, sizeof(*s));

	pthread_mutex_init(&s->lock, NULL);
	s->arena = arena_new();
	return s;
}

void
settled_free(struct settled *s)
{
	if (s == NULL)
		return;
	pthread_mutex_destroy(&s->lock);
	arena_free(s->arena);
	free(s);
}

/* Their rows are nothing but a key, or a key and the newest time. */
bool
settled_is_about(enum relation relation)
{
	return relation == REL_PROFILE_NAME || relation == REL_IDENTITY_LINK ||
	       relation == REL_IDENTITY_CHANGE || relation == REL_CONTACT_EVENT;
}

static int64_t
newest_of(enum relation relation, const struct row *r)
{
	return relation == REL_PROFILE_NAME ? ((const struct profile_name_row *)r)->last_seen_us
					    : 0;
}

/* Where it is, or would be. */
static struct entry *
find(struct settled *s, enum relation relation, int32_t account_id, struct str key)
{
	uint64_t hash = filter_hash(relation, account_id, key);

	for (size_t i = hash % SLOTS;; i = (i + 1) % SLOTS) {
		struct entry *e = &s->slots[i];

		if (e->key.ptr == NULL || (e->relation == relation && e->account_id == account_id &&
					      str_equal(e->key, key)))
			return e;
	}
}

bool
settled_has(struct settled *s, enum relation relation, int32_t account_id, const struct row *r)
{
	const struct entry *e;
	bool is_there;

	pthread_mutex_lock(&s->lock);
	e = find(s, relation, account_id, r->key);
	is_there = e->key.ptr != NULL && e->newest_us >= newest_of(relation, r);
	pthread_mutex_unlock(&s->lock);
	return is_there;
}

static void
add(struct settled *s, enum relation relation, int32_t account_id, const struct row *r)
{
	struct entry *e = find(s, relation, account_id, r->key);
	int64_t newest_us = newest_of(relation, r);

	if (e->key.ptr == NULL) {
		if (s->used == MAX_ENTRIES || arena_used(s->arena) + r->key.len > MAX_BYTES)
			return;
		s->used++;
		*e = (struct entry){arena_copy(s->arena, r->key), account_id, relation, newest_us};
	}
	if (e->newest_us < newest_us)
		e->newest_us = newest_us;
}

void
settled_add(struct settled *s, const struct batch *b)
{
	pthread_mutex_lock(&s->lock);
	for (int relation = 0; relation < REL_COUNT; relation++) {
		const struct list *l = &b->rows.of[relation];

		for (size_t i = 0; settled_is_about((enum relation)relation) && i < l->count; i++) {
			const struct row *r = l->items[i];
			const struct part *p = batch_part(b, r->part);

			/* one that the ledger knew may have been decoded by an older version */
			if (part_is_written(p) && !r->is_skipped)
				add(s, (enum relation)relation, p->account->id, r);
		}
	}
	pthread_mutex_unlock(&s->lock);
}
