/*
 * The phases: see phases.h. One table where there is room for it, else two,
 * so that nothing has to be left out.
 */
#include <inttypes.h>

#include "base/count.h"
#include "report/phases.h"
#include "report/text.h"

#define ONE_TABLE_COLUMNS 72

enum { PHASE, CHUNKS, ORDERS, MISSING, PROGRESS, MESSAGES, OLDEST, NEWEST, COLUMN_COUNT };

static const struct report_column columns[COLUMN_COUNT] = {
    [PHASE] = {"phase", true},
    [CHUNKS] = {"chunks", true},
    [ORDERS] = {"orders", true},
    [MISSING] = {"missing", false},
    [PROGRESS] = {"progress", true},
    [MESSAGES] = {"messages", true},
    [OLDEST] = {"oldest", false},
    [NEWEST] = {"newest", false},
};

static void put_phases_of(
    struct report_lines *l, struct arena *a, const struct report_activation *activation);
static void fill_row(struct arena *a, const struct report_coverage *phase, struct str *cells);

void
report_put_phases(struct report_lines *l, struct arena *a, const struct report *r)
{
	for (size_t i = 0; i < r->activation_count; i++) {
		struct str time = report_time_text(a, r->activations[i].onboarded_at_us);
		struct str title = STR_LIT("Phases of the history");

		if (r->activation_count > 1)
			title =
			    arena_printf(a, "%.*s, onboarded %.*s", STR_ARG(title), STR_ARG(time));
		report_put_heading(l, title);
		put_phases_of(l, a, &r->activations[i]);
	}
}

static void
put_phases_of(struct report_lines *l, struct arena *a, const struct report_activation *activation)
{
	static const int upper[] = {PHASE, CHUNKS, ORDERS, MISSING, PROGRESS};
	static const int lower[] = {PHASE, MESSAGES, OLDEST, NEWEST};
	size_t count = activation->phase_count;
	struct str *cells = arena_zero(a, count * COLUMN_COUNT, sizeof(*cells));
	struct report_grid whole = {columns, COLUMN_COUNT, cells, count};
	struct report_grid part;

	for (size_t i = 0; i < count; i++)
		fill_row(a, &activation->phases[i], cells + i * COLUMN_COUNT);
	if (count == 0) {
		report_put_paragraph(l, "  ", STR_LIT("none has come"));
		return;
	}
	if (l->columns >= ONE_TABLE_COLUMNS) {
		report_put_grid(l, &whole);
		return;
	}
	part = report_pick_columns(a, &whole, upper, COUNT(upper));
	report_put_grid(l, &part);
	report_put_blank(l);
	part = report_pick_columns(a, &whole, lower, COUNT(lower));
	report_put_grid(l, &part);
}

static void
fill_row(struct arena *a, const struct report_coverage *phase, struct str *cells)
{
	cells[PHASE] = report_number_text(a, phase->phase, "");
	cells[CHUNKS] = arena_printf(a, "%" PRId64, phase->chunks);
	cells[ORDERS] = report_range_text(a, phase->lowest_order, phase->highest_order);
	cells[MISSING] = str_is_empty(phase->missing) ? STR_LIT("none")
						      : report_clean_text(a, phase->missing, false);
	cells[PROGRESS] = report_number_text(a, phase->progress, "%");
	cells[MESSAGES] = arena_printf(a, "%" PRId64, phase->messages);
	cells[OLDEST] = report_day_text(a, phase->oldest_us);
	cells[NEWEST] = report_day_text(a, phase->newest_us);
}
