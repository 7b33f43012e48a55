/*
 * Finds the end of a JSON value that is too large to be kept, from one piece to the
 * next. It follows strings and nesting, and notices where a cut document runs into
 * the next one; it does not prove that the value is well formed.
 */
#ifndef SOURCE_SKIPPER_H
#define SOURCE_SKIPPER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"
#include "base/str.h"

enum skipper_state {
	SKIPPER_WITHIN,
	SKIPPER_DONE, /* the value ended */
	SKIPPER_FAULT, /* this byte cannot stand here */
};

struct skipper {
	enum skipper_state state;
	bool is_in_string;
	bool is_escaped;
	bool has_value; /* a value stands directly before: another one cannot follow */
	size_t depth;
	char closing[JSON_MAX_DEPTH]; /* the bracket that closes each open container */
};

/* All zero is the beginning of a value. */
void skipper_init(struct skipper *sk);

/* Reads on, says how many bytes of the piece it took: all of them while state is WITHIN. */
size_t skipper_feed(struct skipper *sk, struct str piece);

#endif
