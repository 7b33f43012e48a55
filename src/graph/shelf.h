/*
 * The folder of files, each named by its SHA-256: `ab/cdef…`. A file appears under its name only
 * when it is whole and on the disk. What arrives has a folder of its own for each run, locked while
 * the run lives; those of dead runs are swept away. No link within is followed.
 */
#ifndef GRAPH_SHELF_H
#define GRAPH_SHELF_H

#include <stddef.h>

#include "base/err.h"
#include "model/media.h"

struct shelf;

/*
 * Makes the folder where there is none. ERR_CANNOT_CREATE; ERR_PERMISSION for one that others may
 * write to, with the remedy.
 */
struct shelf *shelf_open(const char *path, struct err *e);
void shelf_close(struct shelf *s);

/* Is there a file at this path of a row? Its content is not looked at. */
bool shelf_is_there(const struct shelf *s, struct str path);

/* Where the file of this hash lies, relative to the folder; returns out. */
char *shelf_path(const struct sha256 *hash, char out[MEDIA_PATH_BYTES]);

/*
 * Is a file of this hash there, with this content and at most so many bytes? Then *size. One that
 * is damaged is removed; a larger one is not ours, and is left alone.
 */
bool shelf_has(struct shelf *s, const struct sha256 *hash, int64_t most, int64_t *size);

/* A temporary file: sets fd and number. */
int shelf_begin(struct shelf *s, struct media_file *f, struct err *e);

/* Takes it away again. Without one it does nothing. */
void shelf_drop(struct shelf *s, struct media_file *f);

/*
 * Puts those that are here under their names and sets path, as a group: when it returns, they
 * survive a power cut. By any thread, one at a time.
 */
int shelf_keep(struct shelf *s, struct media_file **files, size_t count, struct err *e);

#endif
