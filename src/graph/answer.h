/*
 * Within graph: what the body of an answer says (the Cloud API's documentation).
 */
#ifndef GRAPH_ANSWER_H
#define GRAPH_ANSWER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/sha256.h"

struct answer {
	bool is_json;
	int32_t code; /* of error.code; GRAPH_NO_CODE without */
	struct str url; /* in the arena, STR_NULL without */
	bool has_sha256; /* a hash that is none is as none */
	struct sha256 sha256;
	int64_t size; /* MEDIA_NO_SIZE if it is not said */
};

/* The one JSON value that the bytes are, without white space around it; STR_NULL if they are none.
 */
struct str answer_json(struct str body);

/* Any bytes may be given. */
struct answer answer_read(struct arena *a, struct str body);

#endif
