/*
 * Keys of rows as bytes whose memcmp order is the order of the table's key (model/rows.h):
 * a NUL behind a text (no text holds one), times big-endian with the sign bit flipped.
 */
#ifndef DECODE_ROWKEY_H
#define DECODE_ROWKEY_H

#include <stdint.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "base/str.h"

#define ROWKEY_TIME_BYTES 8

/* text, NUL, tail */
struct str rowkey_join(struct arena *a, struct str text, struct str tail);

/* hash, tail */
struct str rowkey_under(struct arena *a, const struct sha256 *hash, struct str tail);

/* The bytes of a time, into `out`; TIME_NONE comes before all others, as -infinity does. */
struct str rowkey_time(int64_t us, unsigned char out[ROWKEY_TIME_BYTES]);

#endif
