/*
 * Secrets that lie in files: never arguments, never printed; and a password that is one all the
 * same.
 */
#ifndef PIPELINE_SECRET_H
#define PIPELINE_SECRET_H

#include "base/arena.h"
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
 * long or holds a NUL); `option` is named. Leaves no core from then on.
 */
int secret_read(struct secret *s, const char *option, const char *path, struct err *e);

/* Is there a file that may be read? Fails as secret_read does. A pipe can be read once, so nothing
 * of it is. */
int secret_check(const char *option, const char *path, struct err *e);

/* Borrowed; STR_NULL if nothing was read. */
struct str secret_text(const struct secret *s);

/*
 * What names a database, given by `option` as an argument of the program: if there is a password in
 * it, which others see in the list of processes, that is said, the argument is overwritten, and a
 * copy returned. Else (NULL, too) it is returned itself.
 */
const char *secret_hide(struct arena *a, const char *option, const char *conninfo);

/* What names a database as an argument, and is not used any more; NULL is fine. */
void secret_overwrite(const char *argument);

/* From now on nothing of this process, or of its children, is written to disk when it dies. */
void secret_leave_no_core(void);

/* Forgets it. */
void secret_wipe(struct secret *s);

#endif
