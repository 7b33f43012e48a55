/*
 * Binary COPY: see tuple.h and "COPY" in PostgreSQL's manual.
 */
#include <string.h>

#include "model/rows.h"
#include "store/tuple.h"

#define Y2000_US (INT64_C(946684800) * 1000000)
#define OID_BYTEA 17

static void
put_big_endian(struct buf *b, uint64_t v, int bytes)
{
	char *to = buf_reserve(b, (size_t)bytes);

	if (to == NULL)
		return;
	for (int i = 0; i < bytes; i++)
		to[i] = (char)(v >> (8 * (bytes - 1 - i)));
	b->len += (size_t)bytes;
}

static void
put_length(struct buf *b, size_t len)
{
	put_big_endian(b, len, 4);
}

void
tuple_put_header(struct buf *b)
{
	buf_put(b, "PGCOPY\n\377\r\n", 11); /* the literal's own NUL is part of the signature */
	put_big_endian(b, 0, 4); /* flags */
	put_big_endian(b, 0, 4); /* header extension */
}

void
tuple_put_trailer(struct buf *b)
{
	put_big_endian(b, UINT16_MAX, 2);
}

void
tuple_begin(struct buf *b, unsigned fields)
{
	put_big_endian(b, fields, 2);
}

void
tuple_put_null(struct buf *b)
{
	put_big_endian(b, UINT32_MAX, 4);
}

void
tuple_put_text(struct buf *b, struct str s)
{
	if (s.ptr == NULL) {
		tuple_put_null(b);
		return;
	}
	put_length(b, s.len);
	buf_put_str(b, s);
}

void
tuple_put_json(struct buf *b, struct str s)
{
	if (s.ptr == NULL) {
		tuple_put_null(b);
		return;
	}
	put_length(b, s.len + 1);
	buf_put_char(b, 1); /* version of the format */
	buf_put_str(b, s);
}

void
tuple_put_hash(struct buf *b, const struct sha256 *h)
{
	tuple_put_text(b, (struct str){(const char *)h->bytes, SHA256_BYTES});
}

void
tuple_put_bytes(struct buf *b, struct str s)
{
	tuple_put_text(b, s);
}

void
tuple_put_bool(struct buf *b, bool v)
{
	put_length(b, 1);
	put_big_endian(b, v, 1);
}

void
tuple_put_int16(struct buf *b, int v)
{
	put_length(b, 2);
	put_big_endian(b, (uint64_t)v, 2);
}

void
tuple_put_int32(struct buf *b, int32_t v)
{
	put_length(b, 4);
	put_big_endian(b, (uint64_t)v, 4);
}

void
tuple_put_int64(struct buf *b, int64_t v)
{
	put_length(b, 8);
	put_big_endian(b, (uint64_t)v, 8);
}

void
tuple_put_optional(struct buf *b, int32_t v)
{
	if (v == INT_NONE)
		tuple_put_null(b);
	else
		tuple_put_int32(b, v);
}

void
tuple_put_time(struct buf *b, int64_t at_us)
{
	if (at_us == TIME_NONE)
		tuple_put_null(b);
	else
		tuple_put_int64(b, at_us - Y2000_US);
}

void
tuple_put_time_key(struct buf *b, int64_t at_us)
{
	tuple_put_int64(b, at_us == TIME_NONE ? INT64_MIN : at_us - Y2000_US);
}

void
tuple_put_hash_array(struct buf *b, const struct sha256 *hashes, size_t count)
{
	put_big_endian(b, 1, 4); /* dimensions */
	put_big_endian(b, 0, 4); /* no nulls */
	put_big_endian(b, OID_BYTEA, 4);
	put_big_endian(b, count, 4);
	put_big_endian(b, 1, 4); /* lower bound */
	for (size_t i = 0; i < count; i++)
		tuple_put_hash(b, &hashes[i]);
}
