/*
 * The writer: see json.h.
 */
#include "base/json.h"
#include "base/json_text.h"

static void
before_value(struct json_writer *w)
{
	if (w->needs_comma)
		buf_put_char(w->out, ',');
	w->needs_comma = true;
}

static void
put_quoted(struct buf *out, struct str s)
{
	const unsigned char *at = (const unsigned char *)s.ptr, *end = at + s.len;

	buf_put_char(out, '"');
	while (at < end) {
		const unsigned char *stop = json_skip_plain(at, end);

		while (stop < end && *stop >= 0x80)
			stop = json_skip_plain(stop + 1, end);
		buf_put(out, at, (size_t)(stop - at));
		at = stop;
		if (at == end)
			break;
		if (*at == '"' || *at == '\\')
			buf_printf(out, "\\%c", *at);
		else if (*at == '\n')
			buf_put_text(out, "\\n");
		else
			buf_printf(out, "\\u%04x", *at);
		at++;
	}
	buf_put_char(out, '"');
}

static void
open_with(struct json_writer *w, char c)
{
	before_value(w);
	buf_put_char(w->out, c);
	w->needs_comma = false;
}

static void
close_with(struct json_writer *w, char c)
{
	buf_put_char(w->out, c);
	w->needs_comma = true;
}

void
json_begin_object(struct json_writer *w)
{
	open_with(w, '{');
}

void
json_end_object(struct json_writer *w)
{
	close_with(w, '}');
}

void
json_begin_array(struct json_writer *w)
{
	open_with(w, '[');
}

void
json_end_array(struct json_writer *w)
{
	close_with(w, ']');
}

void
json_put_key(struct json_writer *w, const char *key)
{
	before_value(w);
	put_quoted(w->out, str_of(key));
	buf_put_char(w->out, ':');
	w->needs_comma = false;
}

void
json_put_str(struct json_writer *w, struct str s)
{
	before_value(w);
	if (s.ptr == NULL)
		buf_put_text(w->out, "null");
	else
		put_quoted(w->out, s);
}

void
json_put_int(struct json_writer *w, int64_t n)
{
	char digits[20], *at = digits + sizeof(digits);
	uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	before_value(w);
	do
		*--at = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (n < 0)
		*--at = '-';
	buf_put(w->out, at, (size_t)(digits + sizeof(digits) - at));
}

void
json_put_bool(struct json_writer *w, bool b)
{
	before_value(w);
	buf_put_text(w->out, b ? "true" : "false");
}

void
json_put_null(struct json_writer *w)
{
	before_value(w);
	buf_put_text(w->out, "null");
}

void
json_put_raw(struct json_writer *w, struct str json)
{
	before_value(w);
	buf_put_str(w->out, json);
}
