/*
 * Takes a payload apart without changing what it says: into one document an item, or into two
 * halves of each array. Every part keeps metadata, contacts and history[].metadata. And writes a
 * document in other bytes.
 */
#ifndef TOOLS_SPLIT_H
#define TOOLS_SPLIT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/list.h"

#include "prng.h"

#define DOCUMENT_MAX_BYTES ((size_t)1 << 30)

/* Where the parts go, and how small they become. */
struct split {
	struct arena *arena;
	struct list *parts; /* struct str */
	bool is_halving; /* two parts of an array, else one an element */
	uint64_t seed; /* which element falls into which half */
};

/* The way to the items: containers are gone through, of these arrays each element is one part. */
static const char *const containers[] = {"entry", "changes", "value", "data", "history", "threads"};
static const char *const item_arrays[] = {"messages", "message_echoes", "statuses", "state_sync"};

enum member_use { KEPT, ENTERED, TAKEN_APART };

static inline enum member_use
use_of(struct str key, struct str value)
{
	struct json_walk w = json_enter(value);
	struct str first = STR_NULL;

	if (json_kind(value) == JSON_ARRAY &&
	    (!json_element(&w, &first) || json_kind(first) != JSON_OBJECT))
		return KEPT; /* empty, or not what its name promises */
	if (json_kind(value) == JSON_OBJECT || json_kind(value) == JSON_ARRAY)
		for (size_t i = 0; i < sizeof(containers) / sizeof(*containers); i++)
			if (json_key_is(key, containers[i]))
				return ENTERED;
	if (json_kind(value) == JSON_ARRAY)
		for (size_t i = 0; i < sizeof(item_arrays) / sizeof(*item_arrays); i++)
			if (json_key_is(key, item_arrays[i]))
				return TAKEN_APART;
	return KEPT;
}

static inline void
split_add(struct split *s, struct str bytes)
{
	struct str *part = arena_alloc(s->arena, sizeof(*part));

	*part = bytes;
	list_add(s->arena, s->parts, part);
}

static inline struct str
join(struct arena *a, struct str x, struct str y, struct str z)
{
	struct buf b;
	struct str joined;

	buf_init(&b, DOCUMENT_MAX_BYTES);
	buf_put_str(&b, x);
	buf_put_str(&b, y);
	buf_put_str(&b, z);
	joined = arena_copy(a, buf_str(&b));
	buf_free(&b);
	return joined;
}

/* `{` and the members that every part keeps, with a comma behind the last. */
static inline struct str
kept_members(struct arena *a, struct str object)
{
	struct json_walk w = json_enter(object);
	struct str key, value, kept;
	struct buf b;

	buf_init(&b, DOCUMENT_MAX_BYTES);
	buf_put_char(&b, '{');
	while (json_member(&w, &key, &value)) {
		if (use_of(key, value) != KEPT)
			continue;
		buf_printf(&b, "\"%.*s\":", STR_ARG(key));
		buf_put_str(&b, value);
		buf_put_char(&b, ',');
	}
	kept = arena_copy(a, buf_str(&b));
	buf_free(&b);
	return kept;
}

/* What stands around the value at hand in the document of each of its parts. */
struct around {
	struct str before;
	struct str behind;
};

static inline void split_object(struct split *s, struct str object, struct around around);

/* Each element by itself, or all of them in two arrays. */
static inline void
split_array(struct split *s, struct str array, struct around inner)
{
	struct json_walk w = json_enter(array);
	struct buf halves[2];
	struct str element;

	for (size_t i = 0; i < 2; i++)
		buf_init(&halves[i], DOCUMENT_MAX_BYTES);
	while (json_element(&w, &element)) {
		struct buf *half = &halves[s->is_halving ? prng_next(&s->seed) % 2 : 0];

		if (half->len > 0)
			buf_put_char(half, ',');
		buf_put_str(half, element);
		if (s->is_halving)
			continue;
		split_add(s, join(s->arena, inner.before, element, inner.behind));
	}
	for (size_t i = 0; i < 2; i++) {
		if (s->is_halving && halves[i].len > 0)
			split_add(
			    s, join(s->arena, inner.before, buf_str(&halves[i]), inner.behind));
		buf_free(&halves[i]);
	}
}

static inline void
split_member(struct split *s, struct str value, enum member_use use, struct around inner)
{
	struct json_walk w = json_enter(value);
	struct str element;

	if (json_kind(value) == JSON_OBJECT) {
		split_object(s, value, inner);
		return;
	}
	inner.before = join(s->arena, inner.before, STR_LIT("["), STR_NULL);
	inner.behind = join(s->arena, STR_LIT("]"), inner.behind, STR_NULL);
	if (use == TAKEN_APART) {
		split_array(s, value, inner);
		return;
	}
	while (json_element(&w, &element)) {
		if (json_kind(element) == JSON_OBJECT)
			split_object(s, element, inner);
		else
			split_add(s, join(s->arena, inner.before, element, inner.behind));
	}
}

/* An object with nothing to take apart in it is a part by itself. */
static inline void
split_object(struct split *s, struct str object, struct around around)
{
	struct str kept = kept_members(s->arena, object);
	struct json_walk w = json_enter(object);
	struct str key, value;
	bool is_whole = true;

	while (json_member(&w, &key, &value)) {
		enum member_use use = use_of(key, value);

		if (use == KEPT)
			continue;
		struct str name = arena_printf(s->arena, "\"%.*s\":", STR_ARG(key));
		struct around inner = {.before = join(s->arena, around.before, kept, name),
		    .behind = join(s->arena, STR_LIT("}"), around.behind, STR_NULL)};

		split_member(s, value, use, inner);
		is_whole = false;
	}
	if (is_whole)
		split_add(s, join(s->arena, around.before, object, around.behind));
}

static inline void
split_document(struct split *s, struct str document)
{
	split_object(s, document, (struct around){STR_NULL, STR_NULL});
}

/* White space outside of strings is all that is allowed to differ. */
static inline struct str
split_with_more_blanks(struct arena *a, struct str document)
{
	struct buf b;
	struct str text;
	bool is_string = false;

	buf_init(&b, DOCUMENT_MAX_BYTES);
	for (size_t i = 0; i < document.len; i++) {
		char c = document.ptr[i];

		if (c == '"')
			is_string = !is_string;
		buf_put_char(&b, c);
		if (c == '\\')
			buf_put_char(&b, document.ptr[++i]);
		else if (!is_string && (c == '{' || c == '[' || c == ',' || c == ':'))
			buf_put_text(&b, "  ");
	}
	text = arena_copy(a, buf_str(&b));
	buf_free(&b);
	return text;
}

#endif
