/*
 * How long to wait before a call, and until when the sync may be requested. Pure: the clock is the
 * caller's.
 */
#ifndef RULES_PACE_H
#define RULES_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* After `failures` in a row (from 1): 1 s, doubling to 60 s; what the server asks for (Retry-After,
 * in seconds, 0 without) if that is longer, but an hour at most. */
int64_t pace_back_off_ms(unsigned failures, int64_t retry_after_s);

/* The sync may be requested within 24 hours of onboarding (the Cloud API's documentation): the last
 * second counts.
 */
bool pace_is_sync_open(int64_t onboarded_at_us, int64_t now_us);

#endif
