/*
 * The funnel for a terminal: from payloads to messages seen to their outcomes, with bars.
 */
#ifndef REPORT_FUNNEL_H
#define REPORT_FUNNEL_H

#include "base/arena.h"
#include "model/report.h"
#include "report/lines.h"

void report_put_funnel(
    struct report_lines *l, struct arena *a, const struct report *r, bool is_unicode);

/* A bar of part/whole of `width` places: nothing for 0, at least a trace for more. */
struct str report_bar_text(
    struct arena *a, uint64_t part, uint64_t whole, int width, bool is_unicode);

#endif
