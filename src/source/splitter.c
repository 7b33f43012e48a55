/*
 * The splitter: one step function a place; a step moves on or gives a payload.
 * How the end of a broken document is found: see find_whole_line and region.h.
 */
#include <inttypes.h>
#include <string.h>

#include "base/count.h"
#include "base/json.h"
#include "base/space.h"
#include "model/time.h"
#include "rules/reject_codes.h"
#include "source/region.h"
#include "source/skipper.h"
#include "source/splitter.h"

#define UTF8_BOM STR_LIT("\xEF\xBB\xBF")
#define BOM_MAX_BYTES 4

/* Each look may go to the end of the damaged region: of a document that is cut again and again. */
#define MANY_LINES 100

static int step_start(struct splitter *, struct arena *, struct payload *, struct err *);
static int step_document(struct splitter *, struct arena *, struct payload *, struct err *);
static int step_element(struct splitter *, struct arena *, struct payload *, struct err *);
static int step_behind_element(struct splitter *, struct arena *, struct payload *, struct err *);

void
splitter_init(struct splitter *s, size_t max_bytes, size_t step)
{
	*s = (struct splitter){.max_bytes = max_bytes, .place = SPLITTER_AT_END};
	window_init(&s->window, step, max_bytes + 1); /* one more shows that it is too large */
}

void
splitter_free(struct splitter *s)
{
	window_free(&s->window);
}

void
splitter_begin(struct splitter *s, const char *name, struct byte_reader reader)
{
	window_attach(&s->window, reader);
	s->name = name;
	s->place = SPLITTER_AT_START;
	s->is_mending = false;
	s->count = 0;
}

int
splitter_next(struct splitter *s, struct arena *a, struct payload *out, struct err *e)
{
	static int (*const steps[])(
	    struct splitter *, struct arena *, struct payload *, struct err *) = {
	    [SPLITTER_AT_START] = step_start,
	    [SPLITTER_AT_DOCUMENT] = step_document,
	    [SPLITTER_AT_FIRST_ELEMENT] = step_element,
	    [SPLITTER_AT_ELEMENT] = step_element,
	    [SPLITTER_BEHIND_ELEMENT] = step_behind_element,
	};
	int given = 0;

	*out = (struct payload){.received_at_us = TIME_NONE, .signature = SIGNATURE_ABSENT};
	while (given == 0 && s->place != SPLITTER_AT_END)
		given = steps[s->place](s, a, out, e);
	if (given == 1)
		s->count++;
	return given;
}

static bool
begins_with(struct str s, struct str prefix)
{
	return s.len >= prefix.len && memcmp(s.ptr, prefix.ptr, prefix.len) == 0;
}

/* To the next byte that means something. 1: there is one, 0: the stream ends, -1: error. */
static int
skip_space(struct splitter *s, struct err *e)
{
	struct window *w = &s->window;

	for (;;) {
		struct str view = window_view(w);
		size_t space = space_length(view);

		window_consume(w, space);
		if (space < view.len)
			return 1;
		if (w->is_at_end)
			return 0;
		if (window_fill(w, 1, e) != 0)
			return -1;
	}
}

/* As skip_space; files put one behind the other may have a BOM before each document. */
static int
skip_to_document(struct splitter *s, struct err *e)
{
	for (;;) {
		int more = skip_space(s, e);

		if (more <= 0 || *window_view(&s->window).ptr != UTF8_BOM.ptr[0])
			return more;
		if (window_fill(&s->window, UTF8_BOM.len, e) != 0)
			return -1;
		if (!begins_with(window_view(&s->window), UTF8_BOM))
			return 1;
		window_consume(&s->window, UTF8_BOM.len);
	}
}

static void
set_item(struct splitter *s, bool is_element)
{
	s->item.line = s->window.line;
	s->item.offset = s->window.offset;
	s->item.is_element = is_element;
}

