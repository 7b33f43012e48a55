/*
 * The table of phases of each activation, for a terminal: the view coverage.
 */
#ifndef REPORT_PHASES_H
#define REPORT_PHASES_H

#include "base/arena.h"
#include "model/report.h"
#include "report/lines.h"

void report_put_phases(struct report_lines *l, struct arena *a, const struct report *r);

#endif
