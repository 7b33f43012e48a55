/*
 * Files that are written in one piece or not at all, and their compression.
 */
#ifndef BUNDLE_OUTPUT_H
#define BUNDLE_OUTPUT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct bundle_output;

/* 0 if path ends in .tar, .tar.gz or .tar.zst and what stands there, if anything, is a file. */
int bundle_check_path(const char *path, struct err *e);

/*
 * An open temporary file (0600, close on exec) in the directory of path; its name, which lives in
 * `a`, goes to *name. -1 and ERR_CANNOT_CREATE on failure.
 */
int bundle_open_temporary(struct arena *a, const char *path, struct str *name, struct err *e);

/* Compresses as the suffix of path says, to a temporary file. Names live in `a`. */
struct bundle_output *bundle_output_open(struct arena *a, const char *path, struct err *e);

/* A bundle_sink's write. */
int bundle_output_write(void *output, const void *bytes, size_t len, struct err *e);

/* Ends the compression, syncs, renames to path, syncs the directory. */
int bundle_output_commit(struct bundle_output *o, struct err *e);

/* Removes the temporary file if it was not committed. NULL is fine. */
void bundle_output_close(struct bundle_output *o);

#endif
