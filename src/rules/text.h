/*
 * Bytes of unknown kind as text that the database and a terminal take.
 */
#ifndef RULES_TEXT_H
#define RULES_TEXT_H

#include "base/arena.h"
#include "base/str.h"

/*
 * At most `max_bytes` of valid UTF-8, cut between letters: control characters become a space,
 * bytes that are not UTF-8 a question mark. STR_NULL stays STR_NULL.
 */
struct str text_printable(struct arena *a, struct str bytes, size_t max_bytes);

#endif
