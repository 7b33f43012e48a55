/*
 * The walk over checked bytes: see json.h.
 */
#include <stdlib.h>

#include "base/json.h"
#include "base/json_text.h"

/* Between two values: white space, commas, colons; a bit for each. */
#define BETWEEN \
	(UINT64_C(1) << ' ' | UINT64_C(1) << ',' | UINT64_C(1) << ':' | UINT64_C(1) << '\n' | \
	    UINT64_C(1) << '\r' | UINT64_C(1) << '\t')

static inline const char *
skip_between(const char *at, const char *end)
{
	while (at < end && (unsigned char)*at < 64 && (BETWEEN >> *at & 1) != 0)
		at++;
	return at;
}

static const char *
skip_container(const char *at, const char *end)
{
	size_t depth = 0;

	while (at < end) {
		switch (*at) {
		case '"':
			at = json_skip_string(at, end);
			continue;
		case '{':
		case '[':
			depth++;
			break;
		case '}':
		case ']':
			if (--depth == 0)
				return at + 1;
			break;
		default:
			break;
		}
		at++;
	}
	return end;
}

static const char *
skip_value(const char *at, const char *end)
{
	if (*at == '{' || *at == '[')
		return skip_container(at, end);
	while (at < end && *at != ',' && *at != '}' && *at != ']' && (unsigned char)*at > ' ')
		at++;
	return at;
}

struct json_walk
json_enter(struct str value)
{
	enum json_kind kind = json_kind(value);

	if (kind != JSON_OBJECT && kind != JSON_ARRAY)
		return (struct json_walk){NULL, NULL};
	return (struct json_walk){value.ptr + 1, value.ptr + value.len - 1};
}

bool
json_is_more(struct json_walk *w)
{
	w->at = skip_between(w->at, w->end);
	return w->at < w->end;
}

bool
json_element(struct json_walk *w, struct str *value)
{
	const char *start = skip_between(w->at, w->end);

	w->at = start;
	if (start >= w->end)
		return false;
	w->at = *start == '"' ? json_skip_string(start, w->end) : skip_value(start, w->end);
	*value = (struct str){start, (size_t)(w->at - start)};
	return w->at > start; /* or it was not checked: no caller must be held */
}

bool
json_key(struct json_walk *w, struct str *key)
{
	const char *start = skip_between(w->at, w->end);

	w->at = start;
	if (start >= w->end || *start != '"')
		return false;
	w->at = json_skip_string(start, w->end);
	*key = (struct str){start + 1, (size_t)(w->at - start) - 2};
	return true;
}

bool
json_member(struct json_walk *w, struct str *key, struct str *value)
{
	return json_key(w, key) && json_element(w, value);
}

bool
json_key_is(struct str key, const char *name)
{
	const unsigned char *at = (const unsigned char *)key.ptr, *end = at + key.len;
	char letter[4];

	if (memchr(key.ptr, '\\', key.len) == NULL)
		return str_is(key, name);
	while (at < end) {
		size_t length = 1;

		if (*at == '\\') {
			struct json_escape esc = json_read_escape(at, end);

			length = json_put_utf8(letter, esc.point);
			at += esc.length;
		} else {
			letter[0] = (char)*at++;
		}
		if (strncmp(name, letter, length) != 0)
			return false;
		name += length;
	}
	return *name == '\0';
}

struct str
json_get(struct str object, const char *name)
{
	struct json_walk w;
	struct str key, value, found = STR_NULL;

	if (json_kind(object) != JSON_OBJECT)
		return STR_NULL;
	w = json_enter(object);
	while (json_member(&w, &key, &value))
		if (json_key_is(key, name))
			found = value;
	return found;
}

/* 100.0 or 1e2, as some libraries write it: whole, and below 2^53. */
static bool
whole_number(struct str number, int64_t *out)
{
	char text[32];
	double n;

	if (number.len >= sizeof(text))
		return false;
	memcpy(text, number.ptr, number.len);
	text[number.len] = '\0';
	n = strtod(text, NULL);
	if (n < -9007199254740992.0 || n > 9007199254740992.0 || n != (double)(int64_t)n)
		return false;
	*out = (int64_t)n;
	return true;
}

bool
json_int(struct str value, int64_t *out)
{
	uint64_t n = 0;
	struct str number = value;
	bool is_negative;

	if (json_kind(value) == JSON_STRING) {
		value.ptr++;
		value.len -= 2;
	} else if (json_kind(value) != JSON_NUMBER) {
		return false;
	}
	is_negative = value.len > 0 && value.ptr[0] == '-';
	if (is_negative) {
		value.ptr++;
		value.len--;
	}
	if (value.len == 0 || value.len > 19) /* 19 digits always fit into n */
		return false;
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] < '0' || value.ptr[i] > '9')
			return json_kind(number) == JSON_NUMBER && whole_number(number, out);
		n = n * 10 + (uint64_t)(value.ptr[i] - '0');
	}
	if (n > (uint64_t)INT64_MAX + is_negative)
		return false;
	*out = is_negative ? (int64_t)(0 - n) : (int64_t)n;
	return true;
}

bool
json_is_true(struct str value)
{
	return str_equal(value, STR_LIT("true"));
}
