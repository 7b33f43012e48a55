/*
 * Bytes of unknown kind as text that the database and a terminal take.
 */
#ifndef RULES_TEXT_H
#define RULES_TEXT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * At most `max_bytes` of valid UTF-8, cut between letters: what may not be shown
 * (base/letter.h) becomes a space, bytes that are not UTF-8 a question mark. STR_NULL stays
 * STR_NULL.
 */
struct str text_printable(struct arena *a, struct str bytes, size_t max_bytes);

/* What names an account stands in lines, commands and archives. */
#define TEXT_NAME_MAX_BYTES 200

/* Can it name one? 1 to 200 bytes of UTF-8, all of which may be shown. */
bool text_is_name(struct str text);

#endif
