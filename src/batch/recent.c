/*
 * Recent hashes: two generations of an open-addressed set; the older is dropped when the newer is
 * full. See recent.h.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "batch/recent.h"

/* Half of a SHA-256 is enough to tell payloads apart. */
struct half {
	unsigned char bytes[SHA256_BYTES / 2];
};

struct generation {
	struct half *slots; /* all zero is empty */
	size_t used;
};

struct recent {
	struct generation newer;
	struct generation older;
	size_t capacity;
	size_t slots; /* a power of two, a third more than the capacity at least */
};

struct recent *
recent_new(size_t count)
{
	struct recent *r = memory_zero(1, sizeof(*r));

	r->capacity = count;
	for (r->slots = 16; r->slots < count + count / 3; r->slots *= 2)
		;
	r->newer.slots = memory_zero(r->slots, sizeof(struct half));
	r->older.slots = memory_zero(r->slots, sizeof(struct half));
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
static struct half *
find(const struct recent *r, const struct generation *g, const struct half *hash)
{
	static const struct half empty;
	size_t i;

	memcpy(&i, hash->bytes, sizeof(i));
	for (i &= r->slots - 1;; i = (i + 1) & (r->slots - 1)) {
		struct half *slot = &g->slots[i];

		if (memcmp(slot, hash, sizeof(*hash)) == 0 ||
		    memcmp(slot, &empty, sizeof(empty)) == 0)
			return slot;
	}
}

static bool
has(const struct recent *r, const struct generation *g, const struct half *hash)
{
	return memcmp(find(r, g, hash), hash, sizeof(*hash)) == 0;
}

bool
recent_has(const struct recent *r, const struct sha256 *hash)
{
	struct half half;

	memcpy(&half, hash, sizeof(half));
	return has(r, &r->newer, &half) || has(r, &r->older, &half);
}

bool
recent_add(struct recent *r, const struct sha256 *hash)
{
	struct half half;

	if (recent_has(r, hash))
		return true;
	if (r->newer.used == r->capacity) {
		struct generation oldest = r->older;

		r->older = r->newer;
		r->newer = oldest;
		memset(r->newer.slots, 0, r->slots * sizeof(*r->newer.slots));
		r->newer.used = 0;
	}
	memcpy(&half, hash, sizeof(half));
	*find(r, &r->newer, &half) = half;
	r->newer.used++;
	return false;
}
