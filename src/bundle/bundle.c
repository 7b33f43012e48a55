/*
 * Writing an audit archive: members are spooled and hashed as they come, sorted
 * at the end, and copied into the tar. See bundle.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/list.h"
#include "base/memory.h"

#include "bundle/bag.h"
#include "bundle/bundle.h"
#include "bundle/output.h"
#include "bundle/tar.h"

/* Members grow by lines of a few hundred bytes; this spares the system calls. */
#define SPOOL_BUFFER_BYTES ((size_t)256 << 10)
#define COPY_BYTES ((size_t)64 << 10)
/* bag-info.txt is held in memory; so is one line of a manifest. */
#define TAG_BYTES ((size_t)1 << 20)

struct member {
	struct str name; /* NUL behind it */
	struct sha256 sha256;
	uint64_t size_bytes;
	uint64_t offset; /* in the spool */
	bool is_declared; /* not spooled: the reader has its bytes */
};

struct bundle {
	struct arena *arena;
	const char *path;
	FILE *spool;
	uint64_t spool_bytes;
	struct list members;
	struct member *current;
	struct sha256_stream *hash; /* of current */
	uint64_t payload_bytes;
	uint64_t payload_count;
	uint64_t largest_declared;
};

/* The way of the bytes while the tar is written. */
struct copy {
	struct bundle *b;
	const struct bundle_input *input;
	struct bundle_tar *tar;
	struct buf bytes;
};

static int open_spool(struct bundle *b, struct err *e);
static int begin_member(struct bundle *b, struct str name, struct err *e);
static int sort_members(struct bundle *b, struct err *e);
static int add_manifest(struct bundle *b, bool is_of_tags, struct err *e);
static int add_declaration(struct bundle *b, struct err *e);
static int add_info(struct bundle *b, const struct bundle_input *input, struct err *e);
static int write_archive(
    struct bundle *b, const struct bundle_input *input, struct bundle_result *out, struct err *e);
static int write_members(struct copy *c, struct err *e);

struct bundle *
bundle_open(const char *path, struct err *e)
{
	struct bundle *b;

	if (bundle_check_path(path, e) != 0)
		return NULL;
	b = memory_zero(1, sizeof(*b));
	b->arena = arena_new();
	b->path = path;
	if (open_spool(b, e) != 0) {
		bundle_close(b);
		return NULL;
	}
	return b;
}

void
bundle_close(struct bundle *b)
{
	if (b == NULL)
		return;
	if (b->spool != NULL)
		fclose(b->spool);
	sha256_cancel(b->hash);
	arena_free(b->arena);
	free(b);
}

int
bundle_begin_member(struct bundle *b, const char *name, struct err *e)
{
	struct str wanted = str_of(name);

	if (!bundle_name_is_plain(wanted) || !bundle_name_is_payload(wanted))
		return err_set(e, ERR_BUG, "member %s: not a name for a member", name);
	return begin_member(b, wanted, e);
}

int
bundle_add(struct bundle *b, const void *bytes, size_t len, struct err *e)
{
	if (b->current == NULL)
		return err_set(e, ERR_BUG, "bytes for no member");
	if (len > BAG_MAX_MEMBER_BYTES - b->current->size_bytes)
		return err_set(e, ERR_CANNOT_CREATE,
		    "member %s: larger than the 8 GiB that tar can hold", b->current->name.ptr);
	if (len > 0 && fwrite(bytes, 1, len, b->spool) != len)
		return err_sys(e, ERR_IO, "%s: cannot spool", b->path);
	sha256_add(b->hash, bytes, len);
	b->current->size_bytes += len;
	b->spool_bytes += len;
	return 0;
}

int
bundle_end_member(struct bundle *b, struct err *e)
{
	if (b->current == NULL)
		return err_set(e, ERR_BUG, "no member to end");
	b->current->sha256 = sha256_end(b->hash);
	b->hash = NULL;
	list_add(b->arena, &b->members, b->current);
	b->current = NULL;
	return 0;
}

int
bundle_declare_payload(
    struct bundle *b, const struct sha256 *sha256, uint64_t size_bytes, struct err *e)
{
	char hex[SHA256_HEX_BYTES];
	struct member *m = arena_zero(b->arena, 1, sizeof(*m));

	m->name = arena_printf(b->arena, "data/payloads/%s.json", sha256_hex(sha256, hex));
	m->sha256 = *sha256;
	m->size_bytes = size_bytes;
	m->is_declared = true;
	/* one of this size is also held in memory */
	if (size_bytes > BAG_MAX_MEMBER_BYTES)
		return err_set(e, ERR_CANNOT_CREATE,
		    "member %s: larger than the 8 GiB that tar can hold", m->name.ptr);
	if (size_bytes > b->largest_declared)
		b->largest_declared = size_bytes;
	list_add(b->arena, &b->members, m);
	return 0;
}

