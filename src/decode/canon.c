/*
 * Facts as bytes: see canon.h.
 */
#include "decode/canon.h"
#include "decode/rowkey.h"

static void
add_bytes(struct canon *c, struct str s)
{
	if (c->bytes == NULL) {
		c->bytes = c->few;
		c->cap = sizeof(c->few);
	}
	if (c->cap - c->len < s.len) {
		size_t cap = (c->len + s.len) * 2;
		char *bytes = arena_alloc(c->arena, cap);

		memcpy(bytes, c->bytes, c->len);
		c->bytes = bytes;
		c->cap = cap;
	}
	if (s.len > 0)
		memcpy(c->bytes + c->len, s.ptr, s.len);
	c->len += s.len;
}

void
canon_add_time(struct canon *c, int64_t us)
{
	unsigned char bytes[ROWKEY_TIME_BYTES];

	add_bytes(c, rowkey_time(us, bytes));
}

/* A mark whether it was said, its length, the text. */
void
canon_add_text(struct canon *c, struct str text)
{
	add_bytes(c, text.ptr == NULL ? STR_LIT("-") : STR_LIT("+"));
	canon_add_time(c, (int64_t)text.len);
	add_bytes(c, text);
}

struct sha256
canon_digest(const struct canon *c)
{
	return sha256_of(c->bytes, c->len);
}
