/*
 * Reading an archive to verify it: two passes with libarchive, one for the bytes
 * of the tar, one for its entries. Collects; what it means is for judge.h.
 */
#ifndef BUNDLE_SCAN_H
#define BUNDLE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/list.h"
#include "base/sha256.h"
#include "base/str.h"

/* An entry of the tar. */
struct bundle_entry {
	struct str name; /* any bytes; STR_NULL if unreadable */
	struct sha256 sha256;
	uint64_t size_bytes;
	bool is_linked; /* no regular file; nothing of it was read */
	bool is_listed; /* a manifest names it */
	struct str listed_as; /* the name under which a manifest has its content */
};

/* Members whose text is needed to judge the rest. */
enum bundle_text {
	BUNDLE_TEXT_DECLARATION,
	BUNDLE_TEXT_INFO,
	BUNDLE_TEXT_MANIFEST,
	BUNDLE_TEXT_TAGMANIFEST,
	BUNDLE_TEXT_COUNT
};

const char *bundle_text_name(enum bundle_text which);

struct bundle_scan {
	struct arena *arena; /* entries and names */
	struct sha256 archive_sha256;
	uint64_t archive_bytes;
	uint64_t bytes_behind; /* of the file, behind the end of its compressed stream */
	struct list entries; /* struct bundle_entry, as they stand */
	struct buf texts[BUNDLE_TEXT_COUNT]; /* of the first of that name; failed: too large */
	bool has_text[BUNDLE_TEXT_COUNT];
	struct str overlong; /* a name longer than BAG_MAX_NAME, at which the scan ended; or NULL */
	bool is_rewritable; /* every entry could be written in the canonical form … */
	struct sha256 rewritten_sha256; /* … which gave this */
	struct str unwritable; /* the name of the first that could not; NULL: none */
};

/* `out` is to be freed in any case. Errors as bundle_verify. */
int bundle_scan_archive(const char *path, struct bundle_scan *out, struct err *e);
void bundle_scan_free(struct bundle_scan *s);

#endif
