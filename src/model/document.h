/*
 * A document that lies in something else than a file, e.g. in a row of a table, and the iterator
 * that hands such documents to room source.
 */
#ifndef MODEL_DOCUMENT_H
#define MODEL_DOCUMENT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct document {
	struct str bytes; /* as they are stored, unchecked; STR_NULL: there is no value */
	struct str name; /* for people: `query:4711` */
	struct str received_at; /* text, STR_NULL if it is not said */
	struct str headers; /* of the request that brought it, as JSON; STR_NULL likewise */
};

/* next gives 1 and a document (everything in it lives in `a`), 0 at the end, -1 and an error. */
struct document_iterator {
	int (*next)(void *state, struct arena *a, struct document *out, struct err *e);
	void *state;
};

#endif
