/*
 * Documents out of a stream of bytes: one or many, with or without white space
 * between them, elements of top-level arrays each by itself. What is broken becomes
 * one faulty payload a gap, and the next line that begins with `{` goes on.
 */
#ifndef SOURCE_SPLITTER_H
#define SOURCE_SPLITTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/payload.h"
#include "source/byte_reader.h"
#include "source/window.h"

/* What may stand at the point that is reached. */
enum splitter_place {
	SPLITTER_AT_START,
	SPLITTER_AT_DOCUMENT,
	SPLITTER_AT_FIRST_ELEMENT, /* or the end of the array */
	SPLITTER_AT_ELEMENT,
	SPLITTER_BEHIND_ELEMENT,
	SPLITTER_AT_END,
};

struct splitter {
	struct window window;
	size_t max_bytes;
	const char *name;
	enum splitter_place place;
	bool is_mending; /* an array was broken: its commas and its end are no faults */
	uint64_t count; /* payloads of this stream so far */
	uint64_t index; /* of the array element */

	struct { /* the payload in hand */
		uint64_t line;
		uint64_t offset;
		bool is_element;
	} item;
};

/*
 * `max_bytes`: larger documents become `too_large`. `step`: bytes a read, at most; any value
 * gives the same payloads, so only speed and tests care. Memory is bounded by the greater of
 * the two.
 */
void splitter_init(struct splitter *s, size_t max_bytes, size_t step);
void splitter_free(struct splitter *s);

/* Begins a stream. The name, for people, is borrowed until the next one. */
void splitter_begin(struct splitter *s, const char *name, struct byte_reader reader);

/*
 * 1 and a payload, 0 at the end of the stream, -1 and the reader's error. The payload's
 * `source` is the name; `name:LINE` if the stream holds several documents; `name:LINE[INDEX]`
 * for an array's element (line where it begins, from 1; index from 0). Offsets in fault_text
 * count from 0. The sha256 of a faulty payload is of the gap's bytes, and of the whole stream
 * for `not_json` and `empty`.
 */
int splitter_next(struct splitter *s, struct arena *a, struct payload *out, struct err *e);

#endif
