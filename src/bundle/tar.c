/*
 * The canonical tar writer: see tar.h. libarchive makes the headers and pads; a
 * callback hashes and passes on.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "bundle/tar.h"

/* The record of tar since 1979; the last one is filled with zeros. */
#define RECORD_BYTES 10240

struct bundle_tar {
	struct archive *writer;
	struct archive_entry *entry;
	struct sha256_stream *hash;
	struct bundle_sink sink;
	struct err sink_err; /* set by the callback, handed on by fail() */
	bool is_closing; /* freeing would write the end of the archive: refused */
	uint64_t left; /* bytes that the current member still has to get */
};

static la_ssize_t write_record(struct archive *, void *state, const void *bytes, size_t len);
static int fail(struct bundle_tar *t, struct err *e);

struct bundle_tar *
bundle_tar_open(struct bundle_sink sink, struct err *e)
{
	struct bundle_tar *t = memory_zero(1, sizeof(*t));

	t->sink = sink;
	t->hash = sha256_begin();
	t->writer = memory_of(archive_write_new(), "libarchive");
	t->entry = memory_of(archive_entry_new(), "libarchive");
	if (archive_write_set_format_ustar(t->writer) != ARCHIVE_OK ||
	    archive_write_set_bytes_per_block(t->writer, RECORD_BYTES) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(t->writer, RECORD_BYTES) != ARCHIVE_OK ||
	    archive_write_open(t->writer, t, NULL, write_record, NULL) != ARCHIVE_OK) {
		fail(t, e);
		goto failed;
	}
	return t;
failed:
	bundle_tar_close(t);
	return NULL;
}

void
bundle_tar_close(struct bundle_tar *t)
{
	if (t == NULL)
		return;
	if (t->writer != NULL) {
		t->is_closing = true;
		archive_write_free(t->writer);
	}
	archive_entry_free(t->entry);
	sha256_cancel(t->hash);
	free(t);
}

int
bundle_tar_begin(struct bundle_tar *t, const char *name, uint64_t size_bytes, struct err *e)
{
	if (t->left != 0)
		return err_set(e, ERR_BUG, "a member ended before its size");
	archive_entry_clear(t->entry);
	archive_entry_set_pathname(t->entry, name);
	archive_entry_set_filetype(t->entry, AE_IFREG);
	archive_entry_set_perm(t->entry, 0644);
	archive_entry_set_mtime(t->entry, 0, 0);
	archive_entry_set_size(t->entry, (la_int64_t)size_bytes);
	if (archive_write_header(t->writer, t->entry) != ARCHIVE_OK)
		return fail(t, e);
	t->left = size_bytes;
	return 0;
}

int
bundle_tar_add(struct bundle_tar *t, const void *bytes, size_t len, struct err *e)
{
	if (len > t->left)
		return err_set(e, ERR_BUG, "a member goes on behind its size");
	if (archive_write_data(t->writer, bytes, len) != (la_ssize_t)len)
		return fail(t, e);
	t->left -= len;
	return 0;
}

int
bundle_tar_finish(struct bundle_tar *t, struct sha256 *sha256, struct err *e)
{
	if (t->left != 0)
		return err_set(e, ERR_BUG, "a member ended before its size");
	if (archive_write_close(t->writer) != ARCHIVE_OK)
		return fail(t, e);
	*sha256 = sha256_end(t->hash);
	t->hash = NULL;
	return 0;
}

static la_ssize_t
write_record(struct archive *writer, void *state, const void *bytes, size_t len)
{
	struct bundle_tar *t = state;

	if (t->is_closing)
		return -1;
	if (t->sink.write != NULL && t->sink.write(t->sink.state, bytes, len, &t->sink_err) != 0) {
		archive_set_error(writer, EIO, "sink failed");
		return -1;
	}
	sha256_add(t->hash, bytes, len);
	return (la_ssize_t)len;
}

static int
fail(struct bundle_tar *t, struct err *e)
{
	const char *text = archive_error_string(t->writer);

	if (t->sink_err.code != ERR_NONE) {
		*e = t->sink_err;
		return -1;
	}
	return err_set(e, ERR_BUG, "cannot write tar: %s", text == NULL ? "no reason given" : text);
}
