/*
 * The days before an onboarding: where messages are, where none are. Pure figures, that the page
 * draws too, and the drawing for a terminal.
 */
#ifndef REPORT_TIMELINE_H
#define REPORT_TIMELINE_H

#include "base/arena.h"
#include "model/report.h"
#include "report/lines.h"

/* Days without a message, between two that have some or up to the onboarding. Counted as in
 * struct report_timeline: `oldest` >= `newest`. */
struct report_hole {
	int oldest;
	int newest;
};

#define REPORT_HOLES_LISTED 3

/* What a timeline comes to. */
struct report_timeline_sums {
	int oldest; /* the first day that has messages, -1 if none has */
	int empty_days; /* from it on */
	int64_t messages; /* on all days, without older and later ones */
	int64_t highest; /* of one day */
	struct report_hole holes[REPORT_HOLES_LISTED]; /* the longest, of two days at least */
	size_t hole_count;
};

struct report_timeline_sums report_sum_timeline(const struct report_timeline *t);

/* The date of a day, `2026-03-01`. */
struct str report_timeline_day(struct arena *a, int64_t onboarded_at_us, int day);

/* The sentences that say what the drawing shows; texts in `a`. Returns how many: at most 4. */
#define REPORT_TIMELINE_SENTENCES 4
size_t report_timeline_sentences(struct arena *a, const struct report_activation *activation,
    struct str sentences[REPORT_TIMELINE_SENTENCES]);

/*
 * The timelines of all onboardings, as bars that stand on their days: as many days a column as it
 * takes, the latest at the right. A column of days without messages is a dot.
 */
void report_put_timelines(
    struct report_lines *l, struct arena *a, const struct report *r, bool is_unicode);

#endif
