/*
 * Documents that somebody else hands over, each a stream of its own for the splitter.
 */
#ifndef SOURCE_FEED_H
#define SOURCE_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/document.h"
#include "model/payload.h"
#include "source/splitter.h"
#include "source/unwrapper.h"

struct feed {
	struct document_iterator documents; /* next NULL: there are none */
	struct splitter *splitter; /* lent, as is the unwrapper */
	const struct unwrapper *unwrapper;
	struct arena *arena; /* of the document in hand */
	struct document document;
	struct payload observed; /* what is known of all payloads in it */
	size_t read; /* bytes of it that the splitter has */
	bool is_open;
	uint64_t bytes_read; /* of all documents */
};

void feed_init(struct feed *f, const struct document_iterator *documents, struct splitter *splitter,
    const struct unwrapper *unwrapper);
void feed_free(struct feed *f);

/*
 * As splitter_next, over all documents that are left. A document without a value is a faulty
 * payload, `empty`.
 */
int feed_next(struct feed *f, struct arena *a, struct payload *out, struct err *e);

#endif
