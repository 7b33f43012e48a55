/*
 * Archives by libarchive: see members.h. Only tar and zip are enabled, no compression of the whole.
 *
 * Of zip it is the reader for streams, for files as well, so that a file and a pipe give the same.
 * It believes the headers before the members and not the directory at the end; so each member's
 * checksum is proved, and the directory is held against what was found (zip_end.h). What only the
 * directory says is not known: a symbolic link looks like a file that holds a path (not_json).
 */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/memory.h"
#include "rules/reject_codes.h"
#include "source/members.h"
#include "source/zip_end.h"

#define IN_BYTES ((size_t)128 << 10)

/* Two blocks of zeros end a tar; some write one. A member is padded with fewer zeros than that. */
#define TAR_END_BYTES 512

struct members {
	struct archive *archive;
	enum sniff_kind kind;
	struct byte_reader below;
	struct err below_err;
	struct expansion *expansion;
	locale_t locale; /* (locale_t)0 if there is none */
	const char *name; /* of the member, in `archive` */
	struct refusal refusal; /* of the member, or fatal */
	bool is_over; /* nothing can be read any more */
	bool is_failing; /* the member in hand is not to be used */
	bool has_data; /* there is a member in hand whose bytes can be read */
	bool is_in_header;
	uint64_t header_bytes;
	uint64_t count; /* entries, also folders */
	uint64_t files;

	const char *block; /* of the member, borrowed from libarchive */
	size_t block_len;

	size_t zeros; /* of a tar, its last bytes that are zero */
	struct zip_end end; /* of a zip */
	char in[IN_BYTES];
};

static la_ssize_t read_below(struct archive *archive, void *state, const void **bytes);
static void end_damaged(struct members *m);

static int
open_archive(struct members *m)
{
	if (m->kind == SNIFF_ZIP)
		archive_read_support_format_zip_streamable(m->archive);
	else
		archive_read_support_format_tar(m->archive);
	/* one put behind another: else what follows the first end would be lost in silence */
	if (m->kind == SNIFF_TAR)
		archive_read_set_options(m->archive, "tar:read_concatenated_archives");
	return archive_read_open(m->archive, m, NULL, read_below, NULL);
}

struct members *
members_open(enum sniff_kind kind, struct byte_reader below, struct expansion *x, struct err *e)
{
	struct members *m = memory_zero(1, sizeof(*m));

	m->kind = kind;
	m->below = below;
	m->expansion = x;
	m->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	m->archive = memory_of(archive_read_new(), "libarchive");
	if (open_archive(m) == ARCHIVE_OK)
		return m;
	if (m->below_err.code == ERR_NONE) {
		end_damaged(m);
		return m;
	}
	*e = m->below_err;
	members_close(m);
	return NULL;
}

void
members_close(struct members *m)
{
	if (m == NULL)
		return;
	if (m->archive != NULL)
		archive_read_free(m->archive);
	if (m->locale != (locale_t)0)
		freelocale(m->locale);
	free(m);
}

const char *
members_name(const struct members *m)
{
	return m->name;
}

struct refusal *
members_refusal(struct members *m)
{
	return &m->refusal;
}

bool
members_is_over(const struct members *m)
{
	return m->is_over;
}

uint64_t
members_count(const struct members *m)
{
	return m->files;
}

static void
note_end(struct members *m, size_t len)
{
	size_t zeros = 0;

	if (m->kind == SNIFF_ZIP) {
		zip_end_add(&m->end, m->in, len);
		return;
	}
	while (zeros < len && m->in[len - 1 - zeros] == '\0')
		zeros++;
	m->zeros = zeros == len ? m->zeros + len : zeros;
}

static la_ssize_t
read_below(struct archive *archive, void *state, const void **bytes)
{
	struct members *m = state;
	ssize_t got = 0;

	*bytes = m->in;
	if (m->is_in_header && m->header_bytes > LIMITS_HEADER_BYTES) {
		archive_set_error(archive, EINVAL, "a header is too large");
		return -1;
	}
	got = m->below.read(m->below.state, m->in, sizeof(m->in), &m->below_err);
	if (got < 0) {
		archive_set_error(archive, EIO, "the file cannot be read");
		return -1;
	}
	m->header_bytes += (uint64_t)got;
	note_end(m, (size_t)got);
	return got;
}

/* Nothing more can be read, for the reason that libarchive has. */
static void
end_damaged(struct members *m)
{
	const char *text = archive_error_string(m->archive);

	if (archive_errno(m->archive) == ENOMEM)
		memory_end("libarchive");
	m->is_over = true;
	refusal_set(&m->refusal, REJECT_ARCHIVE_DAMAGED, "%s cannot be read on: %s",
	    sniff_kind_name(m->kind), text == NULL ? "no reason given" : text);
}

