/*
 * Magic numbers: see sniff.h.
 */
#include <stdbool.h>
#include <string.h>

#include "base/count.h"
#include "base/space.h"
#include "base/str.h"
#include "source/sniff.h"

/* The checksum in a header of tar: POSIX, ustar. */
#define TAR_SUM_AT 148
#define TAR_SUM_BYTES 8

static const struct {
	struct str magic;
	enum sniff_kind kind;
} magics[] = {
    {{"\x1F\x8B", 2}, SNIFF_GZIP}, {{"\x28\xB5\x2F\xFD", 4}, SNIFF_ZSTD},
    {{"PK\3\4", 4}, SNIFF_ZIP}, {{"PK\5\6", 4}, SNIFF_ZIP}, /* without members */
};

const char *
sniff_kind_name(enum sniff_kind kind)
{
	static const char *const names[] = {
	    [SNIFF_OTHER] = "no archive",
	    [SNIFF_GZIP] = "gzip",
	    [SNIFF_ZSTD] = "zstd",
	    [SNIFF_TAR] = "a tar archive",
	    [SNIFF_ZIP] = "a zip archive",
	};

	return names[kind];
}

/* The number that the header says its bytes add up to, or -1. */
static long
said_sum(const char *field)
{
	long sum = 0;
	size_t i = 0, digits = 0;

	while (i < TAR_SUM_BYTES && field[i] == ' ')
		i++;
	for (; i < TAR_SUM_BYTES && field[i] >= '0' && field[i] <= '7'; i++, digits++)
		sum = sum * 8 + (field[i] - '0');
	return digits == 0 ? -1 : sum;
}

/* Old writers added up signed bytes; libarchive takes both, too. */
static bool
is_tar(const char *head)
{
	long plain = 0, with_sign = 0, said = said_sum(head + TAR_SUM_AT);

	for (size_t i = 0; i < SNIFF_BYTES; i++) {
		bool is_sum = i >= TAR_SUM_AT && i < TAR_SUM_AT + TAR_SUM_BYTES;

		plain += is_sum ? ' ' : (unsigned char)head[i];
		with_sign += is_sum ? ' ' : (signed char)head[i];
	}
	return said >= 0 && (said == plain || said == with_sign);
}

/* Frames that decoders skip, RFC 8878, 3.1.2: pzstd begins a file with one. */
static bool
is_skippable_frame(const char *head)
{
	return ((unsigned char)head[0] & 0xF0) == 0x50 && memcmp(head + 1, "\x2A\x4D\x18", 3) == 0;
}

enum sniff_kind
sniff_kind_of(const char *head, size_t len)
{
	for (size_t i = 0; i < COUNT(magics); i++)
		if (len >= magics[i].magic.len &&
		    memcmp(head, magics[i].magic.ptr, magics[i].magic.len) == 0)
			return magics[i].kind;
	if (len >= 4 && is_skippable_frame(head))
		return SNIFF_ZSTD;
	return len == SNIFF_BYTES && is_tar(head) ? SNIFF_TAR : SNIFF_OTHER;
}

static bool
looks_like_json(char first)
{
	return first == '{' || first == '[' || first == '\xEF' || space_is(first);
}

int
sniff_begin(struct sniff *s, struct byte_reader below, struct err *e)
{
	ssize_t got = 1;

	s->below = below;
	s->len = 0;
	s->at = 0;
	while (got > 0 && s->len < SNIFF_BYTES && (s->len == 0 || !looks_like_json(s->head[0]))) {
		got = below.read(below.state, s->head + s->len, SNIFF_BYTES - s->len, e);
		if (got < 0)
			return -1;
		s->len += (size_t)got;
	}
	s->kind = sniff_kind_of(s->head, s->len);
	return 0;
}

/* The head, and behind a full one more at once: a file of a few kilobytes takes no read more. */
static ssize_t
read_sniffed(void *state, char *to, size_t size, struct err *e)
{
	struct sniff *s = state;
	size_t left = s->len - s->at;
	struct err later; /* what fails now fails at the next read, too */
	ssize_t got;

	if (left == 0)
		return s->below.read(s->below.state, to, size, e);
	if (left > size)
		left = size;
	memcpy(to, s->head + s->at, left);
	s->at += left;
	if (s->len < SNIFF_BYTES || left == size)
		return (ssize_t)left;
	got = s->below.read(s->below.state, to + left, size - left, &later);
	return (ssize_t)left + (got < 0 ? 0 : got);
}

struct byte_reader
sniff_reader(struct sniff *s)
{
	return (struct byte_reader){read_sniffed, s};
}
