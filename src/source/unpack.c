/*
 * Decompression: see unpack.h. What differs between gzip and zstd is a row of a table.
 */
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "base/memory.h"
#include "rules/reject_codes.h"
#include "source/unpack.h"

/* Some milliseconds of work between two looks at the signal flag, even of a bomb. */
#define IN_BYTES ((size_t)128 << 10)

/* What tells that another member or frame follows: the longest magic number. */
#define MAGIC_BYTES 4

/* zlib: windows of 32 KiB, and the header and trailer of gzip. */
#define GZIP_WINDOW_BITS (15 + 16)

enum outcome {
	OUTCOME_MORE,
	OUTCOME_END, /* of a member or frame */
	OUTCOME_DAMAGED,
	OUTCOME_WRONG_CHECKSUM,
	OUTCOME_TOO_WIDE, /* needs more memory than it gets */
	OUTCOME_NO_MEMORY,
};

struct unpack {
	const struct codec *codec;
	enum sniff_kind kind;
	struct byte_reader below;
	struct expansion *expansion;
	struct refusal refusal;
	z_stream gzip;
	ZSTD_DStream *zstd;
	size_t at; /* in[at, len) is to be read */
	size_t len;
	bool is_between; /* a member ended, or none has begun yet */
	bool is_full; /* the decoder may have more to give without any input */
	bool is_over;
	bool is_failing; /* at its end, as unpack.h says */
	char in[IN_BYTES];
};

struct codec {
	bool (*open)(struct unpack *u);
	void (*begin)(struct unpack *u); /* a member or frame */
	enum outcome (*step)(
	    struct unpack *u, char *to, size_t *size); /* *size: room, then bytes */
	void (*close)(struct unpack *u);
};

/* ---- gzip ------------------------------------------------------------------------------------ */

static bool
open_gzip(struct unpack *u)
{
	return inflateInit2(&u->gzip, GZIP_WINDOW_BITS) == Z_OK;
}

static void
begin_gzip(struct unpack *u)
{
	inflateReset(&u->gzip);
}

/* zlib tells a wrong checksum from other damage by its words alone: then all data was read. */
static bool
is_checksum_message(const char *text)
{
	return text != NULL && (strcmp(text, "incorrect data check") == 0 ||
				   strcmp(text, "incorrect length check") == 0);
}

static enum outcome
step_gzip(struct unpack *u, char *to, size_t *size)
{
	size_t room = *size < UINT_MAX ? *size : UINT_MAX;
	int rc;

	u->gzip.next_in = (unsigned char *)u->in + u->at;
	u->gzip.avail_in = (unsigned)(u->len - u->at);
	u->gzip.next_out = (unsigned char *)to;
	u->gzip.avail_out = (unsigned)room;
	rc = inflate(&u->gzip, Z_NO_FLUSH);
	u->at = u->len - u->gzip.avail_in;
	*size = room - u->gzip.avail_out;
	switch (rc) {
	case Z_STREAM_END:
		return OUTCOME_END;
	case Z_OK:
	case Z_BUF_ERROR: /* no progress: it wants more input */
		return OUTCOME_MORE;
	case Z_MEM_ERROR:
		return OUTCOME_NO_MEMORY;
	default:
		return is_checksum_message(u->gzip.msg) ? OUTCOME_WRONG_CHECKSUM : OUTCOME_DAMAGED;
	}
}

static void
close_gzip(struct unpack *u)
{
	inflateEnd(&u->gzip);
}

/* ---- zstd ------------------------------------------------------------------------------------ */

static bool
open_zstd(struct unpack *u)
{
	u->zstd = ZSTD_createDStream();
	return u->zstd != NULL && !ZSTD_isError(ZSTD_DCtx_setParameter(
				      u->zstd, ZSTD_d_windowLogMax, LIMITS_ZSTD_WINDOW_LOG));
}

static void
begin_zstd(struct unpack *u)
{
	ZSTD_DCtx_reset(u->zstd, ZSTD_reset_session_only);
}

static enum outcome
step_zstd(struct unpack *u, char *to, size_t *size)
{
	ZSTD_inBuffer in = {u->in, u->len, u->at};
	ZSTD_outBuffer out = {to, *size, 0};
	size_t rc = ZSTD_decompressStream(u->zstd, &out, &in);

	u->at = in.pos;
	*size = out.pos;
	if (rc == 0)
		return OUTCOME_END;
	if (!ZSTD_isError(rc))
		return OUTCOME_MORE;
	switch (ZSTD_getErrorCode(rc)) {
	case ZSTD_error_checksum_wrong:
		return OUTCOME_WRONG_CHECKSUM;
	case ZSTD_error_frameParameter_windowTooLarge:
		return OUTCOME_TOO_WIDE;
	case ZSTD_error_memory_allocation:
		return OUTCOME_NO_MEMORY;
	default:
		return OUTCOME_DAMAGED;
	}
}

