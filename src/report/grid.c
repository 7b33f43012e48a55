/*
 * Tables for a terminal: see lines.h. At most one column gives way, the widest
 * of texts; numbers are never cut.
 */
#include "report/lines.h"
#include "report/text.h"

#define INDENT 2

struct layout {
	int widths[REPORT_GRID_MAX_COLUMNS];
	int gap; /* spaces between columns */
};

static bool fit_columns(const struct report_grid *g, int columns, struct layout *to);
static int total_width(const struct report_grid *g, const struct layout *layout);
static int widest_cell(const struct report_grid *g, size_t column, int (*width)(struct str));
static int widest_word(struct str text);
static struct str first_word(struct str text);
static void put_row(struct report_lines *l, const struct report_grid *g,
    const struct layout *layout, const struct str *cells);
static struct str take_line(struct str *text, int width);
static void put_as_pairs(struct report_lines *l, const struct report_grid *g);

void
report_put_grid(struct report_lines *l, const struct report_grid *g)
{
	struct str titles[REPORT_GRID_MAX_COLUMNS];
	struct layout layout;

	if (!fit_columns(g, l->columns, &layout)) {
		put_as_pairs(l, g);
		return;
	}
	for (size_t i = 0; i < g->column_count; i++)
		titles[i] = str_of(g->columns[i].title);
	put_row(l, g, &layout, titles);
	for (size_t row = 0; row < g->row_count; row++)
		put_row(l, g, &layout, g->cells + row * g->column_count);
}

struct report_grid
report_pick_columns(struct arena *a, const struct report_grid *from, const int *which, size_t count)
{
	struct report_column *picked = arena_zero(a, count, sizeof(*picked));
	struct str *cells = arena_zero(a, from->row_count * count, sizeof(*cells));

	for (size_t i = 0; i < count; i++) {
		picked[i] = from->columns[which[i]];
		for (size_t row = 0; row < from->row_count; row++)
			cells[row * count + i] =
			    from->cells[row * from->column_count + (size_t)which[i]];
	}
	return (struct report_grid){picked, count, cells, from->row_count};
}

/* False if the table is too wide whatever one does. */
static bool
fit_columns(const struct report_grid *g, int columns, struct layout *to)
{
	size_t widest = g->column_count;
	int excess;

	to->gap = 2;
	for (size_t i = 0; i < g->column_count; i++) {
		to->widths[i] = widest_cell(g, i, report_text_width);
		if (!g->columns[i].is_number &&
		    (widest == g->column_count || to->widths[i] > to->widths[widest]))
			widest = i;
	}
	if (total_width(g, to) > columns)
		to->gap = 1;
	excess = total_width(g, to) - columns;
	if (excess > 0 && widest < g->column_count) {
		int least = widest_cell(g, widest, widest_word),
		    wanted = to->widths[widest] - excess;

		to->widths[widest] = wanted > least ? wanted : least;
	}
	return total_width(g, to) <= columns;
}

static int
total_width(const struct report_grid *g, const struct layout *layout)
{
	int total = INDENT + layout->gap * ((int)g->column_count - 1);

	for (size_t i = 0; i < g->column_count; i++)
		total += layout->widths[i];
	return total;
}

static int
widest_cell(const struct report_grid *g, size_t column, int (*width)(struct str))
{
	int widest = width(str_of(g->columns[column].title));

	for (size_t row = 0; row < g->row_count; row++) {
		int this = width(g->cells[row * g->column_count + column]);

		widest = this > widest ? this : widest;
	}
	return widest;
}

static int
widest_word(struct str text)
{
	int widest = 0;

	while (text.len > 0) {
		struct str word = first_word(text);
		int width = report_text_width(word);
		size_t used = word.len < text.len ? word.len + 1 : word.len;

		widest = width > widest ? width : widest;
		text = (struct str){text.ptr + used, text.len - used};
	}
	return widest;
}

static struct str
first_word(struct str text)
{
	const char *space = memchr(text.ptr, ' ', text.len);

	return space == NULL ? text : (struct str){text.ptr, (size_t)(space - text.ptr)};
}

/* As many lines as the longest cell needs; no spaces at their ends. */
static void
put_row(struct report_lines *l, const struct report_grid *g, const struct layout *layout,
    const struct str *cells)
{
	struct str rest[REPORT_GRID_MAX_COLUMNS];
	bool is_done = false;

	memcpy(rest, cells, g->column_count * sizeof(*cells));
	while (!is_done) {
		int blanks = INDENT;

		is_done = true;
		for (size_t i = 0; i < g->column_count; i++) {
			struct str piece = take_line(&rest[i], layout->widths[i]);
			int free_width = layout->widths[i] - report_text_width(piece);
			int before = g->columns[i].is_number ? free_width : 0;

			if (piece.len > 0) {
				buf_printf(l->out, "%*s", blanks + before, "");
				buf_put_str(l->out, piece);
				blanks = free_width - before + layout->gap;
			} else {
				blanks += layout->widths[i] + layout->gap;
			}
			is_done = is_done && rest[i].len == 0;
		}
		report_put_blank(l);
	}
}

/* Takes off whole words as long as they fit; the first always does (see fit_columns). */
static struct str
take_line(struct str *text, int width)
{
	struct str line = {text->ptr, 0};

	while (line.len < text->len) {
		size_t start = line.len == 0 ? 0 : line.len + 1;
		struct str word = first_word((struct str){text->ptr + start, text->len - start});
		struct str longer = {text->ptr, start + word.len};

		if (line.len > 0 && report_text_width(longer) > width) {
			*text = (struct str){text->ptr + start, text->len - start};
			return line;
		}
		line = longer;
	}
	*text = (struct str){line.ptr, 0};
	return line;
}

/* The way out where numbers are too long for any table: each row a list. */
static void
put_as_pairs(struct report_lines *l, const struct report_grid *g)
{
	for (size_t row = 0; row < g->row_count; row++) {
		if (row > 0)
			report_put_blank(l);
		for (size_t i = 0; i < g->column_count; i++)
			report_put_pair(
			    l, g->columns[i].title, g->cells[row * g->column_count + i]);
	}
}