/* Names the payload whose bytes were just consumed. */
static int
give(struct splitter *s, struct arena *a, struct payload *out, struct err *e)
{
	int more = 1;

	if (s->item.is_element) {
		out->source = arena_printf(
		    a, "%s:%" PRIu64 "[%" PRIu64 "]", s->name, s->item.line, s->index++);
		return 1;
	}
	if (s->count == 0) /* is it the only one? */
		more = skip_to_document(s, e);
	if (more < 0)
		return -1;
	if (more == 0)
		out->source = arena_copy(a, str_of(s->name));
	else
		out->source = arena_printf(a, "%s:%" PRIu64, s->name, s->item.line);
	return 1;
}

/* The whole stream is one faulty payload; the fault is set. */
static int
give_stream(
    struct splitter *s, struct arena *a, struct region *r, struct payload *out, struct err *e)
{
	s->place = SPLITTER_AT_END;
	if (region_grow_all(r, e) < 0) {
		region_cancel(r);
		return -1;
	}
	region_take(r, a, REGION_AS_IT_IS, out);
	out->source = arena_copy(a, str_of(s->name));
	return 1;
}

/* The name of the encoding that a BOM of UTF-16 or UTF-32 says, or NULL. */
static const char *
wide_encoding(struct str view)
{
	static const struct {
		struct str bom;
		const char *name;
	} encodings[] = {
	    {{"\xFF\xFE\0\0", 4}, "UTF-32"}, /* before UTF-16, whose BOM it begins with */
	    {{"\0\0\xFE\xFF", 4}, "UTF-32"},
	    {{"\xFF\xFE", 2}, "UTF-16"},
	    {{"\xFE\xFF", 2}, "UTF-16"},
	};

	for (size_t i = 0; i < COUNT(encodings); i++)
		if (begins_with(view, encodings[i].bom))
			return encodings[i].name;
	return NULL;
}

/* Over BOM and white space without losing them: the hash of a stream without JSON is of all of it.
 */
static int
grow_over_space(struct region *r, struct err *e)
{
	if (begins_with(region_rest(r), UTF8_BOM))
		r->len += UTF8_BOM.len;
	for (;;) {
		int more;

		r->len += space_length(region_rest(r));
		if (region_rest(r).len > 0)
			return 1;
		more = region_grow(r, e);
		if (more <= 0)
			return more;
	}
}

static int
step_start(struct splitter *s, struct arena *a, struct payload *out, struct err *e)
{
	struct region r = region_begin(&s->window, s->max_bytes);
	const char *wide;
	int more;

	if (window_fill(&s->window, BOM_MAX_BYTES, e) != 0)
		return -1;
	out->fault = REJECT_NOT_JSON;
	wide = wide_encoding(region_rest(&r));
	if (wide != NULL) {
		out->fault_text = arena_printf(a, "the file is %s: convert it to UTF-8", wide);
		return give_stream(s, a, &r, out, e);
	}
	more = grow_over_space(&r, e);
	if (more < 0) {
		region_cancel(&r);
		return -1;
	}
	if (more == 0) {
		out->fault = REJECT_EMPTY;
		out->fault_text = str_of("the file holds nothing, or nothing but white space");
		return give_stream(s, a, &r, out, e);
	}
	if (*region_rest(&r).ptr != '{' && *region_rest(&r).ptr != '[') {
		out->fault_text =
		    arena_printf(a, "neither an object nor an array begins at byte %" PRIu64,
			s->window.offset + r.len);
		return give_stream(s, a, &r, out, e);
	}
	region_drop(&r);
	out->fault = NULL;
	s->place = SPLITTER_AT_DOCUMENT;
	return 0;
}

/* Does a document begin here that ends with a line, the first or, if it is laid out, another? */
static bool
is_whole_document(const char *bytes, size_t len)
{
	struct json_check check = json_check(bytes, len);
	const char *rest = bytes + check.end, *line;

	if (check.fault != JSON_OK)
		return false;
	line = memchr(rest, '\n', len - check.end);
	len = line == NULL ? len - check.end : (size_t)(line - rest);
	return space_length((struct str){rest, len}) == len;
}

