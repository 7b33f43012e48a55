/*
 * A secret that lies in a file: never an argument, never printed.
 */
#ifndef PIPELINE_SECRET_H
#define PIPELINE_SECRET_H

#include "base/err.h"
#include "base/str.h"

/* Far more than an app secret (32 letters) or a token has. */
#define SECRET_MAX_BYTES 4096

struct secret {
	char bytes[SECRET_MAX_BYTES + 2]; /* room for a byte too much, and for a NUL */
	size_t len;
};

/*
 * The first line of the file, without its end. Warns about a file that others may read. Fails with
 * ERR_NO_INPUT (there is none), ERR_PERMISSION, ERR_IO, or ERR_USAGE (its first line is empty, too
 * long or holds a NUL); `option` is named.
 */
int secret_read(struct secret *s, const char *option, const char *path, struct err *e);

/* Borrowed; STR_NULL if nothing was read. */
struct str secret_text(const struct secret *s);

/* Forgets it. */
void secret_wipe(struct secret *s);

#endif
