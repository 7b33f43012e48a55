/*
 * Random numbers of the test tools' own, so that equal seeds give equal files on
 * every machine and with every C library. Not for secrets.
 */
#ifndef TOOLS_PRNG_H
#define TOOLS_PRNG_H

#include <stddef.h>
#include <stdint.h>

/* The finisher of splitmix64: a bijection, so distinct numbers stay distinct. */
static inline uint64_t
prng_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* The next number of a sequence. */
static inline uint64_t
prng_next(uint64_t *state)
{
	uint64_t drawn = prng_mix(*state);

	*state += 0x9e3779b97f4a7c15u;
	return drawn;
}

/* Fills order[0..count) with a permutation of the numbers below count. */
static inline void
prng_permute(uint64_t seed, size_t *order, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t j = (size_t)(prng_next(&seed) % (i + 1));

		order[i] = order[j];
		order[j] = i;
	}
}

#endif
