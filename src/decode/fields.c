/*
 * Objects into structs: see fields.h.
 */
#include "decode/fields.h"

/* *hint is where the table is likely to match: members come in much the same order each time. */
static const struct field *
find_field(const struct field_table *t, struct str key, size_t *hint)
{
	for (size_t i = 0, at = *hint; i < t->count; i++, at++) {
		if (at >= t->count)
			at = 0;
		if (t->fields[at].len == key.len &&
		    memcmp(t->fields[at].name, key.ptr, key.len) == 0) {
			*hint = at + 1;
			return &t->fields[at];
		}
	}
	return NULL;
}

struct str
fields_key(struct arena *a, struct str key)
{
	unsigned damage = 0; /* no member that has a meaning is called by damaged letters */

	if (memchr(key.ptr, '\\', key.len) == NULL)
		return key;
	return json_text(a, (struct str){key.ptr - 1, key.len + 2}, &damage);
}

struct str
fields_take(const struct field_table *t, struct arena *a, const struct spans *s,
    struct json_walk *w, void *out)
{
	const char *start = w->at;
	struct str key, value;
	size_t hint = 0;

	w->at++;
	while (spans_is_more(w) && *w->at != '}' && spans_member(s, w, &key, &value)) {
		const struct field *f = find_field(t, key, &hint);

		if (f == NULL) /* an escape in it, perhaps */
			f = find_field(t, fields_key(a, key), &hint);
		if (f != NULL)
			*(struct str *)((char *)out + f->offset) = value;
	}
	w->at++;
	return (struct str){start, (size_t)(w->at - start)};
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
