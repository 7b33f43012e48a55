/*
 * Somebody as one object of a payload names them: by phone number, by BSUID, or by both.
 */
#ifndef DECODE_PERSON_H
#define DECODE_PERSON_H

#include "decode/sink.h"

struct person {
	struct str phone; /* digits */
	struct str user_id; /* BSUID */
};

/*
 * From the texts of the object; "" counts as not said. A phone field that holds no number is
 * taken for the BSUID if there is no other.
 */
struct person person_of(struct arena *a, struct str phone, struct str user_id);

/* The phone, else the BSUID, else STR_NULL. */
struct str person_identity(struct person p);

bool person_is_known(struct person p);
bool person_is_too_long(struct person p);

/* Takes what is missing from somebody who may be the same. */
struct person person_fill(struct person p, struct person other);

/* An identity_link row, if one object named both and both fit. */
void person_link(struct sink *s, struct person p);

#endif
