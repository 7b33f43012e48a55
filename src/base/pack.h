/*
 * Raw payloads made small: zstd at its fast levels, which leave a sixth of a chunk at several
 * hundred MB/s.
 */
#ifndef BASE_PACK_H
#define BASE_PACK_H

#include "base/arena.h"

struct pack;

struct pack *pack_new(void);
void pack_free(struct pack *p);

/* One frame, in the arena. */
struct str pack_bytes(struct pack *p, struct arena *a, struct str bytes);

#endif
