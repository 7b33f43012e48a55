/*
 * A table of shapes: see envelope.h. A new dialect is a row of it. All entries and all changes
 * are read, not the first of each.
 */
#include "base/json.h"
#include "rules/reject_codes.h"

#include "decode/envelope.h"
#include "decode/fields.h"
#include "decode/value.h"

/* What stands around values. */
struct frame {
	const struct pointer *at;
	const char *dialect;
	struct str waba_id; /* slice of entry.id */
	struct str time; /* slice of entry.time */
};

static bool read_entries(struct reader *r, struct str root);
static bool read_root_changes(struct reader *r, struct str root);
static bool read_root_change(struct reader *r, struct str root);
static bool read_bare_value(struct reader *r, struct str root);

/* In this order; the first that fits is the shape. */
static bool (*const shapes[])(struct reader *r, struct str root) = {
    read_entries, /* {entry: [{id, changes: [{field, value}]}]} */
    read_root_changes, /* {id, changes: [{field, value}]}: one entry by itself */
    read_root_change, /* {field, value}: one change by itself */
    read_bare_value, /* {metadata, history | messages | …}: a value by itself */
};

void
envelope_read(struct reader *r, struct str root)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (shapes[i](r, root))
			break;
	if (r->sinks.count == 0)
		reader_reject(r, NULL, REJECT_UNKNOWN_SHAPE,
		    STR_LIT("holds nothing that a webhook payload holds"), root);
}

/* The slice of a member of the outer levels, whose end is known. */
static struct str
get_field(struct reader *r, struct str object, const char *name, bool is_list)
{
	struct str value = STR_NULL;
	const struct field field = {name, strlen(name), 0, is_list};
	const struct field_table table = {&field, 1};

	fields_read(&table, r->batch->arena, &r->spans, object, &value);
	return value;
}

static struct str
get(struct reader *r, struct str object, const char *name)
{
	return get_field(r, object, name, false);
}

static struct str
get_list(struct reader *r, struct str object, const char *name)
{
	return get_field(r, object, name, true);
}

static void
read_change(struct reader *r, const struct frame *frame, struct str change)
{
	const struct pointer at = {frame->at, "value", 0};
	const struct value_place place = {.at = &at,
	    .dialect = frame->dialect,
	    .field = get(r, change, "field"),
	    .waba_id = frame->waba_id,
	    .time = frame->time};
	struct str value = get(r, change, "value");

	if (json_kind(change) != JSON_OBJECT)
		reader_reject(r, frame->at, REJECT_NOT_AN_OBJECT,
		    STR_LIT("a change is not an object"), change);
	else if (json_kind(value) != JSON_OBJECT)
		reader_reject(r, frame->at, REJECT_UNKNOWN_SHAPE,
		    STR_LIT("a change without a value"), change);
	else
		value_read(r, &place, value);
}

static void
read_changes(struct reader *r, const struct frame *frame, struct str changes)
{
	const struct pointer list = {frame->at, "changes", 0};
	struct pointer at = {&list, NULL, 0};
	struct frame inner = *frame;
	struct json_walk w = json_enter(changes);
	struct str change;

	inner.at = &at;
	for (; spans_element(&r->spans, &w, &change); at.index++)
		read_change(r, &inner, change);
}

static void
read_entry(struct reader *r, const struct pointer *at, struct str entry)
{
	const struct frame frame = {.at = at,
	    .dialect = "meta",
	    .waba_id = get(r, entry, "id"),
	    .time = get(r, entry, "time")};
	struct str changes = get_list(r, entry, "changes");

	if (json_kind(entry) != JSON_OBJECT)
		reader_reject(
		    r, at, REJECT_NOT_AN_OBJECT, STR_LIT("an entry is not an object"), entry);
	else if (json_kind(changes) != JSON_ARRAY)
		reader_reject(
		    r, at, REJECT_UNKNOWN_SHAPE, STR_LIT("an entry without changes"), entry);
	else
		read_changes(r, &frame, changes);
}

static bool
read_entries(struct reader *r, struct str root)
{
	static const struct pointer list = {NULL, "entry", 0};
	struct str entries = get_list(r, root, "entry"), entry;
	struct json_walk w = json_enter(entries);
	struct pointer at = {&list, NULL, 0};

	if (json_kind(entries) != JSON_ARRAY)
		return false;
	for (; spans_element(&r->spans, &w, &entry); at.index++)
		read_entry(r, &at, entry);
	return true;
}

static bool
read_root_changes(struct reader *r, struct str root)
{
	struct str changes = get_list(r, root, "changes");
	const struct frame frame = {
	    .dialect = "meta", .waba_id = get(r, root, "id"), .time = get(r, root, "time")};

	if (json_kind(changes) != JSON_ARRAY)
		return false;
	read_changes(r, &frame, changes);
	return true;
}

static bool
read_root_change(struct reader *r, struct str root)
{
	const struct frame frame = {.dialect = "meta"};

	if (json_kind(get(r, root, "value")) != JSON_OBJECT)
		return false;
	read_change(r, &frame, root);
	return true;
}

static bool
read_bare_value(struct reader *r, struct str root)
{
	const struct value_place place = {.dialect = "bare"};

	if (!value_is_known(r, root))
		return false;
	value_read(r, &place, root);
	return true;
}
