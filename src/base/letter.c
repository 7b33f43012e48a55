/*
 * See letter.h.
 */
#include "base/count.h"
#include "base/letter.h"
#include "base/json_text.h"

/* Controls, line separators, and what has no width or turns the direction of writing. */
static bool
is_hidden(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
	    {0x0000, 0x001f},
	    {0x007f, 0x009f},
	    {0x00ad, 0x00ad},
	    {0x061c, 0x061c},
	    {0x180e, 0x180e},
	    {0x200b, 0x200f},
	    {0x2028, 0x202e},
	    {0x2060, 0x206f},
	    {0xfeff, 0xfeff},
	    {0xfff9, 0xfffb},
	    {0xe0000, 0xe007f},
	};

	for (size_t i = 0; i < COUNT(ranges); i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	return false;
}

struct letter
letter_read(const char *at, const char *end)
{
	const unsigned char *bytes = (const unsigned char *)at;
	size_t length = json_utf8_length(bytes, (const unsigned char *)end);
	/* the bits that the first byte of a sequence of 1, 2, 3, 4 bytes gives */
	static const unsigned char masks[] = {0x00, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t point = bytes[0] & masks[length];

	if (length == 0)
		return (struct letter){1, LETTER_NONE, false};
	for (size_t i = 1; i < length; i++)
		point = point << 6 | (bytes[i] & 0x3f);
	return (struct letter){length, point, !is_hidden(point)};
}

bool
letter_all_shown(struct str text)
{
	const char *at = text.ptr, *end = at + text.len;

	while (at < end) {
		struct letter letter = letter_read(at, end);

		if (!letter.is_shown)
			return false;
		at += letter.length;
	}
	return true;
}

void
letter_put_shown(struct buf *out, struct str text)
{
	const char *at = text.ptr, *end = at + text.len;

	while (at < end) {
		struct letter letter = letter_read(at, end);

		if (letter.is_shown)
			buf_put(out, at, letter.length);
		else
			buf_put_text(out, LETTER_REPLACEMENT);
		at += letter.length;
	}
}
