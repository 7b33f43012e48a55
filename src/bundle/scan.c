/*
 * Reading an archive to verify it: see scan.h. Only gzip, zstd and tar are enabled,
 * nothing is ever extracted, and what is held in memory is bounded here.
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "bundle/bag.h"
#include "bundle/bundle.h"
#include "bundle/frame.h"
#include "bundle/scan.h"
#include "bundle/tar.h"

#define READ_BYTES ((size_t)256 << 10)
/* Twice the largest account that was thought of; 150 bytes each in memory, and a name. */
#define MAX_ENTRIES ((size_t)4000000)
/* Of a longer name than is ever written, enough to recognise it. */
#define OVERLONG_BYTES ((size_t)200)

static const struct {
	const char *name;
	size_t max_bytes;
} texts[BUNDLE_TEXT_COUNT] = {
    [BUNDLE_TEXT_DECLARATION] = {BAG_DECLARATION_NAME, (size_t)64 << 10},
    [BUNDLE_TEXT_INFO] = {BAG_INFO_NAME, (size_t)1 << 20},
    /* 150 bytes a line: three million members */
    [BUNDLE_TEXT_MANIFEST] = {BAG_MANIFEST_NAME, (size_t)450 << 20},
    [BUNDLE_TEXT_TAGMANIFEST] = {BAG_TAGMANIFEST_NAME, (size_t)1 << 20},
};

struct pass {
	const char *path;
	int fd;
	struct archive *reader;
	bool is_pass_2; /* looks at members, not only at the bytes of the tar */
	struct bundle_scan *scan;
	struct bundle_tar *rewrite; /* NULL once an entry could not be written again */
};

static int open_file(struct pass *p, struct err *e);
static int hash_tar(struct pass *p, struct err *e);
static int read_entries(struct pass *p, struct err *e);
static int read_entry(struct pass *p, struct archive_entry *entry, struct err *e);

const char *
bundle_text_name(enum bundle_text which)
{
	return texts[which].name;
}

int
bundle_scan_archive(const char *path, struct bundle_scan *out, struct err *e)
{
	struct pass p = {.path = path, .fd = -1, .scan = out};
	int rc = -1;

	*out = (struct bundle_scan){.arena = arena_new()};
	for (int i = 0; i < BUNDLE_TEXT_COUNT; i++)
		buf_init(&out->texts[i], texts[i].max_bytes);
	if (open_file(&p, e) != 0 || hash_tar(&p, e) != 0 || read_entries(&p, e) != 0)
		goto out;
	rc = 0;
out:
	if (p.reader != NULL)
		archive_read_free(p.reader);
	bundle_tar_close(p.rewrite);
	if (p.fd >= 0)
		close(p.fd);
	return rc;
}

void
bundle_scan_free(struct bundle_scan *s)
{
	for (int i = 0; i < BUNDLE_TEXT_COUNT; i++)
		buf_free(&s->texts[i]);
	arena_free(s->arena);
}

