/*
 * Where bytes come from: a file, a pipe, a member of an archive. The seam at which
 * kinds of input plug in; everything behind it sees one stream of bytes.
 */
#ifndef SOURCE_BYTE_READER_H
#define SOURCE_BYTE_READER_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct byte_reader {
	/* Reads at most `size` (> 0) bytes; gives their number, 0 at the end, -1 and an error. */
	ssize_t (*read)(void *state, char *to, size_t size, struct err *e);
	void *state;
};

#endif
