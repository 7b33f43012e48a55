/*
 * Where the large arrays and objects of a document end. A history payload is megabytes under
 * a dozen levels; json.h finds the end of a value by reading it, which would read every byte
 * once a level. With the ends known, the outer levels cost nothing.
 */
#ifndef DECODE_SPANS_H
#define DECODE_SPANS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

struct spans {
	struct str *items; /* by address */
	size_t count;
};

/* Of a checked document; lives in the arena. */
struct spans spans_find(struct arena *a, struct str document);

/* As json_element and json_member. `s` may be NULL: then they are the same. */
bool spans_element(const struct spans *s, struct json_walk *w, struct str *value);
bool spans_member(const struct spans *s, struct json_walk *w, struct str *key, struct str *value);

/* Is there another value? Then the walk stands at its first letter, and w->at may be read. */
bool spans_is_more(struct json_walk *w);

#endif
