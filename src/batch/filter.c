/*
 * Bloom filter: see filter.h.
 */
#include <stdlib.h>

#include "batch/filter.h"

/* 4 MiB: one false alarm in 150 at 3,000,000 keys with four probes. */
#define FILTER_BITS ((uint64_t)1 << 25)
#define FILTER_PROBES 4

struct filter {
	uint64_t words[FILTER_BITS / 64];
};

struct filter *
filter_new(void)
{
	struct filter *f = calloc(1, sizeof(*f));

	if (f == NULL)
		abort();
	return f;
}

void
filter_free(struct filter *f)
{
	free(f);
}

/* Multiply and fold, eight bytes at a time. */
static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9E3779B97F4A7C15u;
	return h ^ h >> 32;
}

static uint64_t
hash_of(unsigned relation, int32_t account_id, struct str key)
{
	uint64_t h = mix(relation + 1, (uint64_t)(uint32_t)account_id), tail = key.len;
	size_t i = 0;

	for (; i + 8 <= key.len; i += 8) {
		uint64_t v;

		memcpy(&v, key.ptr + i, 8);
		h = mix(h, v);
	}
	for (; i < key.len; i++)
		tail = tail << 8 | (unsigned char)key.ptr[i];
	return mix(mix(h, tail), 0);
}

bool
filter_add(struct filter *f, unsigned relation, int32_t account_id, struct str key)
{
	uint64_t h = hash_of(relation, account_id, key), step = mix(h, 1) | 1;
	bool was_there = true;

	for (int i = 0; i < FILTER_PROBES; i++, h += step) {
		uint64_t bit = h % FILTER_BITS, mask = (uint64_t)1 << bit % 64;

		was_there &= (f->words[bit / 64] & mask) != 0;
		f->words[bit / 64] |= mask;
	}
	return was_there;
}
