/*
 * Strings of JSON: escapes, UTF-8, repair. See json_text.h and json.h.
 */
#include "base/json_text.h"
#include "base/json.h"

#define REPLACEMENT 0xFFFDu

static int
hex4(const unsigned char *at, const unsigned char *end, size_t *bad)
{
	int value = 0;

	for (size_t i = 0; i < 4; i++) {
		unsigned char c = at + i < end ? at[i] : 0;
		int digit;

		if (c >= '0' && c <= '9')
			digit = c - '0';
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			digit = (c | 0x20) - 'a' + 10;
		else {
			*bad = i;
			return -1;
		}
		value = value << 4 | digit;
	}
	return value;
}

static struct json_escape
read_unicode(const unsigned char *at, const unsigned char *end)
{
	size_t bad = 0;
	int first = hex4(at + 2, end, &bad), second;

	if (first < 0)
		return (struct json_escape){.fault_at = 2 + bad};
	if (first == 0 || (first >= 0xDC00 && first <= 0xDFFF))
		return (struct json_escape){6, 0, REPLACEMENT, true};
	if (first < 0xD800 || first > 0xDBFF)
		return (struct json_escape){6, 0, (uint32_t)first, false};
	if (end - at < 12 || at[6] != '\\' || at[7] != 'u')
		return (struct json_escape){6, 0, REPLACEMENT, true};
	second = hex4(at + 8, end, &bad);
	if (second < 0xDC00 || second > 0xDFFF)
		return (struct json_escape){6, 0, REPLACEMENT, true};
	return (struct json_escape){12, 0,
	    0x10000u + (((uint32_t)first & 0x3FF) << 10 | ((uint32_t)second & 0x3FF)), false};
}

