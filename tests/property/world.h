/*
 * The world of one case: what was said about one business number, as payload documents in the
 * shapes of Meta (docs/PAYLOADS.md), full of disagreement. A pure function of the seed.
 */
#ifndef PROPERTY_WORLD_H
#define PROPERTY_WORLD_H

#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/str.h"

#define MAX_ACTIVATIONS 2

struct document {
	struct str bytes;
	uint64_t id; /* what the plan of a variant is drawn by: it stays when others are left out */
	int activation; /* under which it is given; -1: the case has none */
};

struct world {
	uint64_t seed;
	size_t activations; /* 0 to MAX_ACTIVATIONS */
	const char *as_of;
	struct list documents; /* struct document */
};

/* RFC 3339, ascending. */
extern const char *const world_activations[MAX_ACTIVATIONS];

void world_make(struct arena *a, uint64_t seed, struct world *out);

void world_add(struct arena *a, struct world *w, struct document document);

#endif
