/*
 * The timeline: see timeline.h. Each column is drawn alone, from the top row
 * down; nothing is scaled but to the highest column.
 */
#include <inttypes.h>

#include "model/time.h"
#include "report/timeline.h"

#define INDENT 2
#define ROWS 4

/* Steps of one cell, from nothing to full; `none` stands for a column without messages. */
struct glyphs {
	const char *none;
	int steps;
	const char *cells[9];
};

static const struct glyphs unicode_glyphs = {"\xC2\xB7", 8,
    {" ", "\xE2\x96\x81", "\xE2\x96\x82", "\xE2\x96\x83", "\xE2\x96\x84", "\xE2\x96\x85",
	"\xE2\x96\x86", "\xE2\x96\x87", "\xE2\x96\x88"}};
static const struct glyphs ascii_glyphs = {"_", 3, {" ", ".", ":", "|"}};

struct chart {
	int days_a_column;
	int columns;
	int64_t sums[REPORT_DAYS]; /* the oldest column first */
	int64_t highest;
};

static void add_hole(struct report_timeline_sums *sums, struct report_hole hole);
static int hole_days(struct report_hole hole);
static void put_timeline(struct report_lines *l, struct arena *a,
    const struct report_activation *activation, bool is_unicode);
static struct chart chart_of(const struct report_timeline *t, int width);
static void put_row(
    struct report_lines *l, const struct chart *chart, int row, const struct glyphs *glyphs);
static const char *cell_of(
    const struct chart *chart, int column, int row, const struct glyphs *glyphs);

struct report_timeline_sums
report_sum_timeline(const struct report_timeline *t)
{
	struct report_timeline_sums sums = {.oldest = REPORT_DAYS - 1};
	int day;

	while (sums.oldest >= 0 && t->days[sums.oldest] == 0)
		sums.oldest--;
	for (day = sums.oldest; day >= 0; day--) {
		int begin = day;

		sums.messages += t->days[day];
		sums.highest = t->days[day] > sums.highest ? t->days[day] : sums.highest;
		while (day >= 0 && t->days[day] == 0)
			day--;
		if (day == begin)
			continue;
		sums.empty_days += begin - day;
		add_hole(&sums, (struct report_hole){begin, ++day});
	}
	return sums;
}

struct str
report_timeline_day(struct arena *a, int64_t onboarded_at_us, int day)
{
	return report_day_text(a, onboarded_at_us - day * DAY_US);
}

size_t
report_timeline_sentences(struct arena *a, const struct report_activation *activation,
    struct str sentences[REPORT_TIMELINE_SENTENCES])
{
	const struct report_timeline *t = activation->timeline;
	struct report_timeline_sums sums = report_sum_timeline(t);
	int64_t time = activation->onboarded_at_us;
	struct str first = report_timeline_day(a, time, sums.oldest), holes = STR_LIT("");
	size_t n = 0;

	if (sums.oldest < 0)
		sentences[n++] = STR_LIT("No message was sent in these days.");
	else
		sentences[n++] = arena_printf(a,
		    "Messages on %d of the %d days since %.*s, at most %" PRId64 " a day.",
		    sums.oldest + 1 - sums.empty_days, sums.oldest + 1, STR_ARG(first),
		    sums.highest);
	for (size_t i = 0; i < sums.hole_count; i++) {
		struct str from = report_timeline_day(a, time, sums.holes[i].oldest);
		struct str to = report_timeline_day(a, time, sums.holes[i].newest);

		holes = arena_printf(a, "%.*s%s%.*s to %.*s (%d days)", STR_ARG(holes),
		    i == 0 ? "" : ", ", STR_ARG(from), STR_ARG(to), hole_days(sums.holes[i]));
	}
	if (sums.hole_count > 0)
		sentences[n++] = arena_printf(
		    a, "None on %d of them, longest: %.*s.", sums.empty_days, STR_ARG(holes));
	if (t->older > 0)
		sentences[n++] = arena_printf(a, "%" PRId64 " are older than that.", t->older);
	if (t->later > 0)
		sentences[n++] = arena_printf(a, "%" PRId64 " were sent after that day.", t->later);
	return n;
}

