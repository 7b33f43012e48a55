/*
 * Raw payloads made small: zstd at its fast levels, which leave a sixth of a chunk at several
 * hundred MB/s.
 */
#ifndef BASE_PACK_H
#define BASE_PACK_H

#include <stdbool.h>

#include "base/arena.h"

struct pack;

struct pack *pack_new(void);
void pack_free(struct pack *p);

/* What a frame holds, all `size` bytes of it, into `to`. False if it is damaged. */
bool pack_restore(struct str frame, char *to, size_t size);

/* One frame, in the arena. */
struct str pack_bytes(struct pack *p, struct arena *a, struct str bytes);

#endif
