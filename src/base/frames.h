/*
 * Frames of many small payloads (batch/raw.h), restored: the last few hundred of them. Who reads
 * the payloads of an account in the order of their hashes is in one frame of each batch at a time.
 */
#ifndef BASE_FRAMES_H
#define BASE_FRAMES_H

#include <stdint.h>

#include "base/sha256.h"
#include "base/str.h"

/* Some megabytes, and the batches of an import of millions of payloads. */
#define FRAMES_KEPT 256

struct frames;

struct frames *frames_new(void);
void frames_free(struct frames *f);

/* What is kept under this hash, or STR_NULL. Borrowed until the next frames_add. */
struct str frames_find(struct frames *f, const struct sha256 *hash);

/* Restores a frame of `size` bytes and keeps it, in the place of the one that was asked for the
 * longest ago. STR_NULL, and nothing is kept, if it is damaged. */
struct str frames_add(struct frames *f, const struct sha256 *hash, struct str packed, size_t size);

/* `size` bytes of a frame from `offset` on; STR_NULL if they do not lie in it, or if it is none. */
struct str frames_cut(struct str frame, uint64_t offset, uint64_t size);

#endif
