/*
 * Files that others read while they are written anew.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/err.h"
#include "base/str.h"

/*
 * The file holds these bytes, whole, or what it held before, whatever happens meanwhile: written
 * beside it as `.NAME.PID.tmp` (with the mode of what it replaces, else 0666 less the umask),
 * synced, renamed. ERR_CANNOT_CREATE if that cannot be made there or the name is of something that
 * is not a file (a link is none), ERR_IO.
 */
int file_replace(const char *path, struct str bytes, struct err *e);

#endif
