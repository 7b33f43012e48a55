/*
 * Output files: see output.h. The compressed stream depends on the library's
 * version; what is promised byte for byte is the tar inside.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/count.h"
#include "base/memory.h"
#include "bundle/output.h"

static const struct form {
	struct str suffix;
	const char *filter;
	const char *option, *value; /* of the filter */
} forms[] = {
    {{".tar", 4}, NULL, NULL, NULL},
    {{".tar.gz", 7}, "gzip", "timestamp", NULL}, /* NULL: none, so no clock in the header */
    {{".tar.zst", 8}, "zstd", "compression-level", "3"},
};

struct bundle_output {
	const char *path;
	struct str directory;
	struct str temporary; /* ptr NULL: none to remove */
	int fd;
	struct archive *writer;
	struct archive_entry *entry;
};

static const struct form *form_of(const char *path);
static struct str directory_of(struct arena *a, const char *path);
static int start_compression(struct bundle_output *o, const struct form *form);
static int fail(struct bundle_output *o, struct err *e);
static int sync_directory(struct str directory, struct err *e);

int
bundle_check_path(const char *path, struct err *e)
{
	struct stat st;

	if (form_of(path) == NULL) {
		err_set(e, ERR_USAGE, "%s: not the name of an archive", path);
		return err_hint(e, "the name must end in .tar, .tar.gz or .tar.zst");
	}
	/* said now rather than by rename after an hour of work */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(e, ERR_CANNOT_CREATE, "%s: exists and is not a file", path);
	return 0;
}

int
bundle_open_temporary(struct arena *a, const char *path, struct str *name, struct err *e)
{
	struct str directory = directory_of(a, path);
	struct str template = arena_printf(a, "%.*s/.coexsync-XXXXXX", STR_ARG(directory));
	int fd = mkostemp((char *)template.ptr, O_CLOEXEC);

	if (fd < 0)
		return err_sys(
		    e, ERR_CANNOT_CREATE, "cannot create a file in %.*s", STR_ARG(directory));
	*name = template;
	return fd;
}

struct bundle_output *
bundle_output_open(struct arena *a, const char *path, struct err *e)
{
	struct bundle_output *o = arena_zero(a, 1, sizeof(*o));
	const struct form *form = form_of(path);

	o->path = path;
	o->directory = directory_of(a, path);
	o->fd = bundle_open_temporary(a, path, &o->temporary, e);
	if (o->fd < 0)
		return NULL;
	o->writer = memory_of(archive_write_new(), "libarchive");
	o->entry = memory_of(archive_entry_new(), "libarchive");
	if (start_compression(o, form) != 0) {
		fail(o, e);
		bundle_output_close(o);
		return NULL;
	}
	return o;
}

int
bundle_output_write(void *output, const void *bytes, size_t len, struct err *e)
{
	struct bundle_output *o = output;

	if (archive_write_data(o->writer, bytes, len) != (la_ssize_t)len)
		return fail(o, e);
	return 0;
}

int
bundle_output_commit(struct bundle_output *o, struct err *e)
{
	if (archive_write_close(o->writer) != ARCHIVE_OK)
		return fail(o, e);
	if (fsync(o->fd) != 0)
		return err_sys(e, ERR_IO, "%s: cannot sync", o->path);
	if (rename(o->temporary.ptr, o->path) != 0)
		return err_sys(e, ERR_CANNOT_CREATE, "%s: cannot be put in place", o->path);
	o->temporary = STR_NULL;
	return sync_directory(o->directory, e);
}

void
bundle_output_close(struct bundle_output *o)
{
	if (o == NULL)
		return;
	if (o->writer != NULL) /* writes on if it was not closed, to what is removed below */
		archive_write_free(o->writer);
	archive_entry_free(o->entry);
	if (o->fd >= 0)
		close(o->fd);
	if (o->temporary.ptr != NULL)
		unlink(o->temporary.ptr);
}

static const struct form *
form_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct str base = str_of(slash == NULL ? path : slash + 1);

	for (size_t i = 0; i < COUNT(forms); i++) {
		struct str suffix = forms[i].suffix;

		if (base.len > suffix.len &&
		    strcmp(base.ptr + base.len - suffix.len, suffix.ptr) == 0)
			return &forms[i];
	}
	return NULL;
}

static struct str
directory_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return STR_LIT(".");
	if (slash == path)
		return STR_LIT("/.");
	return arena_copy(a, (struct str){path, (size_t)(slash - path)});
}

/* libarchive's raw format with one entry is the plain stream through its filters. */
static int
start_compression(struct bundle_output *o, const struct form *form)
{
	struct archive *w = o->writer;

	if (archive_write_set_format_raw(w) != ARCHIVE_OK)
		return -1;
	if (form->filter != NULL &&
	    (archive_write_add_filter_by_name(w, form->filter) != ARCHIVE_OK ||
		archive_write_set_filter_option(w, form->filter, form->option, form->value) !=
		    ARCHIVE_OK))
		return -1;
	/* 1: no zeros behind the compressed stream */
	if (archive_write_set_bytes_in_last_block(w, 1) != ARCHIVE_OK ||
	    archive_write_open_fd(w, o->fd) != ARCHIVE_OK)
		return -1;
	archive_entry_set_filetype(o->entry, AE_IFREG);
	return archive_write_header(w, o->entry) == ARCHIVE_OK ? 0 : -1;
}

static int
fail(struct bundle_output *o, struct err *e)
{
	const char *text = archive_error_string(o->writer);
	int cause = archive_errno(o->writer);

	if (cause > 0)
		text = strerror(cause);
	return err_set(
	    e, ERR_IO, "%s: cannot write: %s", o->path, text == NULL ? "no reason given" : text);
}

static int
sync_directory(struct str directory, struct err *e)
{
	int fd = open(directory.ptr, O_RDONLY | O_DIRECTORY | O_CLOEXEC), failed;

	if (fd < 0)
		return err_sys(e, ERR_IO, "%s: cannot open to sync", directory.ptr);
	/* some file systems cannot sync a directory and say EINVAL */
	failed = fsync(fd) != 0 && errno != EINVAL;
	if (failed)
		err_sys(e, ERR_IO, "%s: cannot sync", directory.ptr);
	close(fd);
	return failed ? -1 : 0;
}
