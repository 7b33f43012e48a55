/*
 * Elements and tables: see markup.h.
 */
#include <inttypes.h>

#include "base/html.h"
#include "report/markup.h"

/* Tables of more columns may be wider than a telephone. */
#define NARROW_COLUMNS 3

static void end_row(struct report_markup *m);

void
report_put_element(
    struct report_markup *m, const char *tag, const char *class_name, struct str text)
{
	buf_printf(m->out, "<%s", tag);
	if (class_name != NULL)
		buf_printf(m->out, " class=\"%s\"", class_name);
	buf_put_char(m->out, '>');
	report_put_text(m, text);
	buf_printf(m->out, "</%s>\n", tag);
}

/* <bdi>: what is written from right to left stays by itself. */
void
report_put_text(struct report_markup *m, struct str text)
{
	buf_put_text(m->out, "<bdi>");
	html_put_text(m->out, report_clean_text(m->arena, text, true));
	buf_put_text(m->out, "</bdi>");
}

void
report_begin_table(struct report_markup *m, struct str caption, const struct report_column *columns,
    size_t column_count)
{
	m->is_wide = column_count > NARROW_COLUMNS;
	if (m->is_wide) { /* tabindex: the keyboard must reach what scrolls */
		buf_put_text(
		    m->out, "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"");
		html_put_text(m->out, caption);
		buf_put_text(m->out, "\">\n");
	}
	buf_put_text(m->out, "<table>\n<caption>");
	html_put_text(m->out, caption);
	buf_put_text(m->out, "</caption>\n");
	if (column_count > 0)
		buf_put_text(m->out, "<thead>\n<tr>");
	for (size_t i = 0; i < column_count; i++)
		buf_printf(m->out, "<th scope=\"col\"%s>%s</th>",
		    columns[i].is_number ? " class=\"number\"" : "", columns[i].title);
	if (column_count > 0)
		buf_put_text(m->out, "</tr>\n</thead>\n");
	buf_put_text(m->out, "<tbody>");
}

void
report_begin_row(struct report_markup *m, struct str head)
{
	end_row(m);
	m->is_row_open = true;
	buf_put_text(m->out, "\n<tr><th scope=\"row\">");
	report_put_text(m, head);
	buf_put_text(m->out, "</th>");
}

void
report_put_cell(struct report_markup *m, struct str text)
{
	buf_put_text(m->out, "<td>");
	report_put_text(m, text);
	buf_put_text(m->out, "</td>");
}

void
report_put_number_cell(struct report_markup *m, int64_t n)
{
	buf_printf(m->out, "<td class=\"number\">%" PRId64 "</td>", n);
}

void
report_put_time_cell(struct report_markup *m, int64_t us)
{
	struct str text = report_time_text(m->arena, us);

	if (str_is(text, "-"))
		buf_put_text(m->out, "<td>-</td>");
	else
		buf_printf(m->out, "<td><time datetime=\"%.*s\">%.*s</time></td>", STR_ARG(text),
		    STR_ARG(text));
}

void
report_end_table(struct report_markup *m)
{
	end_row(m);
	buf_put_text(m->out, "\n</tbody>\n</table>\n");
	if (m->is_wide)
		buf_put_text(m->out, "</div>\n");
}

void
report_put_count_row(struct report_markup *m, const char *name, int64_t n)
{
	report_begin_row(m, str_of(name));
	report_put_number_cell(m, n);
}

void
report_put_time_row(struct report_markup *m, const char *name, int64_t us)
{
	report_begin_row(m, str_of(name));
	report_put_time_cell(m, us);
}

static void
end_row(struct report_markup *m)
{
	if (m->is_row_open)
		buf_put_text(m->out, "</tr>");
	m->is_row_open = false;
}
