/*
 * Payloads out of what lies around them: captures, loggers' members, envelopes of queues
 * (rules/wrapper.h). What was captured beside a payload goes with it: when it was received, and
 * whether its signature is right.
 */
#ifndef SOURCE_UNWRAPPER_H
#define SOURCE_UNWRAPPER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/list.h"
#include "model/payload.h"

struct unwrapper_options {
	struct str app_secret; /* to check signatures with; len 0: none, borrowed */
	bool requires_signature; /* what is not signed rightly is faulty: signature_not_valid */
};

struct unwrapper {
	struct unwrapper_options options;
	struct arena *arena; /* what waits lives here: the caller's arena may be reset in between */
	struct list waiting; /* struct payload */
	size_t given;
};

void unwrapper_init(struct unwrapper *u, const struct unwrapper_options *o);
void unwrapper_free(struct unwrapper *u);

/*
 * A document of the splitter. False: it is a payload itself, or a faulty one. True: it is a
 * wrapper, and its payloads, at least one, wait. The source of one of several, from an array, has
 * `[INDEX]` behind it, from 0. Offsets in fault_text are of the text in its member.
 */
bool unwrapper_take(struct unwrapper *u, const struct payload *document);

/* The next payload that waits, copied into `a`. False if there is none. */
bool unwrapper_next(struct unwrapper *u, struct arena *a, struct payload *out);

/* The signature of `body` that headers (any JSON, or STR_NULL) say, if they do; texts in `a`. */
void unwrapper_observe(const struct unwrapper *u, struct arena *a, struct str headers,
    struct str body, struct payload *observed);

/* Makes the payload faulty if its signature must be valid and is not. */
void unwrapper_judge(const struct unwrapper *u, struct payload *p);

#endif
