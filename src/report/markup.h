/*
 * Elements and tables of the page. Every text given here is cleaned and escaped
 * here; tags and classes are the tool's own.
 */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "report/text.h"

struct report_markup {
	struct buf *out;
	struct arena *arena; /* for texts on their way */
	bool is_wide; /* the table that is open scrolls by itself */
	bool is_row_open;
};

/* `<tag class="…">text</tag>`; class may be NULL. */
void report_put_element(
    struct report_markup *m, const char *tag, const char *class_name, struct str text);

/* The text alone. */
void report_put_text(struct report_markup *m, struct str text);

/*
 * A table with a caption; without columns it is one of names and values. Between begin and end
 * come rows: report_begin_row with the row's head, then its cells. The next row or report_end_table
 * ends a row.
 */
void report_begin_table(struct report_markup *m, struct str caption,
    const struct report_column *columns, size_t column_count);
void report_begin_row(struct report_markup *m, struct str head);
void report_put_cell(struct report_markup *m, struct str text);
void report_put_number_cell(struct report_markup *m, int64_t n);
void report_put_time_cell(struct report_markup *m, int64_t us);
void report_end_table(struct report_markup *m);

/* Rows of names and values. */
void report_put_count_row(struct report_markup *m, const char *name, int64_t n);
void report_put_time_row(struct report_markup *m, const char *name, int64_t us);

#endif
