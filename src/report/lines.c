/*
 * Lines for a terminal: see lines.h. Tables are in grid.c.
 */
#include <wchar.h>

#include "base/letter.h"
#include "report/lines.h"
#include "report/text.h"

#define PAIR_COLUMN 18

static void start_line(struct report_lines *l, int indent);
static void put_wrapped(struct report_lines *l, int column, int hang, struct str text);
static int put_word(struct report_lines *l, int column, int hang, struct str word);
static int letter_width(struct letter letter);
static void put_color(struct report_lines *l, const char *code);

void
report_put_blank(struct report_lines *l)
{
	buf_put_char(l->out, '\n');
}

void
report_put_heading(struct report_lines *l, struct str text)
{
	report_put_blank(l);
	put_color(l, "1");
	put_wrapped(l, 0, 2, text);
	put_color(l, "0");
	report_put_blank(l);
}

void
report_put_paragraph(struct report_lines *l, const char *prefix, struct str text)
{
	int column = report_text_width(str_of(prefix));

	buf_put_text(l->out, prefix);
	put_wrapped(l, column, column, text);
	report_put_blank(l);
}

void
report_put_verdict(struct report_lines *l, enum report_severity severity, struct str text)
{
	static const char *const colors[] = {
	    [SEVERITY_GOOD] = "1;32", [SEVERITY_WARNING] = "1;33", [SEVERITY_BAD] = "1;31"};

	put_color(l, colors[severity]);
	put_wrapped(l, 0, 2, text);
	put_color(l, "0");
	report_put_blank(l);
}

void
report_put_pair(struct report_lines *l, const char *label, struct str value)
{
	buf_printf(l->out, "  %-*s", PAIR_COLUMN - 2, label);
	put_wrapped(l, PAIR_COLUMN, PAIR_COLUMN, value);
	report_put_blank(l);
}

int
report_text_width(struct str text)
{
	const char *at = text.ptr, *end = at + text.len;
	int width = 0;

	while (at < end) {
		struct letter letter = letter_read(at, end);

		width += letter_width(letter);
		at += letter.length;
	}
	return width;
}

static void
start_line(struct report_lines *l, int indent)
{
	buf_printf(l->out, "\n%*s", indent, "");
}

/* The cursor stands at `column`, with nothing of the text before it. */
static void
put_wrapped(struct report_lines *l, int column, int hang, struct str text)
{
	bool is_first = true;

	while (text.len > 0) {
		const char *space = memchr(text.ptr, ' ', text.len);
		size_t length = space == NULL ? text.len : (size_t)(space - text.ptr);
		struct str word = {text.ptr, length};

		if (!is_first && column + 1 + report_text_width(word) > l->columns) {
			start_line(l, hang);
			column = hang;
		} else if (!is_first) {
			buf_put_char(l->out, ' ');
			column++;
		}
		column = put_word(l, column, hang, word);
		is_first = false;
		length += space == NULL ? 0 : 1;
		text = (struct str){text.ptr + length, text.len - length};
	}
}

/* Returns the column behind it. A word wider than the line is broken where it must be. */
static int
put_word(struct report_lines *l, int column, int hang, struct str word)
{
	const char *at = word.ptr, *end = at + word.len;

	while (at < end) {
		struct letter letter = letter_read(at, end);
		int width = letter_width(letter);

		if (column + width > l->columns) {
			start_line(l, hang);
			column = hang;
		}
		buf_put(l->out, at, letter.length);
		column += width;
		at += letter.length;
	}
	return column;
}

/* Where the locale does not know the letter, as if it were wide: a line too short does no harm. */
static int
letter_width(struct letter letter)
{
	int width = letter.point < 0x80 ? 1 : wcwidth((wchar_t)letter.point);

	return width < 0 ? 2 : width;
}

static void
put_color(struct report_lines *l, const char *code)
{
	if (l->has_color)
		buf_printf(l->out, "\033[%sm", code);
}
