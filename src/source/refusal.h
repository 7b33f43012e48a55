/*
 * Why an input, or a member of it, is not used, or not read to its end.
 */
#ifndef SOURCE_REFUSAL_H
#define SOURCE_REFUSAL_H

#include <sys/types.h>

#include "base/err.h"

struct refusal {
	const char *code; /* of rules/reject_codes.h; NULL: there is none */
	char text[256];
};

/* The first one stays: what follows from it is no reason of its own. */
void refusal_set(struct refusal *r, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As refusal_set for a bomb. */
void refusal_set_bomb(struct refusal *r);

/*
 * A reader's two ways to stop at a refusal. Ending, `return 0`: the bytes before it are good as far
 * as they go. Failing, with ERR_INPUT: the document in hand is not to be used either.
 */
ssize_t refusal_fail(const struct refusal *r, struct err *e);

#endif
