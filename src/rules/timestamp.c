/*
 * Times out of text: see timestamp.h. The calendar is that of base/clock.h.
 */
#include <stdbool.h>
#include <string.h>

#include "base/clock.h"
#include "rules/timestamp.h"

#define MILLISECOND_US INT64_C(1000)
#define DAY_S INT64_C(86400)

/* Seconds of the year 5138, milliseconds of 1973: nothing usable is near. */
#define GREATEST_SECONDS INT64_C(100000000000)

#define EARLIEST_US (INT64_C(1230768000) * SECOND_US) /* 2009-01-01T00:00:00Z */
#define LATEST_US (INT64_C(4102444800) * SECOND_US) /* 2100-01-01T00:00:00Z */

/* of GREATEST_SECONDS: more are milliseconds */
#define SECONDS_DIGITS 11

/* Where these stand in an RFC 3339 time. */
#define T_AT 10
#define SECOND_AT 17
#define FRACTION_AT 19

/* 18 digits always fit into 64 bits. */
#define MAX_DIGITS 18

static bool parse_digits(struct str text, int64_t *us);
static bool parse_rfc3339(struct str text, int64_t *us);

int64_t
timestamp_parse(struct str text)
{
	int64_t us;

	if (!parse_digits(text, &us) && !parse_rfc3339(text, &us))
		return TIME_NONE;
	return us < EARLIEST_US || us > LATEST_US ? TIME_NONE : us;
}

/* Digits, a point, digits: seconds since 1970. */
static int64_t
parse_fraction(struct str text, size_t point)
{
	int64_t us = timestamp_parse((struct str){text.ptr, point});
	/* of milliseconds what is behind their point is cut */
	int64_t unit = point > SECONDS_DIGITS ? 1 : SECOND_US;

	for (size_t i = point + 1; us != TIME_NONE && i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return TIME_NONE;
		unit /= 10;
		us += (text.ptr[i] - '0') * unit;
	}
	return us;
}

int64_t
timestamp_parse_noted(struct str text)
{
	const char *point = text.len == 0 ? NULL : memchr(text.ptr, '.', text.len);
	char full[64];
	int64_t us = timestamp_parse(text);

	if (us != TIME_NONE || text.len < 3 || text.len > sizeof(full) - 3)
		return us;
	if (point != NULL && memchr(text.ptr, ':', text.len) == NULL)
		return parse_fraction(text, (size_t)(point - text.ptr));
	if (text.ptr[text.len - 3] != '+' && text.ptr[text.len - 3] != '-')
		return TIME_NONE;
	memcpy(full, text.ptr, text.len);
	memcpy(full + text.len, ":00", 3);
	return timestamp_parse((struct str){full, text.len + 3});
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
parse_digits(struct str text, int64_t *us)
{
	int64_t n = 0;

	if (text.len == 0 || text.len > MAX_DIGITS)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (!is_digit(text.ptr[i]))
			return false;
		n = n * 10 + (text.ptr[i] - '0');
	}
	if (n > GREATEST_SECONDS)
		n = n > LATEST_US / MILLISECOND_US ? LATEST_US + 1 : n * MILLISECOND_US;
	else
		n *= SECOND_US;
	*us = n;
	return true;
}

/*
 * What clock_parse_rfc3339 takes, and besides a space for the T (RFC 3339 5.6 lets applications
 * choose it, and they do), leap seconds, and fractions of any length, which are cut.
 */
static bool
parse_rfc3339(struct str text, int64_t *us)
{
	char plain[sizeof("2026-03-01T09:00:00.123456+00:00") - 1];
	size_t fraction_end = FRACTION_AT, kept, zone_len;
	bool is_leap;

	if (text.len <= FRACTION_AT)
		return false;
	if (text.ptr[FRACTION_AT] == '.')
		do
			fraction_end++;
		while (fraction_end < text.len && is_digit(text.ptr[fraction_end]));
	kept = fraction_end < FRACTION_AT + 7 ? fraction_end : FRACTION_AT + 7;
	zone_len = text.len - fraction_end;
	if (zone_len > sizeof("+00:00") - 1)
		return false;
	memcpy(plain, text.ptr, kept);
	memcpy(plain + kept, text.ptr + fraction_end, zone_len);
	if (plain[T_AT] == ' ')
		plain[T_AT] = 'T';
	is_leap = memcmp(plain + SECOND_AT, "60", 2) == 0;
	if (is_leap)
		memcpy(plain + SECOND_AT, "59", 2);
	if (clock_parse_rfc3339((struct str){plain, kept + zone_len}, us) != 0)
		return false;
	if (is_leap)
		*us += SECOND_US;
	/* a leap second is only at the end of a day in UTC */
	return !is_leap || *us / SECOND_US % DAY_S == 0;
}
