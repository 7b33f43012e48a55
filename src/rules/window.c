/*
 * Windows of media: see window.h.
 */
#include "rules/window.h"

#define MAX_HOURS (WINDOW_MAX_DAYS * 24)

bool
window_parse(struct str text, int *hours)
{
	int unit = 24, n = 0;

	if (text.len > 0 && (text.ptr[text.len - 1] == 'd' || text.ptr[text.len - 1] == 'h'))
		unit = text.ptr[--text.len] == 'd' ? 24 : 1;
	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		n = n * 10 + (text.ptr[i] - '0');
		if (n * unit > MAX_HOURS)
			return false;
	}
	if (n == 0)
		return false;
	*hours = n * unit;
	return true;
}

struct str
window_text(struct arena *a, int hours)
{
	int unit = hours % 24 == 0 ? 24 : 1;
	const char *word = unit == 24 ? "day" : "hour";

	return arena_printf(a, "%d %s%s", hours / unit, word, hours == unit ? "" : "s");
}

bool
window_is_usual(const struct as_of *as_of)
{
	return as_of->max_age_hours == AS_OF_MAX_AGE_HOURS &&
	       as_of->id_life_hours == AS_OF_ID_LIFE_HOURS;
}
