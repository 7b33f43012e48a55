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
	bool is_refused; /* it is not in the tables: no valid signature, or too large */
	bool is_unread; /* a copy that is too large: its bytes are not here */
};

struct observation observation_of(const struct payload *p);

/* Does the copy say anything that a payload from a plain file does not? */
bool observation_is_any(const struct payload *copy);

/*
 * Does the copy add to what is known: an earlier time, a better signature (of equal ones the
 * greater header), or that it is not refused? One without its bytes adds nothing: there is nothing
 * to decode.
 */
bool observation_adds(const struct observation *copy, const struct observation *known);

/* Both together, in place of the first. If the first was refused though its bytes are here, and the
 * other is not refused, its fault goes. */
void observation_join(struct payload *to, const struct payload *other);

#endif
