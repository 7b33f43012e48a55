/*
 * What was captured beside the copies of a payload: which copy says more, and what they say
 * together. It only grows, so the order in which copies are given does not matter.
 */
#ifndef RULES_OBSERVATION_H
#define RULES_OBSERVATION_H

#include <stdbool.h>

#include "model/payload.h"

/* What is known of a payload, from one copy or from all so far. */
struct observation {
	int64_t received_at_us;
	enum signature signature;
	struct str signature_header;
	bool is_refused; /* it is not in the tables, for want of a valid signature */
};

struct observation observation_of(const struct payload *p);

/* Does the copy say anything that a payload from a plain file does not? */
bool observation_is_any(const struct payload *copy);

/*
 * Does the copy add to what is known: an earlier time, a better signature (of equal ones the
 * greater header), or that it is not refused?
 */
bool observation_adds(const struct observation *copy, const struct observation *known);

/* Both together, in place of the first. Its fault goes if it was only refused and the other is not.
 */
void observation_join(struct payload *to, const struct payload *other);

#endif
