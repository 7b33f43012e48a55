/*
 * The layers of an input, one on the other: file, decompression, archive. See stream.h.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "model/time.h"
#include "rules/reject_codes.h"
#include "source/limits.h"
#include "source/members.h"
#include "source/own.h"
#include "source/refusal.h"
#include "source/sniff.h"
#include "source/stream.h"
#include "source/unpack.h"

/* A path and the longest member's name, which is refused. */
#define NAME_MAX_BYTES ((size_t)2 << 20)

/* Is it an archive of coexsync export? */
struct own {
	bool says_so;
	bool is_declared; /* what must follow has followed */
	bool has_manifest; /* at its end */
	uint64_t passed; /* files that are not read, since it is one */
	uint64_t foreign; /* of these, not written by export */
	char lacking[24]; /* digits */
};

struct stream {
	struct source_options options;
	const char *path;
	int fd; /* -1 between inputs */
	uint64_t bytes_read;
	struct expansion expansion;

	struct sniff file;
	struct unpack *unpack; /* NULL: the file is not compressed */
	struct sniff unpacked;
	struct members *members; /* NULL: it is no archive */
	struct own own;
	struct sniff member;

	struct sniff *top; /* the one that is read */
	bool is_begun;
	bool is_over;
	uint64_t refusals;
	struct refusal refusal; /* of the whole, by this layer */
	struct buf name;
};

struct stream *
stream_new(const struct source_options *o)
{
	struct stream *s = memory_zero(1, sizeof(*s));

	s->options = *o;
	s->fd = -1;
	buf_init(&s->name, NAME_MAX_BYTES);
	return s;
}

void
stream_free(struct stream *s)
{
	if (s == NULL)
		return;
	stream_close(s);
	buf_free(&s->name);
	free(s);
}

int
stream_open(struct stream *s, const struct input *in, struct err *e)
{
	s->fd = listing_open(in, e);
	if (s->fd < 0)
		return -1;
	s->path = in->path;
	s->expansion = (struct expansion){0};
	s->refusal.code = NULL;
	s->own = (struct own){0};
	s->is_begun = false;
	s->is_over = false;
	s->refusals = 0;
	return 0;
}

void
stream_close(struct stream *s)
{
	members_close(s->members);
	s->members = NULL;
	unpack_close(s->unpack);
	s->unpack = NULL;
	if (s->fd >= 0 && s->fd != STDIN_FILENO)
		close(s->fd);
	s->fd = -1;
}

const char *
stream_name(struct stream *s)
{
	return buf_str(&s->name).ptr;
}