/* What reading gives where nothing more can be read, each time: 0, or the error of the reader
 * below. */
static int
end_of_all(const struct members *m, struct err *e)
{
	if (m->below_err.code == ERR_NONE)
		return 0;
	*e = m->below_err;
	return -1;
}

/* ---- the bytes of a member ------------------------------------------------------------------- */

/*
 * The next block. 1: there is one, 0: the member ends, or the archive; -1: error. Of a member whose
 * checksum is wrong libarchive can read on behind it, of all else it cannot.
 */
static int
next_block(struct members *m, struct err *e)
{
	const void *block;
	la_int64_t offset;
	int rc = archive_read_data_block(m->archive, &block, &m->block_len, &offset);

	m->block = block;
	if (rc == ARCHIVE_OK && m->kind == SNIFF_ZIP)
		m->expansion->out += m->block_len;
	if (rc == ARCHIVE_OK && !expansion_is_bomb(m->expansion))
		return 1;
	m->block_len = 0;
	if (rc == ARCHIVE_EOF)
		return 0;
	if (m->below_err.code != ERR_NONE) {
		m->is_over = true;
		return end_of_all(m, e);
	}
	m->is_failing = true;
	if (rc == ARCHIVE_OK) {
		m->is_over = true;
		refusal_set_bomb(&m->refusal);
	} else if (rc == ARCHIVE_FATAL) {
		m->is_failing = false;
		end_damaged(m);
		return 0;
	} else {
		refusal_set(
		    &m->refusal, REJECT_ARCHIVE_DAMAGED, "%s", archive_error_string(m->archive));
	}
	return (int)refusal_fail(&m->refusal, e);
}

static ssize_t
read_member(void *state, char *to, size_t size, struct err *e)
{
	struct members *m = state;

	if (m->is_failing)
		return refusal_fail(&m->refusal, e);
	while (m->block_len == 0) {
		int more = m->is_over ? end_of_all(m, e) : next_block(m, e);

		if (more <= 0)
			return more;
	}
	if (size > m->block_len)
		size = m->block_len;
	memcpy(to, m->block, size);
	m->block += size;
	m->block_len -= size;
	return (ssize_t)size;
}

struct byte_reader
members_reader(struct members *m)
{
	return (struct byte_reader){read_member, m};
}

/* What is left of the member in hand: by reading, so that a bomb is noticed. */
static int
skip_rest(struct members *m, struct err *e)
{
	struct err why = {0};
	int more = m->is_over ? end_of_all(m, &why) : m->has_data;

	while (more > 0 && !m->is_failing)
		more = next_block(m, &why);
	m->has_data = false;
	m->block_len = 0;
	if (more >= 0 || why.code == ERR_INPUT)
		return 0;
	*e = why;
	return -1;
}

/* ---- headers --------------------------------------------------------------------------------- */

static bool
is_separator(char c)
{
	return c == '/' || c == '\\';
}

/* Absolute, on any system, or one that leads out. */
static bool
is_bad_name(const char *name)
{
	const char *at = name;

	if (is_separator(*name) ||
	    (name[0] != '\0' && name[1] == ':' && is_separator(name[2]))) /* of a drive */
		return true;
	while (*at != '\0') {
		if (at[0] == '.' && at[1] == '.' && (at[2] == '\0' || is_separator(at[2])))
			return true;
		while (*at != '\0' && !is_separator(*at))
			at++;
		while (is_separator(*at))
			at++;
	}
	return false;
}

/* libarchive tells the method in words only. The others may take hundreds of MiB. */
static bool
is_read_method(struct members *m)
{
	const char *words = archive_format_name(m->archive);

	return m->kind != SNIFF_ZIP || words == NULL || strstr(words, "(uncompressed)") != NULL ||
	       strstr(words, "(deflation)") != NULL;
}

static const char *
type_name(struct archive_entry *entry)
{
	static const struct {
		unsigned type;
		const char *name;
	} names[] = {
	    {AE_IFLNK, "a symbolic link"},
	    {AE_IFCHR, "a device"},
	    {AE_IFBLK, "a device"},
	    {AE_IFIFO, "a pipe"},
	    {AE_IFSOCK, "a socket"},
	};

	if (archive_entry_hardlink(entry) != NULL)
		return "a link to another member";
	for (size_t i = 0; i < COUNT(names); i++)
		if (names[i].type == archive_entry_filetype(entry))
			return names[i].name;
	return archive_entry_sparse_count(entry) > 0 ? "a sparse file" : NULL;
}

