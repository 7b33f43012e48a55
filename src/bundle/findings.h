/*
 * The list of findings of one verification.
 */
#ifndef BUNDLE_FINDINGS_H
#define BUNDLE_FINDINGS_H

#include "base/arena.h"
#include "base/str.h"

#include "bundle/bundle.h"

/* Adds one; counts only once BUNDLE_MAX_FINDINGS are kept. The member's name may hold any bytes. */
void bundle_add_finding(struct arena *a, struct bundle_report *report,
    enum bundle_finding_code code, struct str member, struct str text);

#endif
