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

/* A small document has about a dozen: they take no memory of the batch. */
#define SPANS_FEW 16

struct spans {
	struct str *items; /* by address; of few, those below */
	size_t count;
	struct str few[SPANS_FEW];
	bool is_closed; /* what is read now is the last: lists have no more elements */
};

/* Of a checked document; many live in the arena. */
void spans_find(struct spans *s, struct arena *a, struct str document);

/* As json_element. `s` may be NULL: then it is the same. */
bool spans_value(const struct spans *s, struct json_walk *w, struct str *value);

/* Likewise, until it is closed. */
bool spans_element(const struct spans *s, struct json_walk *w, struct str *value);

#endif