/* {"object": …}, as no object within a payload begins: what lies in a broken one is not taken. */
static bool
begins_payload(const char *line, const char *stop)
{
	static const char first[] = "\"object\"";
	const char *at = line + 1;

	while (at < stop && space_is(*at))
		at++;
	return (size_t)(stop - at) >= sizeof(first) - 1 &&
	       memcmp(at, first, sizeof(first) - 1) == 0;
}

/*
 * A document that was cut swallows the lines behind it until one does not fit: after `{"a":[`
 * the next good line looks like an element. The first line that a document of its own begins with
 * was not meant so. Gives its offset, or `end`. Of those that are laid out over several lines only
 * payloads of Meta are looked for, MANY_LINES times at most.
 */
static size_t
find_whole_line(const char *bytes, size_t end)
{
	const char *at = bytes, *stop = bytes + end;
	unsigned lines = 0;

	while ((at = memchr(at, '\n', (size_t)(stop - at))) != NULL) {
		const char *line = ++at, *next;

		if (line == stop || *line != '{')
			continue;
		next = memchr(line, '\n', (size_t)(stop - line));
		at = next == NULL ? stop : next;
		if (is_whole_document(line, (size_t)(at - line)) ||
		    (begins_payload(line, stop) && lines++ < MANY_LINES &&
			is_whole_document(line, (size_t)(stop - line))))
			return (size_t)(line - bytes);
	}
	return end;
}

/* Takes a faulty region; what stood in an array stands for itself from here on. */
static int
give_gap(struct splitter *s, struct arena *a, struct region *r, struct payload *out, struct err *e)
{
	s->place = SPLITTER_AT_DOCUMENT;
	s->is_mending |= s->item.is_element;
	region_take(r, a, REGION_TRIMMED, out);
	return give(s, a, out, e);
}

/* From the item's start to where reading can go on. */
static int
take_gap(struct splitter *s, struct arena *a, struct json_check check, struct payload *out,
    struct err *e)
{
	struct region r = region_begin(&s->window, s->max_bytes);

	out->fault = reject_code_of_json(check.fault);
	out->fault_text = arena_printf(
	    a, "%s at byte %" PRIu64, json_fault_text(check.fault), s->item.offset + check.end);
	r.len = find_whole_line(window_view(&s->window).ptr, check.end);
	if (region_grow_to_line(&r, e) < 0) {
		region_cancel(&r);
		return -1;
	}
	return give_gap(s, a, &r, out, e);
}

/* Up to the end of a value that is too large, or to where reading can go on. 1: it was whole. */
static int
grow_over_giant(struct region *r, struct err *e)
{
	struct skipper sk;

	skipper_init(&sk);
	for (;;) {
		int more;

		r->len += skipper_feed(&sk, region_rest(r));
		if (sk.state == SKIPPER_DONE)
			return 1;
		if (sk.state == SKIPPER_FAULT)
			return region_grow_to_line(r, e);
		more = region_grow(r, e);
		if (more <= 0)
			return more;
	}
}

static int
take_giant(struct splitter *s, struct arena *a, struct payload *out, struct err *e)
{
	struct region r = region_begin(&s->window, s->max_bytes);
	int is_whole = grow_over_giant(&r, e);

	if (is_whole < 0) {
		region_cancel(&r);
		return -1;
	}
	out->fault = REJECT_TOO_LARGE;
	out->fault_text = arena_printf(
	    a, "more than %zu bytes from byte %" PRIu64 " on", s->max_bytes, s->item.offset);
	if (!is_whole)
		return give_gap(s, a, &r, out, e);
	region_take(&r, a, REGION_AS_IT_IS, out);
	s->place = s->item.is_element ? SPLITTER_BEHIND_ELEMENT : SPLITTER_AT_DOCUMENT;
	return give(s, a, out, e);
}

