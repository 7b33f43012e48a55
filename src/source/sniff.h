/*
 * What a stream is, by its first bytes; whoever reads it afterwards gets them all.
 */
#ifndef SOURCE_SNIFF_H
#define SOURCE_SNIFF_H

#include <stddef.h>

#include "base/err.h"
#include "source/byte_reader.h"

/* A block of tar, whose header has a checksum and no magic number that all writers agree on. */
#define SNIFF_BYTES 512

enum sniff_kind {
	SNIFF_OTHER, /* JSON, or nothing that is read */
	SNIFF_GZIP,
	SNIFF_ZSTD,
	SNIFF_TAR,
	SNIFF_ZIP,
};

struct sniff {
	struct byte_reader below;
	enum sniff_kind kind;
	char head[SNIFF_BYTES];
	size_t len; /* of the head; less than its size: the stream was short, or slow */
	size_t at; /* what of the head was given */
};

/*
 * Reads the head and finds the kind. Of what looks like JSON it takes what one read gives, so that
 * a line in a pipe does not wait for the next one. Fails as the reader below does.
 */
int sniff_begin(struct sniff *s, struct byte_reader below, struct err *e);

/* The whole stream. */
struct byte_reader sniff_reader(struct sniff *s);

/* By the first bytes alone. */
enum sniff_kind sniff_kind_of(const char *head, size_t len);

/* For people: "gzip", "a tar archive" … */
const char *sniff_kind_name(enum sniff_kind kind);

#endif
