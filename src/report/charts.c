/*
 * What the page draws, as SVG without script: see page.h. Lengths are in the
 * units of each drawing, which is stretched to the place that it has.
 */
#include <inttypes.h>

#include "base/count.h"
#include "report/page.h"
#include "report/timeline.h"

#define DAY_WIDTH 4
#define DAYS_HEIGHT 100

/* Rows of the table of days. */
#define TABLE_DAYS 10

static void put_drawing(struct report_page *p, const struct report_activation *activation);
static void put_axis(struct report_page *p, const struct report_activation *activation);
static void put_day_numbers(struct report_page *p, const struct report_activation *activation);

const char *
report_severity_class(enum report_severity severity)
{
	static const char *const classes[] = {
	    [SEVERITY_GOOD] = "good", [SEVERITY_WARNING] = "warning", [SEVERITY_BAD] = "bad"};

	return classes[severity];
}

void
report_put_icon(struct report_page *p, enum report_severity severity)
{
	/* a tick, an exclamation mark, a cross */
	static const char *const paths[] = {[SEVERITY_GOOD] = "M4 13l5 5L20 6",
	    [SEVERITY_WARNING] = "M12 4v10M12 20v0",
	    [SEVERITY_BAD] = "M5 5l14 14M19 5L5 19"};

	buf_printf(p->markup.out,
	    "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"%s\"/></svg>",
	    paths[severity]);
}

void
report_put_days(struct report_page *p, const struct report_activation *activation)
{
	struct str sentences[REPORT_TIMELINE_SENTENCES];
	size_t count = report_timeline_sentences(p->arena, activation, sentences);
	struct str last = report_timeline_day(p->arena, activation->onboarded_at_us, 0);
	struct buf *out = p->markup.out;

	report_put_element(&p->markup, "h2", NULL,
	    arena_printf(p->arena, "Messages a day, the 180 days before %.*s", STR_ARG(last)));
	buf_put_text(out, "<figure>\n");
	put_drawing(p, activation);
	put_axis(p, activation);
	buf_put_text(out, "<figcaption>\n");
	for (size_t i = 0; i < count; i++)
		report_put_element(&p->markup, "p", NULL, sentences[i]);
	buf_put_text(out, "</figcaption>\n</figure>\n<details>\n<summary>Numbers</summary>\n");
	put_day_numbers(p, activation);
	buf_put_text(out, "</details>\n");
}

void
report_put_bar_cell(
    struct report_page *p, uint64_t part, uint64_t whole, enum report_severity severity)
{
	double share = whole == 0 ? 0 : 100 * (double)part / (double)whole;

	/* what is not nothing is to be seen */
	if (part > 0 && share < 1)
		share = 1;
	buf_printf(p->markup.out,
	    "<td class=\"%s\"><svg class=\"bar\" viewBox=\"0 0 100 10\" "
	    "preserveAspectRatio=\"none\" "
	    "aria-hidden=\"true\"><rect width=\"%.1f\" height=\"10\"/></svg></td>",
	    severity == SEVERITY_GOOD ? "mark" : report_severity_class(severity),
	    share > 100 ? 100 : share);
}

/* The oldest day at the left; a hole is a field of its own colour behind the bars. */
static void
put_drawing(struct report_page *p, const struct report_activation *activation)
{
	const struct report_timeline *t = activation->timeline;
	struct report_timeline_sums sums = report_sum_timeline(t);
	struct buf *out = p->markup.out;

	buf_printf(out,
	    "<svg class=\"days\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" "
	    "aria-label=\"Messages a day; the numbers are in the table below\">\n",
	    REPORT_DAYS * DAY_WIDTH, DAYS_HEIGHT);
	for (size_t i = 0; i < sums.hole_count; i++)
		buf_printf(out, "<rect class=\"hole\" x=\"%d\" width=\"%d\" height=\"%d\"/>\n",
		    (REPORT_DAYS - 1 - sums.holes[i].oldest) * DAY_WIDTH,
		    (sums.holes[i].oldest - sums.holes[i].newest + 1) * DAY_WIDTH, DAYS_HEIGHT);
	for (int day = REPORT_DAYS - 1; day >= 0; day--) {
		struct str date = report_timeline_day(p->arena, activation->onboarded_at_us, day);
		double height = (double)t->days[day] / (double)sums.highest * DAYS_HEIGHT;

		if (t->days[day] == 0)
			continue;
		height = height < 1 ? 1 : height;
		buf_printf(out,
		    "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"><title>%.*s: %" PRId64
		    "</title></rect>\n",
		    (REPORT_DAYS - 1 - day) * DAY_WIDTH, DAYS_HEIGHT - height, DAY_WIDTH - 1,
		    height, STR_ARG(date), t->days[day]);
	}
	buf_put_text(out, "</svg>\n");
}

static void
put_axis(struct report_page *p, const struct report_activation *activation)
{
	static const int days[] = {REPORT_DAYS - 1, REPORT_DAYS / 2, 0};

	buf_put_text(p->markup.out, "<div class=\"axis\" aria-hidden=\"true\">");
	for (size_t i = 0; i < COUNT(days); i++) {
		struct str date =
		    report_timeline_day(p->arena, activation->onboarded_at_us, days[i]);

		buf_printf(p->markup.out, "<span>%.*s</span>", STR_ARG(date));
	}
	buf_put_text(p->markup.out, "</div>\n");
}

static void
put_day_numbers(struct report_page *p, const struct report_activation *activation)
{
	static const struct report_column columns[1 + TABLE_DAYS] = {{"from", false}, {"+0", true},
	    {"+1", true}, {"+2", true}, {"+3", true}, {"+4", true}, {"+5", true}, {"+6", true},
	    {"+7", true}, {"+8", true}, {"+9", true}};
	struct report_markup *m = &p->markup;

	report_begin_table(
	    m, STR_LIT("Messages of each day, ten days a row"), columns, 1 + TABLE_DAYS);
	for (int day = REPORT_DAYS - 1; day >= 0; day -= TABLE_DAYS) {
		report_begin_row(
		    m, report_timeline_day(p->arena, activation->onboarded_at_us, day));
		for (int i = 0; i < TABLE_DAYS; i++) {
			if (day - i >= 0)
				report_put_number_cell(m, activation->timeline->days[day - i]);
			else
				report_put_cell(m, STR_LIT(""));
		}
	}
	report_end_table(m);
}
