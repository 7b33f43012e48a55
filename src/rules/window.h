/*
 * The windows that media are judged by, as the operator writes and reads them.
 */
#ifndef RULES_WINDOW_H
#define RULES_WINDOW_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/as_of.h"

/* Longer ones say nothing: a history goes back half a year. */
#define WINDOW_MAX_DAYS 365

/*
 * Hours of `14` or `14d`, days of 24 hours, or of `336h`; digits and the letter, nothing else.
 * False if it is none of these, or not from 1 hour to WINDOW_MAX_DAYS; *hours is left alone then.
 */
bool window_parse(struct str text, int *hours);

/* `14 days`, `1 day`, `36 hours`: days where they are whole. */
struct str window_text(struct arena *a, int hours);

/* Are they those that are used where none are given? */
bool window_is_usual(const struct as_of *as_of);

#endif
