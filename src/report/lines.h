/*
 * Lines for a terminal: wrapped at words, never wider than it, whatever the
 * texts are. All texts given here have been through report_clean_text.
 */
#ifndef REPORT_LINES_H
#define REPORT_LINES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "report/text.h"
#include "report/words.h"

struct report_lines {
	struct buf *out;
	int columns;
	bool has_color;
};

void report_put_blank(struct report_lines *l);

/* A blank line and a title in bold. */
void report_put_heading(struct report_lines *l, struct str text);

/* `prefix` and the text behind it; further lines begin under the text. */
void report_put_paragraph(struct report_lines *l, const char *prefix, struct str text);

/* Likewise in the colour of the severity; further lines are indented by two. */
void report_put_verdict(struct report_lines *l, enum report_severity severity, struct str text);

/* `  label             value`: the values of all lines stand under each other. */
void report_put_pair(struct report_lines *l, const char *label, struct str value);

/* Places that it takes on the terminal. */
int report_text_width(struct str text);

#define REPORT_GRID_MAX_COLUMNS 8

/*
 * A table, indented by two: `cells` has row_count rows of as many texts as there are columns.
 * If it does not fit, its widest column of texts is wrapped at spaces; if that is not enough,
 * each row is written as pairs.
 */
struct report_grid {
	const struct report_column *columns;
	size_t column_count;
	const struct str *cells;
	size_t row_count;
};

void report_put_grid(struct report_lines *l, const struct report_grid *g);

/* Some columns of a table, in this order, as one of its own. */
struct report_grid report_pick_columns(
    struct arena *a, const struct report_grid *from, const int *which, size_t count);

#endif
