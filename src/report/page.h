/*
 * The page of HTML, in parts: html.c has the frame, style.c the looks, charts.c what is drawn,
 * tables.c the tables.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/arena.h"
#include "model/report.h"
#include "report/markup.h"
#include "report/words.h"

struct report_page {
	struct report_markup markup;
	struct arena *arena;
	const struct report *report;
	bool is_archive; /* nothing that depends on the runs */
};

extern const char report_page_style[];

/* The class of what is good, a warning or bad. */
const char *report_severity_class(enum report_severity severity);

/* A sign in front of a verdict, so that its colour is not all that tells it. */
void report_put_icon(struct report_page *p, enum report_severity severity);

/* The days before an onboarding: a drawing, what it shows in words, and its numbers as a table. */
void report_put_days(struct report_page *p, const struct report_activation *activation);

/* A cell with a bar of part/whole; the number stands in a cell of its own. */
void report_put_bar_cell(
    struct report_page *p, uint64_t part, uint64_t whole, enum report_severity severity);

/* The first figures, large. */
void report_put_tiles(struct report_page *p);

/* The tables, each with its heading. */
void report_put_funnel_table(struct report_page *p);
void report_put_phases_table(struct report_page *p, const struct report_activation *activation);
void report_put_account_events_table(struct report_page *p);
void report_put_media_table(struct report_page *p);
void report_put_conflicts_table(struct report_page *p);
void report_put_rejects_table(struct report_page *p);

/* Tables of names and values, side by side where there is room. */
void report_put_figures(struct report_page *p);

#endif