uint64_t
stream_bytes_read(const struct stream *s)
{
	return s->bytes_read;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int
check_stop(const struct stream *s, struct err *e)
{
	if (s->options.is_stopping != NULL && s->options.is_stopping(s->options.state))
		return err_set(e, ERR_INTERRUPTED, "%s: stopped", s->path);
	return 0;
}

static ssize_t
read_file(void *state, char *to, size_t size, struct err *e)
{
	struct stream *s = state;
	ssize_t got;

	if (check_stop(s, e) != 0)
		return -1;
	got = read(s->fd, to, size);
	if (got < 0 && errno == EAGAIN) { /* somebody else's pipe: its other end is slow */
		struct pollfd ready = {.fd = s->fd, .events = POLLIN};

		got = poll(&ready, 1, -1) < 0 ? -1 : read(s->fd, to, size);
	}
	/* not tried again: who waits for a pipe that stays silent must be able to stop */
	if (got < 0 && errno == EINTR)
		return err_set(e, ERR_INTERRUPTED, "%s: interrupted", s->path);
	if (got < 0)
		return err_sys(e, ERR_IO, "%s", s->path);
	s->bytes_read += (uint64_t)got;
	s->expansion.in += (uint64_t)got;
	return got;
}

/* A few bytes of a file may become many: asked here, too. */
static ssize_t
read_top(void *state, char *to, size_t size, struct err *e)
{
	struct stream *s = state;
	struct byte_reader top = sniff_reader(s->top);

	return check_stop(s, e) != 0 ? -1 : top.read(top.state, to, size, e);
}

struct byte_reader
stream_reader(struct stream *s)
{
	return (struct byte_reader){read_top, s};
}

/* ---- layers ---------------------------------------------------------------------------------- */

/* -1 with ERR_INPUT: there is a refusal in the layer below. */
static int
begin_unpack(struct stream *s, struct err *e)
{
	s->unpack = unpack_open(s->file.kind, sniff_reader(&s->file), &s->expansion);
	if (sniff_begin(&s->unpacked, unpack_reader(s->unpack), e) != 0)
		return -1;
	s->top = &s->unpacked;
	if (s->unpacked.kind == SNIFF_OTHER || s->unpacked.kind == SNIFF_TAR)
		return 0;
	refusal_set(&s->refusal, REJECT_ARCHIVE_NESTED, "there is %s in the %s data",
	    sniff_kind_name(s->unpacked.kind), sniff_kind_name(s->file.kind));
	return (int)refusal_fail(&s->refusal, e);
}

/* Up to the layer that gives documents, or members. */
static int
begin_layers(struct stream *s, struct err *e)
{
	if (sniff_begin(&s->file, (struct byte_reader){read_file, s}, e) != 0)
		return -1;
	s->top = &s->file;
	if ((s->file.kind == SNIFF_GZIP || s->file.kind == SNIFF_ZSTD) && begin_unpack(s, e) != 0)
		return -1;
	if (s->top->kind == SNIFF_OTHER)
		return 0;
	s->members = members_open(s->top->kind, sniff_reader(s->top), &s->expansion, e);
	return s->members == NULL ? -1 : 0;
}

static void
set_name(struct stream *s, const char *member)
{
	buf_reset(&s->name);
	buf_put_text(&s->name, s->path);
	if (member != NULL) {
		buf_put_char(&s->name, '!');
		buf_put_text(&s->name, member);
	}
}

/* ---- refusals -------------------------------------------------------------------------------- */

/* Two refusals are told apart by where they are, in files that are told apart by their beginning.
 */
static struct sha256
hash_refusal(struct stream *s, struct arena *a, const char *code, const char *member)
{
	struct sha256 head = sha256_of(s->file.head, s->file.len);
	char hex[SHA256_HEX_BYTES];
	struct str id = arena_printf(a, "refused %s %s %" PRIu64 " %s", code,
	    sha256_hex(&head, hex), s->refusals++, member == NULL ? "" : member);

	return sha256_of(id.ptr, id.len);
}

/* Makes the payload of a refusal, which is told by that. */
static enum stream_step
give_refusal(struct stream *s, struct arena *a, struct refusal *r, struct payload *out)
{
	const char *member = s->members == NULL || r != members_refusal(s->members)
				 ? NULL
				 : members_name(s->members);
	uint64_t members = s->members == NULL ? 0 : members_count(s->members);

	set_name(s, member);
	*out = (struct payload){
	    .bytes = STR_LIT(""),
	    .sha256 = hash_refusal(s, a, r->code, member),
	    .source = arena_copy(a, buf_str(&s->name)),
	    .fault = r->code,
	    .fault_text =
		member != NULL || members == 0
		    ? arena_copy(a, str_of(r->text))
		    : arena_printf(a, "%s (%" PRIu64 " members before)", r->text, members),
	    .received_at_us = TIME_NONE,
	    .signature = SIGNATURE_ABSENT,
	};
	r->code = NULL;
	return STREAM_REFUSED;
}

/* At the end: nothing is passed over in silence unless it is such an archive, and all of it. */
static void
judge_own(struct stream *s)
{
	const struct own *own = &s->own;

	if (!own->says_so)
		return;
	if (!own->is_declared)
		refusal_set(&s->refusal, REJECT_NOT_JSON,
		    "%s says that it is an archive of coexsync export, and it is none",
		    OWN_INFO_NAME);
	else if (!own->has_manifest || own->foreign > 0)
		refusal_set(&s->refusal, REJECT_ARCHIVE_PARTIAL,
		    "files beside its payloads that were not read: %" PRIu64 ", not written by "
		    "coexsync export: %" PRIu64 "%s%s%s",
		    own->passed, own->foreign, own->has_manifest ? "" : ", it has no manifest",
		    *own->lacking == '\0' ? "" : ", payloads in it without their bytes: ",
		    own->lacking);
	else if (*own->lacking != '\0')
		refusal_set(&s->refusal, REJECT_ARCHIVE_PARTIAL,
		    "payloads in it without their bytes: %s", own->lacking);
}

/* The end of the input. Why decompression stopped is also why the archive could not be read on. */
static enum stream_step
finish(struct stream *s, struct arena *a, struct payload *refused)
{
	struct refusal *unpack = s->unpack == NULL ? NULL : unpack_refusal(s->unpack);

	s->is_over = true;
	judge_own(s);
	if (unpack != NULL && unpack->code != NULL)
		return give_refusal(s, a, unpack, refused);
	return s->refusal.code != NULL ? give_refusal(s, a, &s->refusal, refused) : STREAM_OVER;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static enum stream_step next_member(
    struct stream *s, struct arena *a, struct payload *refused, struct err *e);

/* Its first member says so (bundle/bundle.c). */
static bool
tells_of_own(const struct stream *s)
{
	return members_count(s->members) == 1 &&
	       strcmp(members_name(s->members), OWN_INFO_NAME) == 0 &&
	       own_says_so(s->member.head, s->member.len);
}

/* Of the payloads that it lacks only what was made of them is here, which is not read. */
static int
look_for_lacking(struct stream *s, struct err *e)
{
	struct byte_reader r = sniff_reader(&s->member);
	char info[OWN_INFO_BYTES + 1];
	size_t len = 0;
	ssize_t got = 1;

	while (got > 0 && len < OWN_INFO_BYTES) {
		got = r.read(r.state, info + len, OWN_INFO_BYTES - len, e);
		if (got < 0)
			return -1;
		len += (size_t)got;
	}
	info[len] = '\0';
	snprintf(s->own.lacking, sizeof(s->own.lacking), "%.*s", STR_ARG(own_lacking(info)));
	return 0;
}

/* Of an archive of our own, what was made of the payloads. */
static bool
is_passed_over(struct stream *s)
{
	struct own *own = &s->own;
	const char *name = members_name(s->members);

	if (!own->says_so || members_refusal(s->members)->code != NULL)
		return false;
	if (members_count(s->members) == 2)
		own->is_declared = strcmp(name, OWN_DECLARATION_NAME) == 0;
	if (!own->is_declared || own_is_payload(name))
		return false;
	own->passed++;
	own->foreign += !own_is_written(name);
	own->has_manifest |= strcmp(name, OWN_MANIFEST_NAME) == 0;
	return true;
}

static enum stream_step
begin_member(struct stream *s, struct arena *a, struct payload *refused, struct err *e)
{
	struct refusal *r = members_refusal(s->members);

	s->top = &s->member;
	if (sniff_begin(&s->member, members_reader(s->members), e) != 0)
		return STREAM_FAILED;
	if (tells_of_own(s)) {
		s->own.says_so = true;
		return look_for_lacking(s, e) != 0 ? STREAM_FAILED : next_member(s, a, refused, e);
	}
	if (s->member.kind != SNIFF_OTHER) {
		refusal_set(r, REJECT_ARCHIVE_NESTED, "it is %s%s", sniff_kind_name(s->member.kind),
		    s->member.kind == SNIFF_GZIP || s->member.kind == SNIFF_ZSTD ? " data" : "");
		return give_refusal(s, a, r, refused);
	}
	/* cut before its first byte: the refusal says so, and `empty` would say something else */
	if (s->member.len == 0 && r->code != NULL)
		return give_refusal(s, a, r, refused);
	set_name(s, members_name(s->members));
	return STREAM_BEGUN;
}

static enum stream_step
next_member(struct stream *s, struct arena *a, struct payload *refused, struct err *e)
{
	struct refusal *unpack = s->unpack == NULL ? NULL : unpack_refusal(s->unpack);
	struct refusal *r = members_refusal(s->members);
	int more;

	do
		more = members_next(s->members, e);
	while (more == 1 && is_passed_over(s));
	if (more < 0)
		return STREAM_FAILED;
	if (more == 0)
		return finish(s, a, refused);
	if (r->code == NULL)
		return begin_member(s, a, refused, e);
	if (members_is_over(s->members) && unpack != NULL && unpack->code != NULL)
		return finish(s, a, refused);
	return give_refusal(s, a, r, refused);
}

static enum stream_step
begin(struct stream *s, struct arena *a, struct payload *refused, struct err *e)
{
	s->is_begun = true;
	if (begin_layers(s, e) != 0)
		return STREAM_FAILED;
	if (s->members != NULL)
		return next_member(s, a, refused, e);
	if (s->top->len == 0 && s->unpack != NULL && unpack_refusal(s->unpack)->code != NULL)
		return finish(s, a, refused);
	set_name(s, NULL);
	return STREAM_BEGUN;
}

enum stream_step
stream_next(struct stream *s, struct arena *a, struct payload *refused, struct err *e)
{
	enum stream_step step;

	if (s->is_over)
		return STREAM_OVER;
	if (!s->is_begun)
		step = begin(s, a, refused, e);
	else if (s->members != NULL)
		step = next_member(s, a, refused, e);
	else
		step = finish(s, a, refused);
	/* what is refused before its first byte */
	if (step == STREAM_FAILED && e->code == ERR_INPUT) {
		*e = (struct err){0};
		step = s->members != NULL ? next_member(s, a, refused, e) : finish(s, a, refused);
	}
	return step;
}