static int
open_file(struct pass *p, struct err *e)
{
	struct stat st;

	/* O_NONBLOCK: a FIFO must not hold us before it is refused */
	p->fd = open(p->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (p->fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_sys(e, ERR_NO_INPUT, "%s", p->path);
	if (p->fd < 0)
		return err_sys(e, errno == EACCES ? ERR_PERMISSION : ERR_IO, "%s", p->path);
	if (fstat(p->fd, &st) != 0)
		return err_sys(e, ERR_IO, "%s", p->path);
	if (!S_ISREG(st.st_mode)) {
		err_set(e, ERR_NO_USABLE_INPUT, "%s: not a file", p->path);
		return err_hint(e, "in the folder of an unpacked archive: sha256sum -c "
				   "manifest-sha256.txt tagmanifest-sha256.txt");
	}
	if (st.st_size == 0)
		return err_set(e, ERR_NO_USABLE_INPUT, "%s: empty", p->path);
	p->scan->bytes_behind = (uint64_t)st.st_size; /* less what will be read */
	return 0;
}

/* How far it could be read: who has the file can tell what is behind that. */
static const char *
place_of_damage(const struct pass *p)
{
	const struct list *entries = &p->scan->entries;
	const struct bundle_entry *last;
	struct str name;

	if (!p->is_pass_2)
		return arena_printf(p->scan->arena, ", behind %ju bytes of the tar",
		    (uintmax_t)p->scan->archive_bytes)
		    .ptr;
	if (entries->count == 0)
		return "";
	last = entries->items[entries->count - 1];
	name = bundle_printable(p->scan->arena, last->name);
	return arena_printf(p->scan->arena, ", in the member %.*s or behind it", STR_ARG(name)).ptr;
}

static int
unusable(const struct pass *p, struct err *e)
{
	const char *text = archive_error_string(p->reader);

	/* what zstd says has no number */
	if (archive_errno(p->reader) == ENOMEM ||
	    (text != NULL && strstr(text, "not enough memory") != NULL))
		memory_end("libarchive");
	err_set(e, archive_errno(p->reader) == EIO ? ERR_IO : ERR_NO_USABLE_INPUT,
	    "%s: not an intact archive: %s%s", p->path,
	    text == NULL ? "it is cut or damaged" : text, place_of_damage(p));
	if (p->is_pass_2 && p->scan->entries.count == 0)
		return err_hint(e,
		    "verify takes what coexsync export has written: .tar, .tar.gz or .tar.zst; "
		    "of one that is damaged at its beginning take another copy, or export it "
		    "again");
	return err_hint(e, BUNDLE_HINT_DAMAGED);
}

static int
start_pass(struct pass *p, int (*set_format)(struct archive *), struct err *e)
{
	if (p->reader != NULL)
		archive_read_free(p->reader);
	p->reader = memory_of(archive_read_new(), "libarchive");
	if (lseek(p->fd, 0, SEEK_SET) != 0)
		return err_sys(e, ERR_IO, "%s", p->path);
	if (archive_read_support_filter_gzip(p->reader) != ARCHIVE_OK ||
	    archive_read_support_filter_zstd(p->reader) != ARCHIVE_OK ||
	    set_format(p->reader) != ARCHIVE_OK ||
	    archive_read_open_fd(p->reader, p->fd, READ_BYTES) != ARCHIVE_OK)
		return unusable(p, e);
	return 0;
}

/* 1 and an entry, 0 at the end. A warning leaves the entry usable. */
static int
next_entry(struct pass *p, struct archive_entry **entry, struct err *e)
{
	int rc = archive_read_next_header(p->reader, entry);

	if (rc == ARCHIVE_EOF)
		return 0;
	return rc == ARCHIVE_OK || rc == ARCHIVE_WARN ? 1 : unusable(p, e);
}

static int
fail_checksum(const struct pass *p, struct err *e)
{
	err_set(e, ERR_NO_USABLE_INPUT,
	    "%s: not an intact archive: the checksum of its gzip data is wrong", p->path);
	return err_hint(e, BUNDLE_HINT_DAMAGED);
}

/* What the decompressor has not read, or has read over. */
static int
measure_behind(struct pass *p, struct err *e)
{
	uint64_t end;

	switch (archive_filter_code(p->reader, 0)) {
	case ARCHIVE_FILTER_ZSTD:
		end = bundle_frame_end(p->fd);
		break;
	case ARCHIVE_FILTER_GZIP:
		end = bundle_gzip_end(p->fd);
		if (end == 0)
			return fail_checksum(p, e);
		break;
	default:
		end = (uint64_t)archive_filter_bytes(p->reader, -1);
	}
	p->scan->bytes_behind -= end;
	return 0;
}

/* Pass 1: all that comes out of the filters, which is more than the tar reader looks at. */
static int
hash_tar(struct pass *p, struct err *e)
{
	struct archive_entry *entry;
	struct sha256_stream *hash = NULL;
	const void *bytes;
	size_t len;
	la_int64_t offset;
	int rc, got = -1;

	if (start_pass(p, archive_read_support_format_raw, e) != 0)
		return -1;
	rc = next_entry(p, &entry, e);
	if (rc < 0)
		return -1;
	/* the one in the chain that is no filter is the file itself */
	if (archive_filter_count(p->reader) > 2)
		return err_set(e, ERR_NO_USABLE_INPUT, "%s: compressed more than once", p->path);
	hash = sha256_begin();
	while (rc == 1 &&
	       (got = archive_read_data_block(p->reader, &bytes, &len, &offset)) == ARCHIVE_OK) {
		sha256_add(hash, bytes, len);
		p->scan->archive_bytes += len;
	}
	p->scan->archive_sha256 = sha256_end(hash);
	if (rc == 1 && got != ARCHIVE_EOF)
		return unusable(p, e);
	if (p->scan->archive_bytes == 0)
		return err_set(e, ERR_NO_USABLE_INPUT, "%s: empty", p->path);
	return measure_behind(p, e);
}

/* Pass 2: the entries, each written again in the canonical form as it passes by. */
static int
read_entries(struct pass *p, struct err *e)
{
	struct archive_entry *entry;
	struct err ignored = {0};
	int rc = 1;

	p->is_pass_2 = true;
	if (start_pass(p, archive_read_support_format_tar, e) != 0)
		return -1;
	p->rewrite = bundle_tar_open((struct bundle_sink){NULL, NULL}, e);
	if (p->rewrite == NULL)
		return -1;
	while (p->scan->overlong.ptr == NULL && (rc = next_entry(p, &entry, e)) == 1) {
		if (p->scan->entries.count == MAX_ENTRIES)
			return err_set(e, ERR_NO_USABLE_INPUT, "%s: more than %zu members", p->path,
			    MAX_ENTRIES);
		if (read_entry(p, entry, e) != 0)
			return -1;
	}
	if (rc < 0)
		return -1;
	/* it fails if the last entry had fewer bytes than it said, as a sparse one may */
	p->scan->is_rewritable =
	    p->rewrite != NULL &&
	    bundle_tar_finish(p->rewrite, &p->scan->rewritten_sha256, &ignored) == 0;
	return 0;
}

static void
give_up_rewriting(struct pass *p)
{
	const struct list *entries = &p->scan->entries;

	if (p->scan->unwritable.ptr == NULL && entries->count > 0)
		p->scan->unwritable =
		    ((const struct bundle_entry *)entries->items[entries->count - 1])->name;
	bundle_tar_close(p->rewrite);
	p->rewrite = NULL;
}

static void
begin_rewriting(struct pass *p, struct archive_entry *entry, const struct bundle_entry *made)
{
	struct err ignored = {0};
	la_int64_t size = archive_entry_size(entry);

	if (p->rewrite == NULL)
		return;
	if (made->is_linked || !bundle_name_is_plain(made->name) || size < 0 ||
	    (uint64_t)size > BAG_MAX_MEMBER_BYTES ||
	    bundle_tar_begin(p->rewrite, made->name.ptr, (uint64_t)size, &ignored) != 0)
		give_up_rewriting(p);
}

/* The buffer that keeps the text of this entry, NULL if nobody needs it. */
static struct buf *
text_of(struct bundle_scan *s, struct str name)
{
	for (int i = 0; i < BUNDLE_TEXT_COUNT; i++) {
		if (!str_is(name, texts[i].name) || s->has_text[i])
			continue;
		s->has_text[i] = true;
		return &s->texts[i];
	}
	return NULL;
}

static int
read_content(struct pass *p, struct bundle_entry *made, struct sha256_stream *hash, struct err *e)
{
	struct buf *text = text_of(p->scan, made->name);
	struct err ignored = {0};
	const void *bytes;
	size_t len;
	la_int64_t offset;
	int got;

	while ((got = archive_read_data_block(p->reader, &bytes, &len, &offset)) == ARCHIVE_OK) {
		/* a hole of a sparse entry costs nothing to claim, and is not worth filling */
		if ((uint64_t)offset != made->size_bytes)
			give_up_rewriting(p);
		sha256_add(hash, bytes, len);
		made->size_bytes += len;
		if (text != NULL)
			buf_put(text, bytes, len);
		if (p->rewrite != NULL && bundle_tar_add(p->rewrite, bytes, len, &ignored) != 0)
			give_up_rewriting(p);
	}
	if (got != ARCHIVE_EOF)
		return unusable(p, e);
	return 0;
}

static int
read_entry(struct pass *p, struct archive_entry *entry, struct err *e)
{
	struct str name = str_of(archive_entry_pathname(entry)); /* NULL: no text in this locale */
	struct bundle_entry *made;
	struct sha256_stream *hash;
	int rc;

	if (name.len > BAG_MAX_NAME) { /* a small file may hold millions */
		name.len = name.len < OVERLONG_BYTES ? name.len : OVERLONG_BYTES;
		p->scan->overlong = arena_copy(p->scan->arena, name);
		return 0;
	}
	made = arena_zero(p->scan->arena, 1, sizeof(*made));
	if (name.ptr != NULL)
		made->name = arena_copy(p->scan->arena, name);
	made->is_linked =
	    archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != NULL;
	list_add(p->scan->arena, &p->scan->entries, made);
	begin_rewriting(p, entry, made);
	if (made->is_linked)
		return 0;
	hash = sha256_begin();
	rc = read_content(p, made, hash, e);
	made->sha256 = sha256_end(hash);
	return rc;
}
