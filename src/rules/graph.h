/*
 * What an answer of the Graph API means for the work: by its error code, and only without one by
 * its HTTP status, because rate limits come as HTTP 400 (the Cloud API's documentation).
 */
#ifndef RULES_GRAPH_H
#define RULES_GRAPH_H

#include <stddef.h>
#include <stdint.h>

enum graph_action {
	GRAPH_DONE, /* no error */
	GRAPH_STOP, /* token or account: every further call would fail as well */
	GRAPH_DENIED, /* a permission is missing: for this one, or for all, it does not say */
	GRAPH_BACK_OFF, /* too many calls: all of them have to wait */
	GRAPH_RETRY, /* may pass: this one again, later */
	GRAPH_RENEW, /* the URL has expired: look the id up again */
	GRAPH_GONE, /* this id is gone for good */
	GRAPH_REFUSED, /* this one is refused, whenever it is tried */
};

/* What was asked: the same status means different things. */
enum graph_step { GRAPH_LOOKUP, GRAPH_DOWNLOAD };

/* No error code in the answer: 0 is one. */
#define GRAPH_NO_CODE INT32_MIN

struct graph_code {
	int32_t first;
	int32_t last;
	enum graph_action action;
	const char *meaning; /* for people: never the API's own words, which may repeat the token */
};

extern const struct graph_code graph_codes[];
extern const size_t graph_code_count;

/* NULL for a code that is not in the table. */
const struct graph_code *graph_code_find(int32_t code);

/* http_status 0: there was no answer. */
enum graph_action graph_judge(enum graph_step step, int http_status, int32_t code);

/* The meaning of the code, else of the status. */
const char *graph_meaning(int http_status, int32_t code);

#endif
