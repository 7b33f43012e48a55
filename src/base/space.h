/*
 * White space of JSON, and the byte order mark that some put before it.
 */
#ifndef BASE_SPACE_H
#define BASE_SPACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

static inline bool
space_is(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* How much of it `s` begins with. */
static inline size_t
space_length(struct str s)
{
	size_t n = 0;

	while (n < s.len && space_is(s.ptr[n]))
		n++;
	return n;
}

/* What stands behind a byte order mark of UTF-8; all of it where there is none. */
static inline struct str
space_skip_mark(struct str s)
{
	const struct str mark = STR_LIT("\xEF\xBB\xBF");

	return str_begins(s, mark.ptr) ? (struct str){s.ptr + mark.len, s.len - mark.len} : s;
}

static inline struct str
space_trim(struct str s)
{
	size_t front = space_length(s);

	s = (struct str){s.ptr + front, s.len - front};
	while (s.len > 0 && space_is(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

#endif