/* Sets the refusal of a member that is not to be read. */
static void
judge_member(struct members *m, struct archive_entry *entry)
{
	const char *type = type_name(entry);

	if (archive_entry_is_encrypted(entry) == 1)
		refusal_set(&m->refusal, REJECT_ARCHIVE_ENCRYPTED, "it has a password");
	else if (!is_read_method(m))
		refusal_set(&m->refusal, REJECT_ARCHIVE_METHOD, "it is compressed as %s",
		    archive_format_name(m->archive));
	m->has_data = m->refusal.code == NULL;
	if (type != NULL)
		refusal_set(&m->refusal, REJECT_ARCHIVE_NOT_A_FILE, "it is %s", type);
	if (m->name != NULL && strlen(m->name) > LIMITS_NAME_BYTES)
		refusal_set(&m->refusal, REJECT_ARCHIVE_NAME, "its name is longer than %zu bytes",
		    LIMITS_NAME_BYTES);
	else if (m->name == NULL || is_bad_name(m->name))
		refusal_set(&m->refusal, REJECT_ARCHIVE_NAME,
		    "its name is absolute, leads out of the archive, or cannot be read");
}

/* Behind the last member: 0, or 1 and a refusal of the archive. */
static int
judge_end(struct members *m, struct err *e)
{
	const char *fault = NULL;
	const void *rest;
	la_ssize_t got = m->kind == SNIFF_ZIP ? 1 : 0;

	m->is_over = true;
	m->name = NULL;
	m->is_in_header = false;
	while (got > 0) /* the directory, which libarchive leaves */
		got = read_below(m->archive, m, &rest);
	if (got < 0) {
		*e = m->below_err;
		return -1;
	}
	if (m->kind == SNIFF_ZIP)
		fault = zip_end_fault(&m->end, m->count);
	else if (m->zeros < TAR_END_BYTES)
		fault = "it has no end";
	if (fault != NULL)
		refusal_set(&m->refusal, REJECT_ARCHIVE_DAMAGED, "%s may be cut: %s",
		    sniff_kind_name(m->kind), fault);
	else if (m->files == 0)
		refusal_set(&m->refusal, REJECT_EMPTY, "the archive holds no file");
	return m->refusal.code != NULL;
}

/* 1: an entry, 0: the end, or a refusal of the rest, -1: error. */
static int
next_entry(struct members *m, struct archive_entry **entry, struct err *e)
{
	int rc;

	m->is_in_header = true;
	m->header_bytes = 0;
	rc = archive_read_next_header(m->archive, entry);
	m->is_in_header = false;
	m->name = rc == ARCHIVE_OK || rc == ARCHIVE_WARN ? archive_entry_pathname(*entry) : NULL;
	if (rc == ARCHIVE_EOF)
		return 0;
	if (m->below_err.code != ERR_NONE) {
		m->is_over = true;
		return end_of_all(m, e);
	}
	if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN) {
		end_damaged(m);
		return 0;
	}
	if (m->count++ == LIMITS_MEMBERS) {
		m->is_over = true;
		m->name = NULL;
		refusal_set(&m->refusal, REJECT_ARCHIVE_MEMBERS,
		    "more than %" PRIu64 " members: the rest is not read", LIMITS_MEMBERS);
		return 0;
	}
	return 1;
}

static int
next_member(struct members *m, struct err *e)
{
	struct archive_entry *entry;
	int more;

	if (skip_rest(m, e) != 0)
		return -1;
	if (m->refusal.code != NULL) /* noticed while the member was read */
		return 1;
	m->is_failing = false;
	while (!m->is_over && (more = next_entry(m, &entry, e)) != 0) {
		if (more < 0)
			return -1;
		if (archive_entry_filetype(entry) == AE_IFDIR)
			continue;
		m->files++;
		judge_member(m, entry);
		/* here, for it is no header; what fails fails again at the next one */
		if (!m->has_data)
			archive_read_data_skip(m->archive);
		return 1;
	}
	if (m->refusal.code != NULL)
		return 1;
	return m->is_over ? 0 : judge_end(m, e);
}

/*
 * Names become wide characters and back on their way through libarchive, by the locale: in C it
 * loses those that are not ASCII, and 3.6.2 crashed on some. So for this thread, for a while,
 * UTF-8.
 */
int
members_next(struct members *m, struct err *e)
{
	locale_t before = m->locale == (locale_t)0 ? (locale_t)0 : uselocale(m->locale);
	int rc = next_member(m, e);

	if (before != (locale_t)0)
		uselocale(before);
	return rc;
}
