/*
 * Texts, times, output: see text.h.
 */
#include "base/clock.h"
#include "base/json_text.h"
#include "model/rows.h"
#include "report/text.h"

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* `2026-03-01` */
#define DAY_LENGTH 10

static bool is_hidden(uint32_t point);

struct report_letter
report_read_letter(const char *at, const char *end)
{
	const unsigned char *bytes = (const unsigned char *)at;
	size_t length = json_utf8_length(bytes, (const unsigned char *)end);
	/* the bits that the first byte of a sequence of 1, 2, 3, 4 bytes gives */
	static const unsigned char masks[] = {0x00, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t point = bytes[0] & masks[length];

	if (length == 0)
		return (struct report_letter){1, 0xfffd, false};
	for (size_t i = 1; i < length; i++)
		point = point << 6 | (bytes[i] & 0x3f);
	return (struct report_letter){length, point, !is_hidden(point)};
}

struct str
report_clean_text(struct arena *a, struct str s, bool is_unicode)
{
	const char *at = s.ptr, *end = at + s.len;
	char *to = arena_alloc(a, s.len * strlen(REPLACEMENT) + 1);
	size_t n = 0;

	while (at < end) {
		struct report_letter letter = report_read_letter(at, end);

		if (letter.is_shown && (is_unicode || letter.point < 0x80)) {
			memcpy(to + n, at, letter.length);
			n += letter.length;
		} else if (is_unicode) {
			memcpy(to + n, REPLACEMENT, strlen(REPLACEMENT));
			n += strlen(REPLACEMENT);
		} else {
			to[n++] = '?';
		}
		at += letter.length;
	}
	to[n] = '\0';
	return (struct str){to, n};
}

struct str
report_time_text(struct arena *a, int64_t us)
{
	char text[CLOCK_TEXT_BYTES];

	return arena_copy(a, str_of(clock_format_rfc3339(us, text, sizeof(text))));
}

struct str
report_day_text(struct arena *a, int64_t us)
{
	struct str text = report_time_text(a, us);

	if (text.len > DAY_LENGTH)
		text.len = DAY_LENGTH;
	return text;
}

struct str
report_range_text(struct arena *a, int lowest, int highest)
{
	if (lowest == INT_NONE || highest == INT_NONE)
		return STR_LIT("-");
	if (lowest == highest)
		return arena_printf(a, "%d", lowest);
	return arena_printf(a, "%d-%d", lowest, highest);
}

struct str
report_number_text(struct arena *a, int n, const char *unit)
{
	if (n == INT_NONE)
		return STR_LIT("-");
	return arena_printf(a, "%d%s", n, unit);
}

int
report_flush(struct buf *b, FILE *out, struct err *e)
{
	struct str text = buf_str(b);

	if (!buf_is_ok(b))
		return err_set(e, ERR_IO, "cannot write the report: it needs too much memory");
	if (fwrite(text.ptr, 1, text.len, out) != text.len || fflush(out) != 0)
		return err_sys(e, ERR_IO, "cannot write the report");
	return 0;
}

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

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	return false;
}
