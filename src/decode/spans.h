/*
 * The walk with the outline of the document. A history payload is megabytes under a dozen levels;
 * json.h finds the end of a value by reading it, which would read every byte once a level. With
 * the ends of large values known, the outer levels cost nothing.
 */
#ifndef DECODE_SPANS_H
#define DECODE_SPANS_H

#include <stdbool.h>

#include "base/json.h"
#include "base/str.h"

struct spans {
	const char *document;
	struct json_outline outline; /* of it */
	bool is_closed; /* what is read now is the last: lists have no more elements */
};

/* As json_element; a large value by the outline. */
bool spans_find(const struct spans *s, struct json_walk *w, struct str *value);

/* Likewise. `s` may be NULL: then it is json_element. */
static inline bool
spans_value(const struct spans *s, struct json_walk *w, struct str *value)
{
	return s == NULL ? json_element(w, value) : spans_find(s, w, value);
}

/* Likewise, until it is closed. */
bool spans_element(const struct spans *s, struct json_walk *w, struct str *value);

#endif
