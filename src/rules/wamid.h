/*
 * What a wamid says besides being an id (docs/PAYLOADS.md). It stays an opaque
 * text and the primary key of a message; decoding is best effort.
 */
#ifndef RULES_WAMID_H
#define RULES_WAMID_H

#include "base/arena.h"
#include "base/str.h"
#include "model/rows.h"

struct wamid {
	struct str key; /* in the arena, or the wamid itself */
	enum direction direction; /* by its fromMe flag */
};

/*
 * key: the message key inside, which the phone-scoped and the BSUID-scoped id of one message
 * share; the whole id if it does not decode or the key is not at least 16 hex digits.
 * direction: DIRECTION_NONE if it does not decode. Only ids of exactly the known structure
 * decode, so that a scrambled one is never believed.
 */
struct wamid wamid_decode(struct arena *a, struct str wamid);

#endif