/* May what was found change with more bytes? A number has no end of its own. */
static bool
is_cut(struct json_check check, struct str bytes)
{
	return check.fault == JSON_TRUNCATED ||
	       (check.fault == JSON_OK && check.end == bytes.len &&
		   bytes.ptr[bytes.len - 1] >= '0' && bytes.ptr[bytes.len - 1] <= '9');
}

/*
 * Checks the value at the window's start with as many bytes as it takes, at most one more
 * than may be kept. The bytes double each time, so all checks together stay linear.
 */
static int
check_value(struct splitter *s, struct arena *a, struct json_check *check,
    struct json_outline *outline, struct err *e)
{
	size_t most = s->max_bytes + 1, seen;

	do {
		struct str view = window_view(&s->window);

		if (view.len > most)
			view.len = most;
		seen = view.len;
		*check = json_check_outline(a, view.ptr, view.len, outline);
		if (!is_cut(*check, view) || view.len == most)
			return 0;
		if (window_fill(&s->window, view.len * 2, e) != 0)
			return -1;
	} while (window_view(&s->window).len > seen);
	return 0;
}

/* The value that begins here, good or not. */
static int
take_value(struct splitter *s, struct arena *a, struct payload *out, struct err *e)
{
	struct json_outline outline;
	struct json_check check;
	struct region r;

	if (check_value(s, a, &check, &outline, e) != 0)
		return -1;
	if (check.end > s->max_bytes)
		return take_giant(s, a, out, e);
	if (check.fault != JSON_OK)
		return take_gap(s, a, check, out, e);
	r = region_begin(&s->window, s->max_bytes);
	r.len = check.end;
	region_take(&r, a, REGION_AS_IT_IS, out);
	out->outline = outline;
	s->place = s->item.is_element ? SPLITTER_BEHIND_ELEMENT : SPLITTER_AT_DOCUMENT;
	return give(s, a, out, e);
}

/* A byte, or the end of the stream, that cannot stand here. */
static int
take_stray(struct splitter *s, struct arena *a, struct payload *out, struct err *e)
{
	bool has_bytes = window_view(&s->window).len > 0;
	struct json_check check = {.fault = has_bytes ? JSON_SYNTAX : JSON_TRUNCATED};

	return take_gap(s, a, check, out, e);
}

static int
step_document(struct splitter *s, struct arena *a, struct payload *out, struct err *e)
{
	int more = skip_to_document(s, e);
	char c;

	if (more <= 0) {
		s->place = SPLITTER_AT_END;
		return more;
	}
	c = *window_view(&s->window).ptr;
	set_item(s, false);
	if (c == '{')
		return take_value(s, a, out, e);
	if (c == '[') {
		s->place = SPLITTER_AT_FIRST_ELEMENT;
		s->index = 0;
	} else if (!s->is_mending || (c != ',' && c != ']')) {
		return take_stray(s, a, out, e);
	}
	s->is_mending = s->is_mending && c == ',';
	window_consume(&s->window, 1);
	return 0;
}

static int
step_element(struct splitter *s, struct arena *a, struct payload *out, struct err *e)
{
	int more = skip_space(s, e);

	if (more < 0)
		return -1;
	set_item(s, true);
	if (more == 0)
		return take_stray(s, a, out, e);
	if (s->place == SPLITTER_AT_FIRST_ELEMENT && *window_view(&s->window).ptr == ']') {
		window_consume(&s->window, 1);
		s->place = SPLITTER_AT_DOCUMENT;
		return 0;
	}
	return take_value(s, a, out, e);
}

static int
step_behind_element(struct splitter *s, struct arena *a, struct payload *out, struct err *e)
{
	int more = skip_space(s, e);
	char c;

	if (more < 0)
		return -1;
	set_item(s, true);
	if (more == 0)
		return take_stray(s, a, out, e);
	c = *window_view(&s->window).ptr;
	if (c != ',' && c != ']')
		return take_stray(s, a, out, e);
	window_consume(&s->window, 1);
	s->place = c == ',' ? SPLITTER_AT_ELEMENT : SPLITTER_AT_DOCUMENT;
	return 0;
}