void
report_put_timelines(
    struct report_lines *l, struct arena *a, const struct report *r, bool is_unicode)
{
	for (size_t i = 0; i < r->activation_count; i++)
		if (r->activations[i].timeline != NULL)
			put_timeline(l, a, &r->activations[i], is_unicode);
}

/* The longest are kept; of two that are equally long the later. */
static void
add_hole(struct report_timeline_sums *sums, struct report_hole hole)
{
	size_t shortest = 0;

	if (hole_days(hole) < 2)
		return;
	if (sums->hole_count == REPORT_HOLES_LISTED) {
		for (size_t i = 1; i < REPORT_HOLES_LISTED; i++)
			if (hole_days(sums->holes[i]) < hole_days(sums->holes[shortest]))
				shortest = i;
		if (hole_days(hole) < hole_days(sums->holes[shortest]))
			return;
		memmove(&sums->holes[shortest], &sums->holes[shortest + 1],
		    (REPORT_HOLES_LISTED - 1 - shortest) * sizeof(hole));
		sums->hole_count--;
	}
	sums->holes[sums->hole_count++] = hole;
}

static int
hole_days(struct report_hole hole)
{
	return hole.oldest - hole.newest + 1;
}

static void
put_timeline(struct report_lines *l, struct arena *a, const struct report_activation *activation,
    bool is_unicode)
{
	struct chart chart = chart_of(activation->timeline, l->columns - INDENT);
	struct str sentences[REPORT_TIMELINE_SENTENCES];
	size_t count = report_timeline_sentences(a, activation, sentences);
	struct str first = report_timeline_day(a, activation->onboarded_at_us, REPORT_DAYS - 1);
	struct str last = report_timeline_day(a, activation->onboarded_at_us, 0);

	report_put_heading(
	    l, arena_printf(a, "Messages a day, the 180 days before %.*s", STR_ARG(last)));
	for (int row = ROWS; chart.highest > 0 && row > 0; row--)
		put_row(l, &chart, row - 1, is_unicode ? &unicode_glyphs : &ascii_glyphs);
	if (chart.highest > 0)
		buf_printf(l->out, "%*s%.*s%*.*s\n", INDENT, "", STR_ARG(first),
		    chart.columns - (int)first.len, STR_ARG(last));
	if (chart.highest > 0 && chart.days_a_column > 1)
		report_put_paragraph(
		    l, "  ", arena_printf(a, "A column is %d days.", chart.days_a_column));
	for (size_t i = 0; i < count; i++)
		report_put_paragraph(l, "  ", sentences[i]);
}

static struct chart
chart_of(const struct report_timeline *t, int width)
{
	struct chart chart = {.days_a_column = (REPORT_DAYS + width - 1) / width};

	chart.columns = (REPORT_DAYS + chart.days_a_column - 1) / chart.days_a_column;
	for (int day = 0; day < REPORT_DAYS; day++) {
		int64_t *sum = &chart.sums[chart.columns - 1 - day / chart.days_a_column];

		*sum += t->days[day];
		chart.highest = *sum > chart.highest ? *sum : chart.highest;
	}
	return chart;
}

/* Without spaces at its end. */
static void
put_row(struct report_lines *l, const struct chart *chart, int row, const struct glyphs *glyphs)
{
	int blanks = INDENT;

	for (int column = 0; column < chart->columns; column++) {
		const char *cell = cell_of(chart, column, row, glyphs);

		if (*cell == ' ') {
			blanks++;
			continue;
		}
		buf_printf(l->out, "%*s%s", blanks, "", cell);
		blanks = 0;
	}
	report_put_blank(l);
}

/* row 0 is the lowest. What is not nothing shows at least a little. */
static const char *
cell_of(const struct chart *chart, int column, int row, const struct glyphs *glyphs)
{
	int64_t sum = chart->sums[column];
	int level = (int)((double)sum / (double)chart->highest * ROWS * glyphs->steps) -
		    row * glyphs->steps;

	if (row == 0 && sum == 0)
		return glyphs->none;
	if (row == 0 && level == 0)
		level = 1;
	if (level < 0)
		level = 0;
	return glyphs->cells[level > glyphs->steps ? glyphs->steps : level];
}
