/*
 * Large values by the outline: see spans.h.
 */
#include "decode/spans.h"

/* Length of the large value that begins at `at`, 0 if none does. */
static size_t
length_of(const struct spans *s, const char *at)
{
	size_t begin = (size_t)(at - s->document), low = 0, high = s->outline.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct json_span *span = &s->outline.spans[middle];

		if (span->begin == begin)
			return span->end - begin;
		if (span->begin < begin)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

bool
spans_find(const struct spans *s, struct json_walk *w, struct str *value)
{
	size_t len;

	if (!json_is_more(w) || (*w->at != '{' && *w->at != '['))
		return json_element(w, value);
	len = length_of(s, w->at);
	if (len == 0)
		return json_element(w, value);
	*value = (struct str){w->at, len};
	w->at += len;
	return true;
}

bool
spans_element(const struct spans *s, struct json_walk *w, struct str *value)
{
	return (s == NULL || !s->is_closed) && spans_value(s, w, value);
}
