/*
 * Audit archives (design 9): a BagIt 1.0 bag (RFC 8493) in a canonical ustar,
 * written from members given in any order, and verified without a database.
 * Knows nothing of what the members say; nothing is ever extracted.
 */
#ifndef BUNDLE_BUNDLE_H
#define BUNDLE_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sha256.h"
#include "base/str.h"

struct bundle;

/* One line of bag-info.txt, "label: value". Neither may hold control characters or bad UTF-8. */
struct bundle_info {
	struct str label;
	struct str value;
};

/* Gives the bytes of a declared payload; asked in ascending order of sha256. */
struct bundle_payload_reader {
	int (*read)(void *state, const struct sha256 *sha256, struct buf *out, struct err *e);
	void *state;
};

/* What bundle_finish needs; reader.read may be NULL if no payload was declared. */
struct bundle_input {
	const struct bundle_info *info; /* in the order wanted; Payload-Oxum is added behind */
	size_t info_count;
	struct bundle_payload_reader reader;
	/* asked once in a while; then ERR_INTERRUPTED. NULL: never */
	bool (*is_stopping)(void *state);
	/* told before the archive takes its place, which it does not if this fails. NULL: nobody */
	int (*note)(void *state, const struct sha256 *archive, struct err *e);
	void *state; /* of these two */
};

struct bundle_result {
	struct sha256 archive_sha256; /* of the tar, before compression */
	uint64_t members; /* tag files included */
	uint64_t payload_bytes; /* the sum of the data/ members */
};

/*
 * Begins an archive that will stand at `path` (borrowed until bundle_close), whose suffix .tar,
 * .tar.gz or .tar.zst decides the compression; any other is ERR_USAGE. Members are spooled to an
 * unnamed file in the same directory: nothing is left behind even if the process is killed.
 * ERR_CANNOT_CREATE if the directory cannot be written or path is no regular file.
 */
struct bundle *bundle_open(const char *path, struct err *e);

/* Frees everything. Without a bundle_finish that succeeded, path is as it was. */
void bundle_close(struct bundle *b);

/*
 * A member, one after the other: begin, add as often as wanted, end. Names begin with "data/",
 * hold letters, digits, '.', '_', '-' and '/', and at most 100 bytes; anything else is ERR_BUG,
 * and so is a name given twice (which bundle_finish notices). A ustar member ends at 8 GiB.
 */
int bundle_begin_member(struct bundle *b, const char *name, struct err *e);
int bundle_add(struct bundle *b, const void *bytes, size_t len, struct err *e);
int bundle_end_member(struct bundle *b, struct err *e);

/* Announces data/payloads/<sha256>.json; its bytes are asked for while the tar is written. */
int bundle_declare_payload(
    struct bundle *b, const struct sha256 *sha256, uint64_t size_bytes, struct err *e);

/*
 * Writes the archive under a temporary name (mode 0600), syncs it and moves it to its place. The
 * same members and info give the same tar, byte for byte. To be called once. A payload that has
 * not the size and the hash that were declared is ERR_IO; so is a full disk.
 */
int bundle_finish(
    struct bundle *b, const struct bundle_input *input, struct bundle_result *out, struct err *e);

enum bundle_finding_code {
	BUNDLE_ALTERED, /* content is not what the manifest says */
	BUNDLE_MISSING, /* named by a manifest, or required, and absent */
	BUNDLE_EXTRA, /* present, named by no manifest */
	BUNDLE_RENAMED, /* as extra, with the content of a missing member */
	BUNDLE_DUPLICATED, /* a name that stands there more than once */
	BUNDLE_LINKED, /* a link, folder or device where only files may be */
	BUNDLE_NOT_CANONICAL, /* order, header fields or padding differ from the one form */
	BUNDLE_BAD_BAG, /* bagit.txt, bag-info.txt or a manifest is not well formed */
};

struct bundle_finding {
	enum bundle_finding_code code;
	struct str member; /* printable ASCII, others as \xHH; "" for the archive as a whole */
	struct str text; /* printable, a sentence without full stop */
};

/* Findings kept; beyond, they are only counted: a ruined archive has millions. */
#define BUNDLE_MAX_FINDINGS 1000

struct bundle_report {
	struct sha256 archive_sha256;
	uint64_t archive_bytes; /* of the tar, before compression */
	uint64_t members;
	uint64_t payload_bytes;
	bool has_signature; /* tagmanifest-sha256.txt.sig is there; it was not checked */
	struct bundle_info *info;
	size_t info_count;
	struct bundle_finding *findings;
	size_t finding_count;
	uint64_t findings_total; /* 0: the archive is what its manifests say, in canonical form */
};

/* What helps, whatever it is that is damaged. */
#define BUNDLE_HINT_DAMAGED \
	"take another copy of it, or export it again: with the time that its bag-info.txt names " \
	"as --as-of the same facts give the same tar"

/* "altered", "missing", … "not_canonical", "bad_bag". */
const char *bundle_finding_name(enum bundle_finding_code code);

/*
 * Reads the archive twice and judges it. Returns 0 with or without findings; everything in the
 * report lives in `a`. At a name longer than any that is written it stops: that is the one finding
 * then. ERR_NO_INPUT if there is no such file, ERR_NO_USABLE_INPUT if it is no
 * archive, truncated, damaged (the text says where), or has more members than are ever written.
 * Needs a UTF-8 LC_CTYPE.
 */
int bundle_verify(struct arena *a, const char *path, struct bundle_report *out, struct err *e);

#endif
