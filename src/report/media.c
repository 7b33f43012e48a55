/*
 * Media: see media.h. Where the meanings have no room in the table they follow
 * it, so that nothing has to be left out.
 */
#include <inttypes.h>

#include "base/count.h"
#include "model/time.h"
#include "report/media.h"

#define MEANINGS_COLUMNS 72

enum { AGE, STATE, FILES, UNTIL, MEANING, COLUMN_COUNT };

static const struct report_column columns[COLUMN_COUNT] = {
    [AGE] = {"age", false},
    [STATE] = {"state", false},
    [FILES] = {"files", true},
    [UNTIL] = {"until", false},
    [MEANING] = {"meaning", false},
};

static void fill_row(struct arena *a, const struct report_media *m, struct str *cells);
static void put_states(struct report_lines *l, struct arena *a, const struct report *r);
static void put_ages(struct report_lines *l, struct arena *a, const struct report *r);
static void put_losses(struct report_lines *l, struct arena *a, const struct report *r);
static void put_meaning(struct report_lines *l, struct arena *a, const struct report_word *word);

void
report_put_media(struct report_lines *l, struct arena *a, const struct report *r)
{
	static const int narrow[] = {AGE, STATE, FILES};
	size_t count = r->media_age_count;
	struct str *cells = arena_zero(a, count * COLUMN_COUNT, sizeof(*cells));
	struct report_grid whole = {columns, COLUMN_COUNT, cells, count};
	struct report_grid part = whole;

	report_put_heading(l, STR_LIT("Media"));
	if (count == 0) {
		report_put_paragraph(l, "  ", STR_LIT("none"));
		return;
	}
	for (size_t i = 0; i < count; i++)
		fill_row(a, &r->media_ages[i], cells + i * COLUMN_COUNT);
	if (l->columns < MEANINGS_COLUMNS)
		part = report_pick_columns(a, &whole, narrow, COUNT(narrow));
	report_put_grid(l, &part);
	if (l->columns < MEANINGS_COLUMNS)
		put_states(l, a, r);
	put_ages(l, a, r);
	put_losses(l, a, r);
	if (r->next_deadline_us != TIME_NONE) {
		report_put_pair(l, "next deadline", report_time_text(a, r->next_deadline_us));
		report_put_paragraph(l, "  ", report_forecast_text(a, r));
	}
}

static void
fill_row(struct arena *a, const struct report_media *m, struct str *cells)
{
	const struct report_word *word = report_find_media_state(m->state);

	cells[AGE] = report_clean_text(a, m->age, false);
	cells[STATE] = report_clean_text(a, m->state, false);
	cells[FILES] = arena_printf(a, "%" PRId64, m->files);
	cells[UNTIL] = report_day_text(a, m->deadline_us);
	cells[MEANING] = str_of(word == NULL ? "" : word->meaning);
}

static void
put_states(struct report_lines *l, struct arena *a, const struct report *r)
{
	for (size_t i = 0; i < r->media_count; i++)
		put_meaning(l, a, report_find_media_state(r->media[i].name));
}

/* Each age that occurs, once. */
static void
put_ages(struct report_lines *l, struct arena *a, const struct report *r)
{
	for (size_t i = 0; i < r->media_age_count; i++) {
		struct str text = report_age_text(a, r, r->media_ages[i].age);

		if (text.ptr != NULL && report_is_first_age(r, i))
			report_put_paragraph(l, "  ", text);
	}
}

static void
put_losses(struct report_lines *l, struct arena *a, const struct report *r)
{
	for (size_t i = 0; i < r->loss_count; i++)
		report_put_paragraph(l, "  ", report_loss_text(a, &r->losses[i]));
}

static void
put_meaning(struct report_lines *l, struct arena *a, const struct report_word *word)
{
	if (word != NULL)
		report_put_paragraph(l, "  ", arena_printf(a, "%s: %s", word->name, word->meaning));
}
