/*
 * Texts, times, output: see text.h.
 */
#include "base/clock.h"
#include "base/letter.h"
#include "model/rows.h"
#include "report/text.h"

/* `2026-03-01` */
#define DAY_LENGTH 10

struct str
report_clean_text(struct arena *a, struct str s, bool is_unicode)
{
	const char *at = s.ptr, *end = at + s.len;
	char *to = arena_alloc(a, s.len * strlen(LETTER_REPLACEMENT) + 1);
	size_t n = 0;

	while (at < end) {
		struct letter letter = letter_read(at, end);

		if (letter.is_shown && (is_unicode || letter.point < 0x80)) {
			memcpy(to + n, at, letter.length);
			n += letter.length;
		} else if (is_unicode) {
			memcpy(to + n, LETTER_REPLACEMENT, strlen(LETTER_REPLACEMENT));
			n += strlen(LETTER_REPLACEMENT);
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
