/*
 * Recent hashes: two generations of an open-addressed set; the older is dropped when the newer is
 * full. See recent.h.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "batch/recent.h"

struct generation {
	struct sha256 *slots; /* all zero is empty */
	size_t used;
};

struct recent {
	struct generation newer;
	struct generation older;
	size_t capacity;
	size_t slots; /* a power of two, at least twice the capacity */
};

static struct sha256 *
new_slots(size_t count)
{
	struct sha256 *slots = calloc(count, sizeof(*slots));

	if (slots == NULL)
		abort();
	return slots;
}

struct recent *
recent_new(size_t count)
{
	struct recent *r = calloc(1, sizeof(*r));

	if (r == NULL)
		abort();
	r->capacity = count;
	for (r->slots = 16; r->slots < 2 * count; r->slots *= 2)
		;
	r->newer.slots = new_slots(r->slots);
	r->older.slots = new_slots(r->slots);
	return r;
}

void
recent_free(struct recent *r)
{
	if (r == NULL)
		return;
	free(r->newer.slots);
	free(r->older.slots);
	free(r);
}

/* The slot where the hash is, or would be. */
static struct sha256 *
find(const struct recent *r, const struct generation *g, const struct sha256 *hash)
{
	static const struct sha256 empty;
	size_t i;

	memcpy(&i, hash->bytes, sizeof(i));
	for (i &= r->slots - 1;; i = (i + 1) & (r->slots - 1)) {
		struct sha256 *slot = &g->slots[i];

		if (memcmp(slot, hash, sizeof(*hash)) == 0 ||
		    memcmp(slot, &empty, sizeof(empty)) == 0)
			return slot;
	}
}

bool
recent_add(struct recent *r, const struct sha256 *hash)
{
	struct sha256 *slot = find(r, &r->newer, hash);

	if (memcmp(slot, hash, sizeof(*hash)) == 0 ||
	    memcmp(find(r, &r->older, hash), hash, sizeof(*hash)) == 0)
		return true;
	if (r->newer.used == r->capacity) {
		struct generation oldest = r->older;

		r->older = r->newer;
		r->newer = oldest;
		memset(r->newer.slots, 0, r->slots * sizeof(*r->newer.slots));
		r->newer.used = 0;
		slot = find(r, &r->newer, hash);
	}
	*slot = *hash;
	r->newer.used++;
	return false;
}
