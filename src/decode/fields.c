/*
 * Objects into structs: see fields.h.
 */
#include "decode/fields.h"

static inline bool
is_called(const struct field *f, struct str key)
{
	return f->len == key.len && *f->name == *key.ptr && memcmp(f->name, key.ptr, key.len) == 0;
}

/* *hint is where the table is likely to match: members come in much the same order each time. */
static const struct field *
find_field(const struct field_table *t, struct str key, const struct field **hint)
{
	const struct field *f = *hint, *end = t->fields + t->count;

	for (size_t i = 0; i < t->count; i++, f++) {
		if (f == end)
			f = t->fields;
		if (is_called(f, key)) {
			*hint = f + 1;
			return f;
		}
	}
	return NULL;
}

/* Likewise, of a key that may have escapes in it. */
static const struct field *
find_key(const struct field_table *t, struct arena *a, struct str key, const struct field **hint)
{
	const struct field *found;
	struct str plain;

	if (*hint < t->fields + t->count && is_called(*hint, key)) /* most are */
		return (*hint)++;
	found = find_field(t, key, hint);
	if (found != NULL || (plain = fields_key(a, key)).ptr == key.ptr)
		return found;
	return find_field(t, plain, hint);
}

static struct str *
slot_of(const struct field *f, void *out)
{
	return (struct str *)((char *)out + f->offset);
}

struct str
fields_key(struct arena *a, struct str key)
{
	unsigned damage = 0; /* no member that has a meaning is called by damaged letters */

	if (memchr(key.ptr, '\\', key.len) == NULL)
		return key;
	return json_text(a, (struct str){key.ptr - 1, key.len + 2}, &damage);
}

/* Members of that name which are arrays with something in them: their number, and the last. */
static size_t
count_arrays(const struct field *f, struct arena *a, struct json_walk w, struct str *last)
{
	struct str key, value, element;
	size_t count = 0;

	while (json_member(&w, &key, &value)) {
		struct json_walk inner = json_enter(value);

		if (json_kind(value) != JSON_ARRAY || !str_is(fields_key(a, key), f->name) ||
		    !json_element(&inner, &element))
			continue;
		*last = value;
		count++;
	}
	return count;
}

/* One array of the elements of all; written once, however many there are. */
static struct str
join_arrays(const struct field *f, struct arena *a, struct str object)
{
	char *text = arena_alloc(a, object.len), *to = text;
	struct json_walk w = json_enter(object);
	struct str key, value, element;

	*to++ = '[';
	while (json_member(&w, &key, &value)) {
		struct json_walk inner = json_enter(value);

		if (json_kind(value) != JSON_ARRAY || !str_is(fields_key(a, key), f->name) ||
		    !json_element(&inner, &element))
			continue;
		if (to > text + 1)
			*to++ = ',';
		memcpy(to, value.ptr + 1, value.len - 2);
		to += value.len - 2;
	}
	*to++ = ']';
	return (struct str){text, (size_t)(to - text)};
}

/* Of lists that the object has more than once: all that is in them. */
static void
join_lists(const struct field_table *t, struct arena *a, struct str object, void *out)
{
	for (size_t i = 0; i < t->count; i++) {
		const struct field *f = &t->fields[i];
		struct str *slot = slot_of(f, out), last;
		size_t count = 0;

		if (f->is_list && slot->ptr != NULL)
			count = count_arrays(f, a, json_enter(object), &last);
		if (count == 1)
			*slot = last;
		else if (count > 1)
			*slot = join_arrays(f, a, object);
	}
}

/* Of members of a member that is given again: the last one wins, with all that it has. */
static void
forget(const struct field_table *t, void *out)
{
	for (size_t i = 0; i < t->count; i++)
		*slot_of(&t->fields[i], out) = STR_NULL;
}

/* The walk stands behind the key. */
static void
take_value(
    const struct field *f, struct arena *a, const struct spans *s, struct json_walk *w, void *out)
{
	struct str *slot = slot_of(f, out);

	if (f->within != NULL && slot->ptr != NULL)
		forget(f->within, out);
	if (f->within != NULL && json_is_more(w) && *w->at == '{')
		*slot = fields_take(f->within, a, s, w, out);
	else
		(void)spans_value(s, w, slot);
}

struct str
fields_take(const struct field_table *t, struct arena *a, const struct spans *s,
    struct json_walk *w, void *out)
{
	const char *start = w->at;
	struct str key, value, object;
	bool is_repeated = false;
	const struct field *hint = t->fields;

	w->at++;
	while (json_key(w, &key)) {
		const struct field *f = find_key(t, a, key, &hint);

		if (f == NULL) {
			(void)spans_value(s, w, &value);
			continue;
		}
		is_repeated |= f->is_list && slot_of(f, out)->ptr != NULL;
		take_value(f, a, s, w, out);
	}
	w->at++;
	object = (struct str){start, (size_t)(w->at - start)};
	if (is_repeated)
		join_lists(t, a, object, out);
	return object;
}

void
fields_read(const struct field_table *t, struct arena *a, const struct spans *s, struct str object,
    void *out)
{
	struct json_walk w;

	if (json_kind(object) != JSON_OBJECT)
		return;
	w = (struct json_walk){object.ptr, object.ptr + object.len};
	(void)fields_take(t, a, s, &w, out);
}

struct str
fields_find(struct arena *a, struct str object, struct str name)
{
	struct json_walk w = json_enter(object);
	struct str key, value, found = STR_NULL;

	while (json_member(&w, &key, &value))
		if (str_equal(fields_key(a, key), name))
			found = value;
	return found;
}

bool
fields_has_others(
    struct arena *a, struct str object, const char *const *names, enum json_kind least)
{
	struct json_walk w = json_enter(object);
	struct str key, value;
	bool is_named = true;

	while (is_named && json_member(&w, &key, &value)) {
		is_named = json_kind(value) < least;
		for (size_t i = 0; names[i] != NULL; i++)
			is_named |= str_is(fields_key(a, key), names[i]);
	}
	return !is_named;
}
