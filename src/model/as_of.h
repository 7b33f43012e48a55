/*
 * When, and by which windows, the states of media are judged. It filters nothing.
 */
#ifndef MODEL_AS_OF_H
#define MODEL_AS_OF_H

#include <stdint.h>

/* Two weeks of files come with a history, and an id can be fetched for a week (docs/DESIGN.md,
 * "Media states"). Days of 24 hours: one of the calendar may have 23. */
#define AS_OF_MAX_AGE_HOURS (14 * 24)
#define AS_OF_ID_LIFE_HOURS (7 * 24)

struct as_of {
	int64_t at_us;
	int max_age_hours; /* how old a message may be at the onboarding for its file to come */
	int id_life_hours; /* how long a media id can be fetched */
};

#endif
