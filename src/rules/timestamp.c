/*
 * Times out of text: see timestamp.h. Calendar by arithmetic, without the clock
 * and the time zones of the C library.
 */
#include <stdbool.h>
#include <string.h>

#include "rules/timestamp.h"

#define SECOND_US INT64_C(1000000)
#define MILLISECOND_US INT64_C(1000)
#define DAY_S INT64_C(86400)

/* Seconds of the year 5138, milliseconds of 1973: nothing usable is near. */
#define GREATEST_SECONDS INT64_C(100000000000)

#define EARLIEST_US (INT64_C(1230768000) * SECOND_US) /* 2009-01-01T00:00:00Z */
#define LATEST_US (INT64_C(4102444800) * SECOND_US) /* 2100-01-01T00:00:00Z */

/* of GREATEST_SECONDS: more are milliseconds */
#define SECONDS_DIGITS 11

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

/* Takes `count` digits from the front of the text. */
static bool
take_number(struct str *text, size_t count, int *out)
{
	*out = 0;
	if (text->len < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!is_digit(text->ptr[i]))
			return false;
		*out = *out * 10 + (text->ptr[i] - '0');
	}
	text->ptr += count;
	text->len -= count;
	return true;
}

/* Takes one character if it is among `allowed`; gives it, or NUL. */
static char
take_char(struct str *text, const char *allowed)
{
	char c = text->len == 0 ? '\0' : text->ptr[0];

	if (c == '\0' || strchr(allowed, c) == NULL)
		return '\0';
	text->ptr++;
	text->len--;
	return c;
}

/* Days since 1970-01-01 of the Gregorian calendar; the year begins in March, so that the leap
 * day is its last. */
static int64_t
days_from_civil(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return INT64_C(365) * y + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && is_leap ? 29 : days[month - 1];
}

/* 2026-03-01, as seconds since 1970. */
static bool
take_date(struct str *text, int64_t *seconds)
{
	int year, month, day;

	if (!take_number(text, 4, &year) || !take_char(text, "-") ||
	    !take_number(text, 2, &month) || !take_char(text, "-") || !take_number(text, 2, &day))
		return false;
	/* year 0 is before the arithmetic above and after nothing usable */
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	*seconds = days_from_civil(year, month, day) * DAY_S;
	return true;
}

/* 09:30:00, and a leap second. */
static bool
take_time(struct str *text, int64_t *seconds)
{
	int hour, minute, second;

	if (!take_number(text, 2, &hour) || !take_char(text, ":") ||
	    !take_number(text, 2, &minute) || !take_char(text, ":") ||
	    !take_number(text, 2, &second))
		return false;
	*seconds = hour * 3600 + minute * 60 + second;
	return hour <= 23 && minute <= 59 && second <= 60;
}

/* Nothing, or a point and digits. */
static bool
take_fraction(struct str *text, int64_t *us)
{
	int64_t unit = SECOND_US;
	int digit;

	*us = 0;
	if (!take_char(text, "."))
		return true;
	if (text->len == 0 || !is_digit(text->ptr[0]))
		return false;
	while (take_number(text, 1, &digit)) {
		unit /= 10;
		*us += digit * unit;
	}
	return true;
}

/* Z or +05:30, in seconds east. */
static bool
take_zone(struct str *text, int64_t *seconds)
{
	char sign = take_char(text, "Zz+-");
	int hour, minute;

	*seconds = 0;
	if (sign == 'Z' || sign == 'z')
		return true;
	if (sign == '\0' || !take_number(text, 2, &hour) || !take_char(text, ":") ||
	    !take_number(text, 2, &minute))
		return false;
	*seconds = (hour * 3600 + minute * 60) * (sign == '-' ? -1 : 1);
	return hour <= 23 && minute <= 59;
}

static bool
parse_rfc3339(struct str text, int64_t *us)
{
	struct str second_at;
	int64_t date, time, fraction, zone;

	/* a space for the T: RFC 3339 5.6 lets applications choose it, and they do */
	if (!take_date(&text, &date) || !take_char(&text, "Tt "))
		return false;
	if (!take_time(&text, &time))
		return false;
	second_at = (struct str){text.ptr - 2, 2};
	if (!take_fraction(&text, &fraction) || !take_zone(&text, &zone) || text.len != 0)
		return false;
	/* a leap second is only at the end of a day in UTC */
	if (str_is(second_at, "60") && (date + time - zone) % DAY_S != 0)
		return false;
	*us = (date + time - zone) * SECOND_US + fraction;
	return true;
}