struct json_escape
json_read_escape(const unsigned char *at, const unsigned char *end)
{
	static const char letters[] = "\"\\/bfnrt", points[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (end - at < 2)
		return (struct json_escape){.fault_at = 1};
	if (at[1] == 'u')
		return read_unicode(at, end);
	found = at[1] == '\0' ? NULL : strchr(letters, at[1]);
	if (found == NULL)
		return (struct json_escape){.fault_at = 1};
	return (struct json_escape){2, 0, (uint32_t)points[found - letters], false};
}

size_t
json_utf8_length(const unsigned char *at, const unsigned char *end)
{
	unsigned char low = 0x80, high = 0xBF;
	size_t length;

	if (at[0] < 0x80)
		return 1;
	if (at[0] < 0xC2 || at[0] > 0xF4)
		return 0;
	length = at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
	if ((size_t)(end - at) < length)
		return 0;
	/* the second byte excludes overlong forms, surrogates and points above U+10FFFF */
	if (at[0] == 0xE0)
		low = 0xA0;
	else if (at[0] == 0xED)
		high = 0x9F;
	else if (at[0] == 0xF0)
		low = 0x90;
	else if (at[0] == 0xF4)
		high = 0x8F;
	if (at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((at[i] & 0xC0) != 0x80)
			return 0;
	return length;
}

size_t
json_put_utf8(char *to, uint32_t point)
{
	if (point < 0x80) {
		to[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		to[0] = (char)(0xC0 | point >> 6);
		to[1] = (char)(0x80 | (point & 0x3F));
		return 2;
	}
	if (point < 0x10000) {
		to[0] = (char)(0xE0 | point >> 12);
		to[1] = (char)(0x80 | (point >> 6 & 0x3F));
		to[2] = (char)(0x80 | (point & 0x3F));
		return 3;
	}
	to[0] = (char)(0xF0 | point >> 18);
	to[1] = (char)(0x80 | (point >> 12 & 0x3F));
	to[2] = (char)(0x80 | (point >> 6 & 0x3F));
	to[3] = (char)(0x80 | (point & 0x3F));
	return 4;
}

/* Copies with escapes resolved and damage repaired. The text shrinks, but for bad bytes: × 3. */
static struct str
unescape(struct arena *a, const unsigned char *at, const unsigned char *end, unsigned *repairs)
{
	char *out = arena_alloc(a, (size_t)(end - at) * 3 + 1), *to = out;

	for (;;) {
		const unsigned char *plain = at;

		at = json_skip_plain(at, end);
		memcpy(to, plain, (size_t)(at - plain));
		to += at - plain;
		if (at >= end)
			break;
		if (*at == '\\') {
			struct json_escape esc = json_read_escape(at, end);

			to += json_put_utf8(to, esc.point);
			*repairs += esc.is_damaged;
			at += esc.length;
		} else {
			size_t length = json_utf8_length(at, end);

			if (length == 0) {
				to += json_put_utf8(to, REPLACEMENT);
				++*repairs;
				at++;
			} else {
				memcpy(to, at, length);
				to += length;
				at += length;
			}
		}
	}
	*to = '\0';
	return (struct str){out, (size_t)(to - out)};
}

/* Are there neither escapes nor bytes of damaged UTF-8 in it? */
static bool
is_clean(const unsigned char *at, const unsigned char *end)
{
	while ((at = json_skip_plain(at, end)) < end) {
		size_t length = *at == '\\' ? 0 : json_utf8_length(at, end);

		if (length == 0)
			return false;
		at += length;
	}
	return true;
}

/* As unescape, of what needs no repair, or shall have none. */
static struct str
resolve(struct arena *a, const char *at, const char *end)
{
	char *out = arena_alloc(a, (size_t)(end - at) + 1), *to = out;

	while (at < end) {
		const char *stop = memchr(at, '\\', (size_t)(end - at));
		size_t plain = (size_t)((stop == NULL ? end : stop) - at);
		struct json_escape esc;

		memcpy(to, at, plain);
		to += plain;
		at += plain;
		if (at == end)
			break;
		esc = json_read_escape((const unsigned char *)at, (const unsigned char *)end);
		to += json_put_utf8(to, esc.point);
		at += esc.length;
	}
	*to = '\0';
	return (struct str){out, (size_t)(to - out)};
}

struct str
json_bytes(struct arena *a, struct str value)
{
	if (json_kind(value) != JSON_STRING)
		return STR_NULL;
	value = (struct str){value.ptr + 1, value.len - 2};
	if (memchr(value.ptr, '\\', value.len) == NULL)
		return value;
	return resolve(a, value.ptr, value.ptr + value.len);
}

struct str
json_text(struct arena *a, struct str value, unsigned *repairs)
{
	const unsigned char *at, *end;

	if (repairs == NULL)
		return json_bytes(a, value);
	if (json_kind(value) != JSON_STRING)
		return STR_NULL;
	at = (const unsigned char *)value.ptr + 1;
	end = at + value.len - 2;
	if (is_clean(at, end))
		return (struct str){(const char *)at, value.len - 2};
	return unescape(a, at, end, repairs);
}

struct str
json_scalar(struct arena *a, struct str value, unsigned *repairs)
{
	return json_kind(value) == JSON_NUMBER ? value : json_text(a, value, repairs);
}

bool
json_is_absurd(const unsigned char *at, const unsigned char *end)
{
	unsigned exponent = 0;

	while (at < end && (*at | 0x20) != 'e')
		at++;
	for (at += at < end; at < end && exponent <= JSON_MAX_EXPONENT; at++)
		if (*at >= '0' && *at <= '9')
			exponent = exponent * 10 + (*at - '0');
	return exponent > JSON_MAX_EXPONENT;
}

/* Behind the number at `at`. */
static const unsigned char *
number_end(const unsigned char *at, const unsigned char *end)
{
	while (at < end && ((*at >= '0' && *at <= '9') || *at == '-' || *at == '+' || *at == '.' ||
			       (*at | 0x20) == 'e'))
		at++;
	return at;
}

struct repair {
	const unsigned char *at;
	const unsigned char *end;
	char *to;
	unsigned *repairs;
};

static void
copy_bytes(struct repair *r, size_t length)
{
	memcpy(r->to, r->at, length);
	r->to += length;
	r->at += length;
}

/* One letter of a string, an escape as one. */
static void
repair_letter(struct repair *r)
{
	size_t length;
	bool is_damaged;

	if (*r->at == '\\') {
		struct json_escape esc = json_read_escape(r->at, r->end);

		length = esc.length;
		is_damaged = esc.is_damaged;
	} else {
		length = json_utf8_length(r->at, r->end);
		is_damaged = length == 0;
	}
	if (!is_damaged) {
		copy_bytes(r, length);
		return;
	}
	r->to += json_put_utf8(r->to, REPLACEMENT);
	r->at += length == 0 ? 1 : length;
	++*r->repairs;
}

static void
repair_number(struct repair *r)
{
	const unsigned char *end = number_end(r->at, r->end);
	bool is_absurd = json_is_absurd(r->at, end);

	if (is_absurd)
		*r->to++ = '"';
	copy_bytes(r, (size_t)(end - r->at));
	if (is_absurd)
		*r->to++ = '"';
	*r->repairs += is_absurd;
}

struct str
json_repaired(struct arena *a, struct str value, unsigned *repairs)
{
	struct repair r = {.repairs = repairs};
	bool is_in_string = false;
	char *out;

	if (value.ptr == NULL || repairs == NULL || !json_check(value.ptr, value.len).has_damage)
		return value;
	r.at = (const unsigned char *)value.ptr;
	r.end = r.at + value.len;
	/* a bad byte becomes three, a number gets two quotes */
	out = r.to = arena_alloc(a, value.len * 3 + 2);
	while (r.at < r.end) {
		if (*r.at == '"') {
			is_in_string = !is_in_string;
			copy_bytes(&r, 1);
		} else if (is_in_string) {
			repair_letter(&r);
		} else if (*r.at == '-' || (*r.at >= '0' && *r.at <= '9')) {
			repair_number(&r);
		} else {
			copy_bytes(&r, 1);
		}
	}
	return (struct str){out, (size_t)(r.to - out)};
}
