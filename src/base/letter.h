/*
 * Letters of foreign texts, and which of them may be shown: the others can harm a terminal, turn
 * what stands around them, or hide.
 */
#ifndef BASE_LETTER_H
#define BASE_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/* What stands in the place of a letter that may not be shown: U+FFFD. */
#define LETTER_REPLACEMENT "\xEF\xBF\xBD"

/* The point of what is no UTF-8; then it is not shown. */
#define LETTER_NONE 0xfffd

struct letter {
	size_t length; /* bytes, at least 1 */
	uint32_t point;
	bool is_shown; /* false: control, direction of writing, invisible, no UTF-8 */
};

/* The letter at `at`; at < end. */
struct letter letter_read(const char *at, const char *end);

/* Whether all letters of the text may be shown. */
bool letter_all_shown(struct str text);

/* The text with each letter that may not be shown replaced. */
void letter_put_shown(struct buf *out, struct str text);

#endif