static void
close_zstd(struct unpack *u)
{
	ZSTD_freeDStream(u->zstd);
}

/* ---- both ------------------------------------------------------------------------------------ */

static const struct codec codecs[] = {
    [SNIFF_GZIP] = {open_gzip, begin_gzip, step_gzip, close_gzip},
    [SNIFF_ZSTD] = {open_zstd, begin_zstd, step_zstd, close_zstd},
};

struct unpack *
unpack_open(enum sniff_kind kind, struct byte_reader below, struct expansion *x)
{
	struct unpack *u = memory_zero(1, sizeof(*u));

	u->codec = &codecs[kind];
	u->kind = kind;
	u->below = below;
	u->expansion = x;
	u->is_between = true;
	if (!u->codec->open(u))
		memory_end(sniff_kind_name(kind));
	return u;
}

void
unpack_close(struct unpack *u)
{
	if (u == NULL)
		return;
	u->codec->close(u);
	free(u);
}

struct refusal *
unpack_refusal(struct unpack *u)
{
	return &u->refusal;
}

/* Makes `want` bytes of input there, fewer at the end of the file. */
static int
fill(struct unpack *u, size_t want, struct err *e)
{
	ssize_t got = 1;

	if (u->at > 0 && u->len - u->at < want) {
		memmove(u->in, u->in + u->at, u->len - u->at);
		u->len -= u->at;
		u->at = 0;
	}
	while (got > 0 && u->len - u->at < want) {
		got = u->below.read(u->below.state, u->in + u->len, IN_BYTES - u->len, e);
		if (got < 0)
			return -1;
		u->len += (size_t)got;
	}
	return 0;
}

static bool
is_at_beginning(const struct unpack *u)
{
	return sniff_kind_of(u->in + u->at, u->len - u->at) == u->kind;
}

/* At the next member, or at the end of them. */
static int
begin_next(struct unpack *u, struct err *e)
{
	if (fill(u, MAGIC_BYTES, e) != 0)
		return -1;
	if (u->at == u->len) {
		u->is_over = true;
	} else if (!is_at_beginning(u)) {
		refusal_set(&u->refusal, REJECT_ARCHIVE_TRAILING,
		    "something else follows the %s data: it is not read", sniff_kind_name(u->kind));
		u->is_over = true;
	} else {
		u->codec->begin(u);
		u->is_between = false;
	}
	return 0;
}

/* The words for an outcome, and whether anything follows. */
static void
judge(struct unpack *u, enum outcome outcome)
{
	const char *name = sniff_kind_name(u->kind);

	u->is_between = outcome == OUTCOME_END;
	if (outcome == OUTCOME_NO_MEMORY)
		memory_end(name);
	if (outcome == OUTCOME_DAMAGED)
		refusal_set(&u->refusal, REJECT_ARCHIVE_DAMAGED, "the %s data is damaged", name);
	else if (outcome == OUTCOME_TOO_WIDE)
		refusal_set(&u->refusal, REJECT_ARCHIVE_METHOD,
		    "the window of the %s data is larger than %d MiB", name,
		    1 << (LIMITS_ZSTD_WINDOW_LOG - 20));
	else if (outcome == OUTCOME_WRONG_CHECKSUM)
		refusal_set(&u->refusal, REJECT_ARCHIVE_DAMAGED,
		    "the checksum of the %s data is wrong", name);
	else if (expansion_is_bomb(u->expansion))
		refusal_set_bomb(&u->refusal);
	u->is_over = u->refusal.code != NULL;
	u->is_failing = u->is_over && outcome != OUTCOME_DAMAGED && outcome != OUTCOME_TOO_WIDE;
}

/* Some bytes, or none yet; -1: error. */
static ssize_t
read_some(struct unpack *u, char *to, size_t size, struct err *e)
{
	size_t got = size;
	enum outcome outcome;

	if (u->is_between && begin_next(u, e) != 0)
		return -1;
	if (u->is_over)
		return 0;
	if (!u->is_full && fill(u, 1, e) != 0)
		return -1;
	if (!u->is_full && u->at == u->len) {
		refusal_set(&u->refusal, REJECT_ARCHIVE_DAMAGED, "the %s data ends too early",
		    sniff_kind_name(u->kind));
		u->is_over = true;
		return 0;
	}
	outcome = u->codec->step(u, to, &got);
	u->is_full = got == size;
	u->expansion->out += got;
	judge(u, outcome);
	return (ssize_t)got;
}

static ssize_t
read_unpacked(void *state, char *to, size_t size, struct err *e)
{
	struct unpack *u = state;
	ssize_t got = 0;

	while (got == 0 && !u->is_over)
		got = read_some(u, to, size, e);
	/* behind all bytes, so that the same documents are given whatever the size of a read */
	if (got == 0 && u->is_failing)
		return refusal_fail(&u->refusal, e);
	return got;
}

struct byte_reader
unpack_reader(struct unpack *u)
{
	return (struct byte_reader){read_unpacked, u};
}
