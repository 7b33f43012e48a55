/*
 * The report about one account in three forms: for the terminal, as JSON, as a
 * page of HTML. All are pure functions of the report: no clock, no database.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "model/report.h"

/* The narrowest terminal that is written for; less counts as this. */
#define REPORT_MIN_COLUMNS 40

struct report_style {
	int columns; /* no line gets wider; wide characters count 2 if LC_CTYPE knows them */
	bool is_unicode; /* false: ASCII only, `?` for every other character */
	bool has_color; /* ANSI colours; never the only sign of anything */
};

struct report_html_options {
	bool is_archive; /* facts only: without accounting and advice, which depend on the runs */
};

/*
 * Each writes the whole report and flushes `out`. Texts out of payloads are shown with U+FFFD for
 * control characters and for those that turn the direction of writing (JSON: as they are). May
 * fail only in writing, with ERR_IO.
 */
int report_write_terminal(
    const struct report *r, const struct report_style *style, FILE *out, struct err *e);

/* One line, described by docs/report.schema.json. */
int report_write_json(const struct report *r, FILE *out, struct err *e);

/* One page that loads and runs nothing. Same report, same bytes. */
int report_write_html(
    const struct report *r, const struct report_html_options *options, FILE *out, struct err *e);

#endif
