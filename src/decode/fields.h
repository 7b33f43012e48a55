/*
 * The members of an object into a struct, by a table, in one pass. Each field of the struct is
 * a `struct str`, the slice of the member's value; STR_NULL where the object has no such member.
 * Members of a member that is an object may have fields of the same struct, by a table of their
 * own.
 */
#ifndef DECODE_FIELDS_H
#define DECODE_FIELDS_H

#include <stddef.h>

#include "base/count.h"
#include "decode/spans.h"

struct field_table {
	const struct field *fields;
	size_t count;
};

struct field {
	const char *name;
	size_t len;
	size_t offset;
	bool is_list; /* given twice, both arrays count: one behind the other */
	const struct field_table *within; /* its members, if it is an object; NULL: not read */
};

/* A member that is called like its field. */
#define FIELD(type, member) FIELD_AS(type, #member, member)

/* One that another dialect calls otherwise; several names may fill one field. */
#define FIELD_AS(type, name, member) FIELD_WITHIN(type, name, member, NULL)

/* One whose own members are taken, too, by a table without lists and without others within. */
#define FIELD_WITHIN(type, name, member, table) \
	{ \
		(name), sizeof(name) - 1, offsetof(type, member), false, (table) \
	}

/* One that holds items of which none may be lost. */
#define FIELD_LIST(type, member) \
	{ \
#member, sizeof(#member) - 1, offsetof(type, member), true, NULL \
	}

#define FIELD_TABLE(fields) \
	{ \
		(fields), COUNT(fields) \
	}

/*
 * The walk stands at '{'. Reads the object to its end and leaves the walk behind it; gives the
 * slice of the object. Sets what it finds in *out, which is
 * zeroed (duplicates: the last wins, with all that is within it; of lists the arrays are joined),
 * nothing else.
 */
struct str fields_take(const struct field_table *t, struct arena *a, const struct spans *s,
    struct json_walk *w, void *out);

/* The same of a slice. Sets nothing if it is no object. */
void fields_read(const struct field_table *t, struct arena *a, const struct spans *s,
    struct str object, void *out);

/* The key of a member without escapes. */
struct str fields_key(struct arena *a, struct str key);

/* As json_get, for a name that is no literal. */
struct str fields_find(struct arena *a, struct str object, struct str name);

/* Has the object a member of this kind or a greater one besides these? NULL ends the names. */
bool fields_has_others(
    struct arena *a, struct str object, const char *const *names, enum json_kind least);

#endif