int
bundle_finish(
    struct bundle *b, const struct bundle_input *input, struct bundle_result *out, struct err *e)
{
	if (b->current != NULL)
		return err_set(e, ERR_BUG, "member %s: not ended", b->current->name.ptr);
	/* a manifest lists what is there before it, in order */
	if (sort_members(b, e) != 0 || add_manifest(b, false, e) != 0 ||
	    add_declaration(b, e) != 0 || add_info(b, input, e) != 0 || sort_members(b, e) != 0 ||
	    add_manifest(b, true, e) != 0 || sort_members(b, e) != 0)
		return -1;
	if (fflush(b->spool) != 0)
		return err_sys(e, ERR_IO, "%s: cannot spool", b->path);
	return write_archive(b, input, out, e);
}

/* The name is given up at once: the kernel frees the space whenever and however we end. */
static int
open_spool(struct bundle *b, struct err *e)
{
	struct str name;
	int fd = bundle_open_temporary(b->arena, b->path, &name, e);

	if (fd < 0)
		return -1;
	if (unlink(name.ptr) != 0) {
		err_sys(e, ERR_CANNOT_CREATE, "%s: cannot remove", name.ptr);
		close(fd);
		return -1;
	}
	b->spool = fdopen(fd, "wb");
	if (b->spool == NULL) {
		err_sys(e, ERR_CANNOT_CREATE, "%s: cannot spool", b->path);
		close(fd);
		return -1;
	}
	setvbuf(b->spool, NULL, _IOFBF, SPOOL_BUFFER_BYTES);
	return 0;
}

static int
begin_member(struct bundle *b, struct str name, struct err *e)
{
	struct member *m;

	if (b->current != NULL)
		return err_set(e, ERR_BUG, "member %s: not ended", b->current->name.ptr);
	m = arena_zero(b->arena, 1, sizeof(*m));
	m->name = arena_copy(b->arena, name);
	m->offset = b->spool_bytes;
	b->current = m;
	b->hash = sha256_begin();
	return 0;
}

static int
compare_members(const void *left, const void *right)
{
	const struct member *l = *(void *const *)left, *r = *(void *const *)right;

	return str_compare(l->name, r->name);
}

static int
sort_members(struct bundle *b, struct err *e)
{
	struct list *l = &b->members;

	if (l->count == 0)
		return 0;
	qsort(l->items, l->count, sizeof(*l->items), compare_members);
	for (size_t i = 1; i < l->count; i++) {
		const struct member *m = l->items[i];

		if (compare_members(&l->items[i - 1], &l->items[i]) == 0)
			return err_set(e, ERR_BUG, "member %s: given twice", m->name.ptr);
	}
	return 0;
}

/* Manifests go to the spool line by line: one may have millions. Counts the payload on the way. */
static int
add_manifest(struct bundle *b, bool is_of_tags, struct err *e)
{
	size_t count = b->members.count;
	struct buf line;
	int rc = -1;

	buf_init(&line, TAG_BYTES);
	if (begin_member(b, str_of(is_of_tags ? BAG_TAGMANIFEST_NAME : BAG_MANIFEST_NAME), e) != 0)
		goto out;
	for (size_t i = 0; i < count; i++) {
		const struct member *m = b->members.items[i];

		if (bundle_name_is_payload(m->name) == is_of_tags)
			continue;
		b->payload_bytes += is_of_tags ? 0 : m->size_bytes;
		b->payload_count += is_of_tags ? 0 : 1;
		buf_reset(&line);
		bundle_put_manifest_line(&line, &m->sha256, m->name);
		if (bundle_add(b, line.ptr, line.len, e) != 0)
			goto out;
	}
	rc = bundle_end_member(b, e);
out:
	buf_free(&line);
	return rc;
}

static int
add_text(struct bundle *b, const char *name, struct str text, struct err *e)
{
	if (begin_member(b, str_of(name), e) != 0 || bundle_add(b, text.ptr, text.len, e) != 0)
		return -1;
	return bundle_end_member(b, e);
}

static int
add_declaration(struct bundle *b, struct err *e)
{
	return add_text(b, BAG_DECLARATION_NAME, STR_LIT(BAG_DECLARATION), e);
}

