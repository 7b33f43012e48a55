/*
 * See pace.h.
 */
#include "model/time.h"
#include "rules/pace.h"

#define FIRST_WAIT_MS 1000
#define LONGEST_WAIT_MS 60000
#define LONGEST_ASKED_S 3600

int64_t
pace_back_off_ms(unsigned failures, int64_t retry_after_s)
{
	int64_t ms = FIRST_WAIT_MS, asked_ms;

	for (unsigned i = 1; i < failures && ms < LONGEST_WAIT_MS; i++)
		ms *= 2;
	if (ms > LONGEST_WAIT_MS)
		ms = LONGEST_WAIT_MS;
	asked_ms = (retry_after_s > LONGEST_ASKED_S ? LONGEST_ASKED_S : retry_after_s) * 1000;
	return asked_ms > ms ? asked_ms : ms;
}

bool
pace_is_sync_open(int64_t onboarded_at_us, int64_t now_us)
{
	return now_us <= onboarded_at_us + DAY_US;
}
