/*
 * White space of JSON.
 */
#ifndef SOURCE_SPACE_H
#define SOURCE_SPACE_H

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

#endif