static int
add_info(struct bundle *b, const struct bundle_input *input, struct err *e)
{
	struct buf text;
	int rc = -1;

	buf_init(&text, TAG_BYTES);
	for (size_t i = 0; i < input->info_count; i++) {
		struct str label = input->info[i].label, value = input->info[i].value;

		if (!bundle_info_is_usable(label, value) || str_is(label, BAG_OXUM_LABEL)) {
			err_set(e, ERR_BUG, "bag-info.txt: line %zu is not usable", i + 1);
			goto out;
		}
		buf_printf(&text, "%.*s: %.*s\n", STR_ARG(label), STR_ARG(value));
	}
	buf_printf(&text, BAG_OXUM_LABEL ": %" PRIu64 ".%" PRIu64 "\n", b->payload_bytes,
	    b->payload_count);
	if (!buf_is_ok(&text)) {
		err_set(e, ERR_BUG, "bag-info.txt: too large");
		goto out;
	}
	rc = add_text(b, BAG_INFO_NAME, buf_str(&text), e);
out:
	buf_free(&text);
	return rc;
}

static int
write_archive(
    struct bundle *b, const struct bundle_input *input, struct bundle_result *out, struct err *e)
{
	struct copy c = {.b = b, .input = input};
	struct bundle_output *output = NULL;
	int rc = -1;

	buf_init(&c.bytes, b->largest_declared > COPY_BYTES ? b->largest_declared : COPY_BYTES);
	output = bundle_output_open(b->arena, b->path, e);
	if (output == NULL)
		goto out;
	c.tar = bundle_tar_open((struct bundle_sink){bundle_output_write, output}, e);
	if (c.tar == NULL)
		goto out;
	*out = (struct bundle_result){
	    .members = b->members.count,
	    .payload_bytes = b->payload_bytes,
	};
	if (write_members(&c, e) != 0 || bundle_tar_finish(c.tar, &out->archive_sha256, e) != 0)
		goto out;
	if (input->note != NULL && input->note(input->state, &out->archive_sha256, e) != 0)
		goto out;
	rc = bundle_output_commit(output, e);
out:
	bundle_tar_close(c.tar);
	bundle_output_close(output);
	buf_free(&c.bytes);
	return rc;
}

static int
copy_spooled(struct copy *c, const struct member *m, struct err *e)
{
	uint64_t done = 0;
	char *to;

	buf_reset(&c->bytes);
	to = buf_reserve(&c->bytes, COPY_BYTES);
	if (to == NULL)
		return err_set(e, ERR_BUG, "a buffer for copies is too small");
	while (done < m->size_bytes) {
		uint64_t left = m->size_bytes - done;
		size_t want = left < COPY_BYTES ? (size_t)left : COPY_BYTES;
		ssize_t got = pread(fileno(c->b->spool), to, want, (off_t)(m->offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(e, ERR_IO, "%s: cannot read the spool", c->b->path);
		if (got == 0)
			return err_set(e, ERR_IO, "%s: the spool is too short", c->b->path);
		if (c->input->is_stopping != NULL && c->input->is_stopping(c->input->state))
			return err_set(e, ERR_INTERRUPTED, "%s: stopped", c->b->path);
		if (bundle_tar_add(c->tar, to, (size_t)got, e) != 0)
			return -1;
		done += (uint64_t)got;
	}
	return 0;
}

static int
copy_declared(struct copy *c, const struct member *m, struct err *e)
{
	const struct bundle_payload_reader *reader = &c->input->reader;
	struct sha256 measured;
	struct str bytes;

	if (reader->read == NULL)
		return err_set(e, ERR_BUG, "member %s: nobody to read it", m->name.ptr);
	buf_reset(&c->bytes);
	if (reader->read(reader->state, &m->sha256, &c->bytes, e) != 0)
		return -1;
	bytes = buf_str(&c->bytes);
	if (!buf_is_ok(&c->bytes) || bytes.len != m->size_bytes)
		return err_set(e, ERR_IO, "member %s: stored bytes have not the size %" PRIu64,
		    m->name.ptr, m->size_bytes);
	measured = sha256_of(bytes.ptr, bytes.len);
	if (memcmp(measured.bytes, m->sha256.bytes, SHA256_BYTES) != 0)
		return err_set(e, ERR_IO, "member %s: stored bytes have another hash", m->name.ptr);
	return bundle_tar_add(c->tar, bytes.ptr, bytes.len, e);
}

static int
write_members(struct copy *c, struct err *e)
{
	for (size_t i = 0; i < c->b->members.count; i++) {
		const struct member *m = c->b->members.items[i];

		if (bundle_tar_begin(c->tar, m->name.ptr, m->size_bytes, e) != 0)
			return -1;
		if ((m->is_declared ? copy_declared : copy_spooled)(c, m, e) != 0)
			return -1;
	}
	return 0;
}
