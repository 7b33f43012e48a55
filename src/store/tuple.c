/*
 * Binary COPY: see tuple.h and "COPY" in PostgreSQL's manual.
 */
#include <endian.h>
#include <string.h>

#include "model/rows.h"
#include "store/tuple.h"
#include "store/wire.h"

/* The lowest `bytes` of v. */
static void
put_big_endian(struct buf *b, uint64_t v, size_t bytes)
{
	char *to = buf_reserve(b, bytes);

	if (to == NULL)
		return;
	v = htobe64(v << (64 - 8 * bytes));
	memcpy(to, &v, bytes);
	b->len += bytes;
}

/* Length and value. */
static void
put_number(struct buf *b, uint64_t v, size_t bytes)
{
	char *to = buf_reserve(b, 4 + bytes);
	uint32_t length = htobe32((uint32_t)bytes);

	if (to == NULL)
		return;
	v = htobe64(v << (64 - 8 * bytes));
	memcpy(to, &length, 4);
	memcpy(to + 4, &v, bytes);
	b->len += 4 + bytes;
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
	uint32_t length = htobe32((uint32_t)s.len);
	char *to;

	if (s.ptr == NULL) {
		tuple_put_null(b);
		return;
	}
	if ((to = buf_reserve(b, 4 + s.len)) == NULL)
		return;
	memcpy(to, &length, 4);
	memcpy(to + 4, s.ptr, s.len);
	b->len += 4 + s.len;
}

void
tuple_put_json(struct buf *b, struct str s)
{
	if (s.ptr == NULL) {
		tuple_put_null(b);
		return;
	}
	put_big_endian(b, s.len + 1, 4);
	buf_put_char(b, 1); /* version of the format */
	buf_put_str(b, s);
}

void
tuple_put_hash(struct buf *b, const struct sha256 *h)
{
	tuple_put_text(b, sha256_str(h));
}

void
tuple_put_bytes(struct buf *b, struct str s)
{
	tuple_put_text(b, s);
}

void
tuple_put_bool(struct buf *b, bool v)
{
	put_number(b, v, 1);
}

void
tuple_put_int16(struct buf *b, int v)
{
	put_number(b, (uint64_t)v, 2);
}

void
tuple_put_int32(struct buf *b, int32_t v)
{
	put_number(b, (uint64_t)v, 4);
}

void
tuple_put_int64(struct buf *b, int64_t v)
{
	put_number(b, (uint64_t)v, 8);
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

static void
begin_array(struct buf *b, uint32_t oid, size_t count)
{
	put_big_endian(b, 1, 4); /* dimensions */
	put_big_endian(b, 0, 4); /* no nulls */
	put_big_endian(b, oid, 4);
	put_big_endian(b, count, 4);
	put_big_endian(b, 1, 4); /* lower bound */
}

void
tuple_put_hash_array(struct buf *b, const struct sha256 *hashes, size_t count)
{
	begin_array(b, OID_BYTEA, count);
	for (size_t i = 0; i < count; i++)
		tuple_put_hash(b, &hashes[i]);
}

void
tuple_put_text_array(struct buf *b, const struct str *texts, size_t count)
{
	begin_array(b, OID_TEXT, count);
	for (size_t i = 0; i < count; i++)
		tuple_put_text(b, texts[i]);
}
