/*
 * Times are microseconds since 1970-01-01 UTC; TIME_NONE where none was said or it was unusable.
 */
#ifndef MODEL_TIME_H
#define MODEL_TIME_H

#include <stdint.h>

#define TIME_NONE INT64_MIN

#define SECOND_US INT64_C(1000000)
#define DAY_US (24 * 3600 * SECOND_US)

#endif
