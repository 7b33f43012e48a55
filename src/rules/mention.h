/*
 * Whose is a document that cannot be read? As text it may still name a number.
 */
#ifndef RULES_MENTION_H
#define RULES_MENTION_H

#include "base/str.h"

/*
 * The digits (1 to 32) that members "phone_number_id" of the bytes have as their string value,
 * white space around the colon allowed; likewise \"phone_number_id\":\"…\" of JSON within a string.
 * The bytes need not be JSON. STR_NULL if there is none, or if two of them differ. Borrowed.
 */
struct str mention_phone_number_id(struct str bytes);

#endif
