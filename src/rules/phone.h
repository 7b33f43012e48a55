/*
 * Forms of phone numbers (docs/PAYLOADS.md). Variants serve to match; what was
 * said is stored.
 */
#ifndef RULES_PHONE_H
#define RULES_PHONE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * The digits of a number formatted with + ( ) - . space or no-break space: the text itself if
 * it has nothing else. STR_NULL if it has no digit or any other character (a BSUID, a name).
 */
struct str phone_digits(struct arena *a, struct str text);

/*
 * Do both name one number? Equal digits, or the two forms of it in Brazil (mobiles: 55, area, 8
 * digits from 6 on, with or without a 9 before them), Mexico (52 or 521, 10 digits) and Argentina
 * (54 or 549, 10 digits). False unless both are digits only.
 */
bool phone_is_same(struct str a, struct str b);

/* Digits only and not empty: a phone number rather than a BSUID. */
bool phone_is_number(struct str identity);

#endif
