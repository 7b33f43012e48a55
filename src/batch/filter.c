/*
 * Bloom filter: see filter.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "batch/filter.h"

/* 8 MiB in blocks of a cache line each; a key has all its bits in one. One false alarm in about
 * 1,000 at 3,000,000 keys. */
#define FILTER_BLOCKS ((uint64_t)1 << 17)
#define BLOCK_BITS 512
#define BITS_A_KEY 6

struct block {
	_Alignas(64) uint64_t words[BLOCK_BITS / 64];
};

struct filter {
	struct block blocks[FILTER_BLOCKS];
};

struct filter *
filter_new(void)
{
	struct filter *f =
	    memory_of(aligned_alloc(_Alignof(struct filter), sizeof(*f)), "the keys of a run");

	memset(f, 0, sizeof(*f));
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

uint64_t
filter_hash(unsigned relation, int32_t account_id, struct str key)
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

void
filter_prefetch(const struct filter *f, uint64_t hash)
{
	__builtin_prefetch(&f->blocks[hash % FILTER_BLOCKS], 1);
}

bool
filter_add(struct filter *f, uint64_t hash)
{
	uint64_t bits = mix(hash, 1);
	struct block *block = &f->blocks[hash % FILTER_BLOCKS];
	bool was_there = true;

	for (int i = 0; i < BITS_A_KEY; i++, bits /= BLOCK_BITS) {
		uint64_t *word = &block->words[bits % BLOCK_BITS / 64];
		uint64_t mask = (uint64_t)1 << bits % 64;

		was_there &= (*word & mask) != 0;
		*word |= mask;
	}
	return was_there;
}
