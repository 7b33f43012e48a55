/*
 * Where a room hands lines on to, when it has many.
 */
#ifndef MODEL_SINK_H
#define MODEL_SINK_H

#include "base/err.h"
#include "base/str.h"

/* line gets one line without its line feed; -1 stops. */
struct line_sink {
	int (*line)(void *state, struct str line, struct err *e);
	void *state;
};

#endif
