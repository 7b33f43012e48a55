/*
 * The dialects that payloads come in: Meta's own, and those of providers that wrap or rename it.
 * dialect.c has the one table of them: how each is told, and who reads it.
 */
#ifndef DECODE_DIALECT_H
#define DECODE_DIALECT_H

#include "decode/reader.h"

/* The members of the outermost object by which dialects are told, as slices. */
struct root {
	struct str json;
	struct str entry; /* Meta */
	struct str changes;
	struct str value;
	struct str field;
	struct str id;
	struct str time;
	struct str event; /* 360dialog: the name of the field */
	struct str data;
	struct str type; /* YCloud: the name of the event */
	struct str api_version;
	struct str create_time;
	struct str aws_entry;
	struct str aws_time;
	struct str details; /* 8x8 */
	struct str gupshup_app;
	struct str app;
	struct str payload;
	struct str message;
	struct str error;
	struct str request_id;
};

struct dialect {
	const char *name; /* payload.dialect; NULL for what is known and not read */
	bool (*is)(struct reader *r, const struct root *root);
	void (*read)(struct reader *r, const struct root *root, const struct dialect *d);
	const char *refusal; /* where `read` is NULL: what it is, and what to do about it */
};

/* Hands all that the payload holds to its readers; rejects what is of no dialect that is read. */
void dialect_read(struct reader *r, struct str root);

#endif
