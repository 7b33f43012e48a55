/*
 * A borrowed run of bytes. ptr NULL means "not said"; a said but empty text has
 * ptr non-null and len 0. Not terminated; may hold any byte.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

struct str {
	const char *ptr;
	size_t len;
};

#define STR_NULL ((struct str){NULL, 0})
#define STR_LIT(s) ((struct str){(s), sizeof(s) - 1})

/* For "%.*s". */
#define STR_ARG(s) (int)(s).len, ((s).ptr == NULL ? "" : (s).ptr)

static inline struct str
str_of(const char *text)
{
	return (struct str){text, text == NULL ? 0 : strlen(text)};
}

/* True for "not said" and for the empty text alike. */
static inline bool
str_is_empty(struct str s)
{
	return s.len == 0;
}

/* memcmp order, shorter first; "not said" is less than the empty text. */
static inline int
str_compare(struct str a, struct str b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter == 0 ? 0 : memcmp(a.ptr, b.ptr, shorter);

	if (order != 0)
		return order;
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return (a.ptr != NULL) - (b.ptr != NULL);
}

/* Not said is least, then bytes count: puts the greater of both into *have. True if that is what
 * is said; an empty text says nothing. */
static inline bool
str_keep_greater(struct str *have, struct str said)
{
	if (str_is_empty(said) || str_compare(*have, said) >= 0)
		return false;
	*have = said;
	return true;
}

static inline bool
str_equal(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool
str_begins(struct str s, const char *prefix)
{
	size_t len = strlen(prefix);

	return s.len >= len && memcmp(s.ptr, prefix, len) == 0;
}

/* The same letters, in upper, lower or mixed case. */
static inline bool
str_is_word(struct str s, const char *word)
{
	return s.len == strlen(word) && strncasecmp(s.ptr, word, s.len) == 0;
}

/* The first letters tell most texts apart, before the length of one is counted. */
static inline bool
str_is(struct str s, const char *text)
{
	return (s.len == 0 || text == NULL || *s.ptr == *text) && str_equal(s, str_of(text));
}

#endif
