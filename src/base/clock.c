/*
 * The clock: see clock.h. Calendar arithmetic is done here and not by timegm,
 * which takes impossible dates and wraps without a word.
 */
#include <stdbool.h>
#include <stdio.h>

#include "base/clock.h"
#include "model/time.h"

#define DAY_SECONDS INT64_C(86400)
/* 0000-01-01T00:00:00Z and 10000-01-01T00:00:00Z */
#define YEAR_0_SECONDS INT64_C(-62167219200)
#define YEAR_10000_SECONDS INT64_C(253402300800)

struct date {
	int year;
	int month;
	int day;
};

static int64_t days_of_date(struct date d);
static struct date date_of_days(int64_t days);
static int days_in_month(int year, int month);
static bool take_digits(struct str *at, size_t count, int *out);
static bool take_char(struct str *at, const char *any_of);
static bool take_date(struct str *at, int64_t *days);
static bool take_time(struct str *at, int64_t *seconds);
static bool take_fraction(struct str *at, int64_t *us);
static bool take_zone(struct str *at, int64_t *seconds);

int64_t
clock_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

int64_t
clock_monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

int64_t
clock_monotonic_ms(void)
{
	return clock_monotonic_us() / 1000;
}

struct timespec
clock_after_ms(int64_t ms)
{
	int64_t us = clock_now_us() + ms * 1000;

	return (struct timespec){us / SECOND_US, us % SECOND_US * 1000};
}

char *
clock_format_rfc3339(int64_t us, char *out, size_t size)
{
	/* / truncates towards zero; times before 1970 must go down */
	int64_t seconds = us / SECOND_US - (us % SECOND_US < 0);
	int64_t days = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);
	int of_day = (int)(seconds - days * DAY_SECONDS);
	struct date d;

	if (us == TIME_NONE || seconds < YEAR_0_SECONDS || seconds >= YEAR_10000_SECONDS) {
		snprintf(out, size, "-");
		return out;
	}
	d = date_of_days(days);
	snprintf(out, size, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, d.month, d.day, of_day / 3600,
	    of_day / 60 % 60, of_day % 60);
	return out;
}

char *
clock_format_exact(int64_t us, char *out, size_t size)
{
	int64_t fraction_us = (us % SECOND_US + SECOND_US) % SECOND_US;
	size_t zone;

	clock_format_rfc3339(us, out, size);
	zone = strlen(out) - 1;
	if (fraction_us != 0 && out[zone] == 'Z')
		snprintf(out + zone, size - zone, ".%06dZ", (int)fraction_us);
	return out;
}

int
clock_parse_rfc3339(struct str text, int64_t *us)
{
	int64_t days, seconds, fraction_us, zone;

	if (!take_date(&text, &days) || !take_char(&text, "Tt") || !take_time(&text, &seconds) ||
	    !take_fraction(&text, &fraction_us) || !take_zone(&text, &zone) || text.len != 0)
		return -1;
	*us = (days * DAY_SECONDS + seconds - zone) * SECOND_US + fraction_us;
	return 0;
}

/*
 * Both ways after Howard Hinnant's "chrono-compatible low-level date algorithms": years that
 * begin in March, eras of 400 years. 719468 days lie between 0000-03-01 and 1970-01-01.
 */
static int64_t
days_of_date(struct date d)
{
	int64_t year = d.month <= 2 ? d.year - 1 : d.year;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t month_from_march = (d.month + 9) % 12;
	int64_t day_of_year = (153 * month_from_march + 2) / 5 + d.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

static struct date
date_of_days(int64_t days)
{
	int64_t from_march = days + 719468;
	int64_t era = (from_march >= 0 ? from_march : from_march - 146096) / 146097;
	int64_t of_era = from_march - era * 146097;
	int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month_from_march = (5 * of_year + 2) / 153;
	int month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
	int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);

	return (struct date){
	    (int)year, month, (int)(of_year - (153 * month_from_march + 2) / 5 + 1)};
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && is_leap ? 29 : days[month - 1];
}

static bool
take_digits(struct str *at, size_t count, int *out)
{
	int n = 0;

	if (at->len < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (at->ptr[i] < '0' || at->ptr[i] > '9')
			return false;
		n = n * 10 + (at->ptr[i] - '0');
	}
	at->ptr += count;
	at->len -= count;
	*out = n;
	return true;
}

static bool
take_char(struct str *at, const char *any_of)
{
	if (at->len == 0 || at->ptr[0] == '\0' || strchr(any_of, at->ptr[0]) == NULL)
		return false;
	at->ptr++;
	at->len--;
	return true;
}

static bool
take_date(struct str *at, int64_t *days)
{
	struct date d;

	if (!take_digits(at, 4, &d.year) || !take_char(at, "-") || !take_digits(at, 2, &d.month) ||
	    !take_char(at, "-") || !take_digits(at, 2, &d.day))
		return false;
	if (d.month < 1 || d.month > 12 || d.day < 1 || d.day > days_in_month(d.year, d.month))
		return false;
	*days = days_of_date(d);
	return true;
}

static bool
take_time(struct str *at, int64_t *seconds)
{
	int hour, minute, second;

	if (!take_digits(at, 2, &hour) || !take_char(at, ":") || !take_digits(at, 2, &minute) ||
	    !take_char(at, ":") || !take_digits(at, 2, &second))
		return false;
	*seconds = hour * 3600 + minute * 60 + second;
	return hour < 24 && minute < 60 && second < 60;
}

static bool
take_fraction(struct str *at, int64_t *us)
{
	int64_t worth = SECOND_US / 10;
	int digits = 0, digit;

	*us = 0;
	if (!take_char(at, "."))
		return true;
	while (take_digits(at, 1, &digit)) {
		*us += digit * worth;
		worth /= 10;
		digits++;
	}
	return digits >= 1 && digits <= 9;
}

static bool
take_zone(struct str *at, int64_t *seconds)
{
	bool is_west = at->len > 0 && at->ptr[0] == '-';
	int hours, minutes;

	*seconds = 0;
	if (take_char(at, "Zz"))
		return true;
	if (!take_char(at, "+-") || !take_digits(at, 2, &hours) || !take_char(at, ":") ||
	    !take_digits(at, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*seconds = (is_west ? -1 : 1) * (hours * 3600 + minutes * 60);
	return true;
}
