/*
 * What a message type says about how much of the message is known (docs/DESIGN.md).
 */
#ifndef RULES_CONTENT_H
#define RULES_CONTENT_H

#include <stdbool.h>

#include "base/str.h"

#define CONTENT_REAL 5
#define CONTENT_PLACEHOLDER 4
#define CONTENT_UNSUPPORTED 3
#define CONTENT_ERRORS 2
#define CONTENT_UNKNOWN 1

/* One of the above; the greater wins a merge. A type nobody knows yet is real. */
int content_class(struct str type);

/* Is it a type that is known (docs/PAYLOADS.md)? STR_NULL is none. */
bool content_is_known(struct str type);

/* Does the object of this type announce a file? image video audio voice document sticker */
bool content_is_media(struct str type);

#endif
