/*
 * Compressed bytes and archives for tests, made in memory; damaged ones are made of them.
 */
#ifndef TESTS_ARCHIVE_SAMPLE_H
#define TESTS_ARCHIVE_SAMPLE_H

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"

#define SAMPLE_MAX ((size_t)1 << 30)

struct sample_member {
	const char *name;
	const char *text;
	unsigned type; /* 0: a regular file */
	const char *target; /* of a link */
};

/* Adds one gzip member. */
static inline void
sample_gzip(struct buf *out, const char *bytes, size_t len)
{
	z_stream z = {0};
	size_t room;

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
	room = deflateBound(&z, len);
	z.next_in = (unsigned char *)bytes;
	z.avail_in = (unsigned)len;
	z.next_out = (unsigned char *)buf_reserve(out, room);
	z.avail_out = (unsigned)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->len += room - z.avail_out;
	deflateEnd(&z);
}

/* Adds one zstd frame with a checksum. */
static inline void
sample_zstd(struct buf *out, const char *bytes, size_t len)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	size_t got;

	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	got = ZSTD_compress2(
	    c, buf_reserve(out, ZSTD_compressBound(len)), ZSTD_compressBound(len), bytes, len);
	assert_false(ZSTD_isError(got));
	out->len += got;
	ZSTD_freeCCtx(c);
}

static inline la_ssize_t
sample_write(struct archive *w, void *state, const void *bytes, size_t len)
{
	(void)w;
	buf_put(state, bytes, len);
	return (la_ssize_t)len;
}

static inline void
sample_put_member(struct archive *w, const struct sample_member *m)
{
	struct archive_entry *entry = archive_entry_new();
	size_t len = m->text == NULL ? 0 : strlen(m->text);

	archive_entry_set_pathname(entry, m->name);
	archive_entry_set_filetype(entry, m->type == 0 ? AE_IFREG : m->type);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)len);
	if (m->target != NULL && m->type == AE_IFLNK)
		archive_entry_set_symlink(entry, m->target);
	else if (m->target != NULL)
		archive_entry_set_hardlink(entry, m->target);
	assert_true(archive_write_header(w, entry) >= ARCHIVE_WARN);
	if (len > 0)
		assert_int_equal(archive_write_data(w, m->text, len), len);
	archive_entry_free(entry);
}

/* `options` as of libarchive, or NULL; the list ends with a member without a name. */
static inline void
sample_archive(
    struct buf *out, int format, const char *options, const struct sample_member *members)
{
	struct archive *w = archive_write_new();

	assert_int_equal(archive_write_set_format(w, format), ARCHIVE_OK);
	assert_int_equal(archive_write_set_bytes_in_last_block(w, 1), ARCHIVE_OK);
	if (options != NULL)
		assert_int_equal(archive_write_set_options(w, options), ARCHIVE_OK);
	assert_int_equal(archive_write_open(w, out, NULL, sample_write, NULL), ARCHIVE_OK);
	for (; members->name != NULL; members++)
		sample_put_member(w, members);
	assert_int_equal(archive_write_close(w), ARCHIVE_OK);
	archive_write_free(w);
}

static inline void
sample_tar(struct buf *out, const struct sample_member *members)
{
	sample_archive(out, ARCHIVE_FORMAT_TAR_GNUTAR, NULL, members);
}

static inline void
sample_zip(struct buf *out, const struct sample_member *members)
{
	sample_archive(out, ARCHIVE_FORMAT_ZIP, NULL, members);
}

#endif
