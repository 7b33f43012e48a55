/*
 * Within store: rows in PostgreSQL's binary COPY format, and sending them.
 */
#ifndef STORE_TUPLE_H
#define STORE_TUPLE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/sha256.h"
#include "base/str.h"
#include "store/connection.h"

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

/* One COPY … FROM STDIN: begin, then send the buffer (which it empties) whenever it is large. */
int copy_begin(struct store *s, const char *text, struct buf *b, struct err *e);
int copy_send(struct store *s, struct buf *b, struct err *e);
int copy_end(struct store *s, struct buf *b, struct err *e);

#define COPY_SEND_BYTES ((size_t)128 << 10)

#endif
