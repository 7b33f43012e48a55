/*
 * What a scanned archive is worth: entries against each other, against the two
 * manifests, and the tag files against their form. No files, no libarchive.
 */
#ifndef BUNDLE_JUDGE_H
#define BUNDLE_JUDGE_H

#include "bundle/bundle.h"
#include "bundle/scan.h"

/* Fills the findings and the info of the report; texts live in `a`. Marks the entries of `s`. */
void bundle_judge(struct arena *a, struct bundle_scan *s, struct bundle_report *report);

#endif
