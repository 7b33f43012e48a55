/*
 * The ends of large values, in one pass: see spans.h.
 */
#include "base/json_text.h"
#include "decode/spans.h"

/* Smaller values are read again where they are met: that is cheaper than to look them up. Of a
 * small document, what is less than an eighth of it. */
#define LARGE_BYTES 1024

/* A message stands at level 12 of a raw payload; what is deeper is small or rare. */
#define MAX_LEVELS 16

struct finder {
	struct arena *arena;
	struct spans *found;
	size_t cap;
	size_t open[MAX_LEVELS + 1]; /* index of the open value of each level */
	size_t level;
	size_t large; /* bytes of the least value that is kept */
};

static void
open_value(struct finder *f, const char *at)
{
	if (++f->level > MAX_LEVELS)
		return;
	if (f->found->count == f->cap) {
		struct str *items = arena_alloc(f->arena, 2 * f->cap * sizeof(*items));

		memcpy(items, f->found->items, f->cap * sizeof(*items));
		f->found->items = items;
		f->cap *= 2;
	}
	f->open[f->level] = f->found->count;
	f->found->items[f->found->count++] = (struct str){at, 0};
}

/* What is small is forgotten; all in it was smaller and is forgotten already. */
static void
close_value(struct finder *f, const char *behind)
{
	struct str *value;

	if (f->level-- > MAX_LEVELS)
		return;
	value = &f->found->items[f->open[f->level + 1]];
	value->len = (size_t)(behind - value->ptr);
	if (value->len < f->large)
		f->found->count = f->open[f->level + 1];
}

void
spans_find(struct spans *s, struct arena *a, struct str document)
{
	const char *at = document.ptr, *end = at + document.len;
	struct finder f = {.arena = a, .found = s, .cap = SPANS_FEW};

	s->items = s->few;
	s->count = 0;
	s->is_closed = false;
	f.large = document.len / 8 < LARGE_BYTES ? document.len / 8 : LARGE_BYTES;
	while (at < end) {
		switch (*at) {
		case '"':
			at = json_skip_string(at, end);
			continue;
		case '{':
		case '[':
			open_value(&f, at);
			break;
		case '}':
		case ']':
			close_value(&f, at + 1);
			break;
		default:
			break;
		}
		at++;
	}
}

/* Length of the large value that begins at `at`, 0 if none does. */
static size_t
length_of(const struct spans *s, const char *at)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->items[middle].ptr == at)
			return s->items[middle].len;
		if (s->items[middle].ptr < at)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

bool
spans_value(const struct spans *s, struct json_walk *w, struct str *value)
{
	size_t len;

	if (s == NULL || !json_is_more(w) || (*w->at != '{' && *w->at != '['))
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
