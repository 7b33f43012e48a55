/*
 * Within store: rows in PostgreSQL's binary COPY format.
 */
#ifndef STORE_TUPLE_H
#define STORE_TUPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sha256.h"
#include "base/str.h"

/* Before the first row, and behind the last. */
void tuple_put_header(struct buf *b);
void tuple_put_trailer(struct buf *b);

void tuple_begin(struct buf *b, unsigned fields);
void tuple_put_null(struct buf *b);
void tuple_put_text(struct buf *b, struct str s); /* also enums, by label; STR_NULL is NULL */
void tuple_put_json(struct buf *b, struct str s); /* jsonb */
void tuple_put_hash(struct buf *b, const struct sha256 *h);
void tuple_put_bytes(struct buf *b, struct str s);
void tuple_put_bool(struct buf *b, bool v);
void tuple_put_int16(struct buf *b, int v);
void tuple_put_int32(struct buf *b, int32_t v);
void tuple_put_int64(struct buf *b, int64_t v);
void tuple_put_optional(struct buf *b, int32_t v); /* INT_NONE is NULL */
void tuple_put_time(struct buf *b, int64_t at_us); /* TIME_NONE is NULL */
void tuple_put_time_key(struct buf *b, int64_t at_us); /* TIME_NONE is -infinity */

/* An array of bytea as a binary parameter. */
void tuple_put_hash_array(struct buf *b, const struct sha256 *hashes, size_t count);
void tuple_put_text_array(struct buf *b, const struct str *texts, size_t count);

#endif
