/*
 * The funnel: see funnel.h.
 */
#include <inttypes.h>

#include "base/count.h"
#include "report/funnel.h"

/* Where bars and meanings stand side by side; on less the meanings give way. */
#define MEANINGS_COLUMNS 72
#define BAR_WIDTH 16

enum { STEP, COUNT, BAR, MEANING, COLUMN_COUNT };

static const struct report_column columns[COLUMN_COUNT] = {
    [STEP] = {"step", false},
    [COUNT] = {"number", true},
    [BAR] = {"share", false},
    [MEANING] = {"meaning", false},
};

static void fill_row(struct arena *a, struct str *cells, const char *step, uint64_t n);

void
report_put_funnel(struct report_lines *l, struct arena *a, const struct report *r, bool is_unicode)
{
	static const int narrow[] = {STEP, COUNT, BAR};
	const struct counts *c = &r->counts;
	struct str cells[2 + OUTCOME_COUNT][COLUMN_COUNT];
	struct report_grid whole = {columns, COLUMN_COUNT, cells[0], 2 + OUTCOME_COUNT};
	struct report_grid part = whole;

	fill_row(a, cells[0], "payloads", (uint64_t)r->payloads);
	cells[0][BAR] = STR_LIT("");
	cells[0][MEANING] = STR_LIT("read, each once");
	fill_row(a, cells[1], "messages seen", c->seen);
	cells[1][BAR] = report_bar_text(a, c->seen, c->seen, BAR_WIDTH, is_unicode);
	cells[1][MEANING] = STR_LIT("in them, repetitions too");
	for (int i = 0; i < OUTCOME_COUNT; i++) {
		struct str *row = cells[2 + i];

		fill_row(a, row, report_outcomes[i].name, c->outcomes[i]);
		row[BAR] = report_bar_text(a, c->outcomes[i], c->seen, BAR_WIDTH, is_unicode);
		row[MEANING] = str_of(report_outcomes[i].meaning);
	}
	if (l->columns < MEANINGS_COLUMNS)
		part = report_pick_columns(a, &whole, narrow, COUNT(narrow));
	report_put_heading(l, STR_LIT("Funnel: what became of every message seen"));
	report_put_grid(l, &part);
	report_put_paragraph(l, "  ", report_identity_line(a, c));
}

struct str
report_bar_text(struct arena *a, uint64_t part, uint64_t whole, int width, bool is_unicode)
{
	/* eighths of a place, then the full one */
	static const char blocks[][4] = {"", "\xE2\x96\x8F", "\xE2\x96\x8E", "\xE2\x96\x8D",
	    "\xE2\x96\x8C", "\xE2\x96\x8B", "\xE2\x96\x8A", "\xE2\x96\x89", "\xE2\x96\x88"};
	int steps = is_unicode ? 8 : 1, length = 0;
	char *bar = arena_alloc(a, (size_t)width * sizeof(blocks[0]) + 1);
	size_t n = 0;

	if (part > 0 && part >= whole)
		length = width * steps;
	else if (part > 0)
		length = (int)((double)part / (double)whole * width * steps);
	if (part > 0 && length == 0)
		length = 1;
	for (; length > 0; length -= steps) {
		const char *block = is_unicode ? blocks[length < steps ? length : steps] : "#";

		memcpy(bar + n, block, strlen(block));
		n += strlen(block);
	}
	return (struct str){bar, n};
}

static void
fill_row(struct arena *a, struct str *cells, const char *step, uint64_t n)
{
	cells[STEP] = str_of(step);
	cells[COUNT] = arena_printf(a, "%" PRIu64, n);
}
