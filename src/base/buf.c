/*
 * Growing buffer: see buf.h.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"

void
buf_init(struct buf *b, size_t max_bytes)
{
	*b = (struct buf){.max = max_bytes};
}

void
buf_free(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf){.max = b->max};
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->has_failed = false;
}

bool
buf_is_ok(const struct buf *b)
{
	return !b->has_failed;
}

char *
buf_reserve(struct buf *b, size_t len)
{
	size_t want, cap;

	if (b->has_failed)
		return NULL;
	if (len > b->max || b->len > b->max - len) {
		b->has_failed = true;
		return NULL;
	}
	want = b->len + len + 1; /* one for the NUL of buf_str */
	if (want <= b->cap)
		return b->ptr + b->len;
	cap = b->cap < 256 ? 256 : b->cap;
	while (cap < want)
		cap += cap / 2;
	b->ptr = memory_grow(b->ptr, cap);
	b->cap = cap;
	return b->ptr + b->len;
}

void
buf_put(struct buf *b, const void *bytes, size_t len)
{
	char *to = buf_reserve(b, len);

	if (to == NULL || len == 0)
		return;
	memcpy(to, bytes, len);
	b->len += len;
}

void
buf_put_str(struct buf *b, struct str s)
{
	buf_put(b, s.ptr, s.len);
}

void
buf_put_text(struct buf *b, const char *text)
{
	buf_put(b, text, strlen(text));
}

void
buf_put_char(struct buf *b, char c)
{
	buf_put(b, &c, 1);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int len;
	char *to;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	to = buf_reserve(b, (size_t)len);
	if (to == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(to, (size_t)len + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)len;
}

struct str
buf_str(struct buf *b)
{
	if (b->ptr == NULL)
		return (struct str){"", 0};
	b->ptr[b->len] = '\0';
	return (struct str){b->ptr, b->len};
}
