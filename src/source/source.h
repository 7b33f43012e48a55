/*
 * Payloads out of files, folders, standard input and handed-over documents, and out of what lies
 * around them (source/unwrapper.h). One file is open at a time and
 * memory does not grow with its size.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/document.h"
#include "model/payload.h"

/* Meta's webhook payloads are at most 3 MB; providers wrap them and add to them. */
#define SOURCE_MAX_PAYLOAD ((uint64_t)16 << 20)

struct source_options {
	uint64_t max_payload_bytes; /* larger documents are `too_large`; SOURCE_MAX_PAYLOAD */
	/* asked before each read, which may be one of many for one payload; NULL: never */
	bool (*is_stopping)(void *state);
	void *state;
	struct document_iterator documents; /* read behind the paths; next NULL: none */
	struct str app_secret; /* to check signatures of captures with, borrowed; len 0: none */
	bool requires_signature; /* what is not signed rightly is faulty: signature_not_valid */
};

struct source;

/*
 * Looks at all paths before anything is read; `-` is standard input, see source/listing.h for
 * folders. NULL with ERR_NO_INPUT (a path does not exist, a folder holds no file), ERR_IO (a
 * folder cannot be read) or ERR_USAGE (an impossible maximum). The paths are copied.
 */
struct source *source_open(
    char *const *paths, size_t count, const struct source_options *o, struct err *e);

/*
 * The payloads in the order of the paths, then those of the documents, broken ones as faulty
 * payloads (see source/splitter.h). Long ones await their hash. Fails with ERR_IO naming the file,
 * ERR_INTERRUPTED when a signal ended the wait for input. Valid until source_close.
 */
struct payload_iterator source_iterator(struct source *s);

void source_close(struct source *s);

/* For progress: the size of all files, 0 if one of the inputs has none; what was read so far. */
uint64_t source_total_bytes(const struct source *s);
uint64_t source_bytes_read(const struct source *s);

#endif
