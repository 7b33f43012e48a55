/*
 * Archives of coexsync export among the sources, packed or unpacked: what tells one, and which
 * files of it are not read, since they are only what was made of the payloads.
 */
#ifndef SOURCE_OWN_H
#define SOURCE_OWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* Its first member, in which it says so; the second; and that which is there if it is whole. */
#define OWN_INFO_NAME "bag-info.txt"
#define OWN_DECLARATION_NAME "bagit.txt"
#define OWN_MANIFEST_NAME "manifest-sha256.txt"
#define OWN_DATA_NAME "data"

/* Of OWN_INFO_NAME, what is read. */
#define OWN_INFO_BYTES 4096

/* Does a file that begins so say that it is of such an archive? */
bool own_says_so(const char *info, size_t len);

/* How many of its payloads are not in it, in digits of the NUL-terminated text; "" for none. */
struct str own_lacking(const char *info);

/* By a name relative to the archive: a payload in it; another file that export writes. */
bool own_is_payload(const char *name);
bool own_is_written(const char *name);

#endif
