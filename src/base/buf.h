/*
 * A growing byte buffer with a maximum. Failure (maximum passed) is sticky: write
 * all you have to say, then ask buf_is_ok once.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf {
	char *ptr;
	size_t len;
	size_t cap;
	size_t max;
	bool has_failed;
};

void buf_init(struct buf *b, size_t max_bytes);
void buf_free(struct buf *b);
void buf_reset(struct buf *b); /* empties it, keeps the memory, forgets a failure */
bool buf_is_ok(const struct buf *b);

void buf_put(struct buf *b, const void *bytes, size_t len);
void buf_put_str(struct buf *b, struct str s);
void buf_put_text(struct buf *b, const char *text);
void buf_put_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Room for `len` more bytes at ptr + len, NULL on failure. The caller adds to len. */
char *buf_reserve(struct buf *b, size_t len);

/* The content; a NUL stands behind it. Borrowed until the next call. */
struct str buf_str(struct buf *b);

#endif
