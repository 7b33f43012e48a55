/*
 * What people's loggers, queues and providers put around a payload: captures, loggers' members,
 * envelopes of SNS and SQS. Pure: says what lies where; unwrapping itself is source's.
 */
#ifndef RULES_WRAPPER_H
#define RULES_WRAPPER_H

#include <stddef.h>

#include "base/str.h"

enum wrapper_form {
	WRAPPER_VALUE, /* the payload stands in it as it is; of an array each element is one */
	WRAPPER_TEXT, /* JSON in a string */
	WRAPPER_BASE64, /* JSON in base64 in a string */
};

struct wrapper {
	enum wrapper_form form;
	const char *member; /* its name */
	struct str inner; /* all slices of the object: the member's value */
	struct str headers; /* of the request that brought it, any JSON, or STR_NULL */
	struct str received_at; /* a string or a number, or STR_NULL */
};

/* So many members of one object may hold payloads. */
#define WRAPPER_PLACES 10

/*
 * Where payloads lie in `object`, checked JSON (base/json.h): how many places; 0 is no wrapper, but
 * a payload or nothing that is known. What holds a member that payloads hold is none, and it is
 * looked at no further than that member; nor is a line of an archive of our own. Of the forms of
 * one request's body (`body_base64`, `body`, `body_params`) the first counts. A string is taken for
 * a payload if it begins like JSON; in members that hold nothing else (`body`, an envelope's
 * message) whatever it holds. An object or array is taken if a payload lies in it, at any depth up
 * to WRAPPER_MAX_DEPTH.
 */
size_t wrapper_find(struct str object, struct wrapper out[WRAPPER_PLACES]);

/* So deep at most do payloads lie in wrappers: a capture of SNS in SQS has four. */
#define WRAPPER_MAX_DEPTH 8

/*
 * The value, a slice of a JSON string, of the header of that name in any case; STR_NULL without
 * one. Headers are {name: value}, {name: [value]}, [[name, value]] or [{name, value}].
 */
struct str wrapper_header(struct str headers, const char *name);

#endif
