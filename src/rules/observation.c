/*
 * Copies of a payload: see observation.h.
 */
#include "model/time.h"
#include "rules/observation.h"
#include "rules/reject_codes.h"

static bool
has_fault(const struct payload *p, const char *code)
{
	return p->fault != NULL && strcmp(p->fault, code) == 0;
}

struct observation
observation_of(const struct payload *p)
{
	return (struct observation){
	    .received_at_us = p->received_at_us,
	    .signature = p->signature,
	    .signature_header = p->signature_header,
	    .is_refused =
		has_fault(p, REJECT_SIGNATURE_NOT_VALID) || has_fault(p, REJECT_TOO_LARGE),
	    .is_unread = has_fault(p, REJECT_TOO_LARGE),
	};
}

bool
observation_is_any(const struct payload *copy)
{
	return copy->received_at_us != TIME_NONE || copy->signature != SIGNATURE_ABSENT;
}

static bool
is_earlier(int64_t copy, int64_t known)
{
	return copy != TIME_NONE && (known == TIME_NONE || copy < known);
}

static bool
is_better_signed(const struct observation *copy, const struct observation *known)
{
	if (copy->signature != known->signature)
		return copy->signature > known->signature;
	return str_compare(copy->signature_header, known->signature_header) > 0;
}

bool
observation_adds(const struct observation *copy, const struct observation *known)
{
	if (copy->is_unread)
		return false;
	return is_earlier(copy->received_at_us, known->received_at_us) ||
	       is_better_signed(copy, known) || (known->is_refused && !copy->is_refused);
}

void
observation_join(struct payload *to, const struct payload *other)
{
	const struct observation known = observation_of(to), copy = observation_of(other);

	if (is_earlier(copy.received_at_us, known.received_at_us))
		to->received_at_us = copy.received_at_us;
	if (is_better_signed(&copy, &known)) {
		to->signature = copy.signature;
		to->signature_header = copy.signature_header;
	}
	if (known.is_refused && !known.is_unread && !copy.is_refused) {
		to->fault = other->fault;
		to->fault_text = other->fault_text;
	}
}
