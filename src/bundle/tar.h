/*
 * The one form of tar: ustar, regular files, mode 0644, everything else 0 or
 * empty, records of 10,240 bytes. Hashes what it writes; used to write an archive
 * and, without a sink, to prove that a given one has this form.
 */
#ifndef BUNDLE_TAR_H
#define BUNDLE_TAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sha256.h"
#include "base/str.h"

struct bundle_tar;

/* Where the bytes of the tar go; write NULL: nowhere. */
struct bundle_sink {
	int (*write)(void *state, const void *bytes, size_t len, struct err *e);
	void *state;
};

struct bundle_tar *bundle_tar_open(struct bundle_sink sink, struct err *e);
void bundle_tar_close(struct bundle_tar *t); /* writes nothing more; NULL is fine */

/* The name must be plain (bag.h) and NUL-terminated, the size at most BAG_MAX_MEMBER_BYTES. */
int bundle_tar_begin(struct bundle_tar *t, const char *name, uint64_t size_bytes, struct err *e);

/* ERR_BUG if a member gets more or, when the next begins, has got fewer bytes than was said. */
int bundle_tar_add(struct bundle_tar *t, const void *bytes, size_t len, struct err *e);

/* Writes the end of the archive and gives the hash of all of it. To be called once. */
int bundle_tar_finish(struct bundle_tar *t, struct sha256 *sha256, struct err *e);

#endif
