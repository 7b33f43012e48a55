/*
 * The table of files by age and state, for a terminal.
 */
#ifndef REPORT_MEDIA_H
#define REPORT_MEDIA_H

#include "base/arena.h"
#include "model/report.h"
#include "report/lines.h"

void report_put_media(struct report_lines *l, struct arena *a, const struct report *r);

#endif
