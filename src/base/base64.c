/*
 * Base64: see base64.h.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/base64.h"
#include "base/space.h"

/* 0 to 63, or -1. */
static int
value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

/* What may stand behind the last letter: `=` up to a multiple of four, or nothing. */
static bool
is_padding(struct str rest, size_t letters)
{
	size_t pads = 0;

	for (size_t i = 0; i < rest.len; i++)
		if (rest.ptr[i] == '=')
			pads++;
		else if (!space_is(rest.ptr[i]))
			return false;
	return letters % 4 != 1 && (pads == 0 || (pads <= 2 && (letters + pads) % 4 == 0));
}

struct str
base64_decode(struct arena *a, struct str text)
{
	char *out, *to;
	uint32_t bits = 0;
	size_t at = 0, letters = 0;

	if (text.ptr == NULL)
		return STR_NULL;
	out = to = arena_alloc(a, text.len / 4 * 3 + 4);
	for (; at < text.len && text.ptr[at] != '='; at++) {
		int value = value_of(text.ptr[at]);

		if (value < 0 && space_is(text.ptr[at]))
			continue;
		if (value < 0)
			return STR_NULL;
		bits = bits << 6 | (uint32_t)value;
		if (letters++ % 4 != 0)
			*to++ = (char)(bits >> (6 - 2 * ((letters - 1) % 4)));
	}
	if (!is_padding((struct str){text.ptr + at, text.len - at}, letters))
		return STR_NULL;
	*to = '\0';
	return (struct str){out, (size_t)(to - out)};
}
