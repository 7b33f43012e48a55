/*
 * Shapes of Meta: see meta.h. All entries and all changes are read, not the first of each.
 */
#include "base/json.h"
#include "rules/reject_codes.h"

#include "decode/fields.h"
#include "decode/meta.h"
#include "decode/value.h"

/* What stands around values. */
struct frame {
	const struct pointer *at;
	const char *dialect;
	struct str waba_id; /* slice of entry.id */
	struct str time; /* slice of entry.time */
	struct str field; /* slice; beside entry or changes it is out of place, but counts */
};

/* The members of an entry, and of what lies around entries, as slices. */
struct entry_members {
	struct str entry;
	struct str changes;
	struct str id;
	struct str time;
	struct str field;
	struct str value;
};

static const struct field entry_list[] = {
    FIELD(struct entry_members, id),
    FIELD(struct entry_members, time),
    FIELD_LIST(struct entry_members, changes),
    FIELD(struct entry_members, field),
    FIELD_LIST(struct entry_members, entry),
    FIELD(struct entry_members, value),
};

static const struct field change_list[] = {
    FIELD(struct entry_members, value),
    FIELD(struct entry_members, field),
};

static const struct field_table entry_table = FIELD_TABLE(entry_list);
static const struct field_table change_table = FIELD_TABLE(change_list);

static bool read_members(
    struct reader *r, const struct frame *outer, const struct entry_members *m, struct str json);
static void read_change(struct reader *r, const struct frame *frame, struct str change);

bool
meta_is(struct reader *r, const struct root *root)
{
	(void)r;
	return json_kind(root->entry) == JSON_ARRAY || json_kind(root->changes) == JSON_ARRAY ||
	       json_kind(root->value) == JSON_OBJECT;
}

bool
meta_is_gupshup(struct reader *r, const struct root *root)
{
	return root->gupshup_app.ptr != NULL && meta_is(r, root);
}

void
meta_read(struct reader *r, const struct root *root, const struct dialect *d)
{
	const struct frame outer = {.dialect = d->name, .field = root->field};
	const struct entry_members m = {.entry = root->entry,
	    .changes = root->changes,
	    .id = root->id,
	    .time = root->time,
	    .value = root->value};

	(void)read_members(r, &outer, &m, root->json);
}

bool
meta_is_bare(struct reader *r, const struct root *root)
{
	return value_is_known(r, root->json);
}

void
meta_read_bare(struct reader *r, const struct root *root, const struct dialect *d)
{
	const struct value_place place = {.dialect = d->name};

	value_read(r, &place, root->json);
}

bool
meta_read_inner(struct reader *r, const struct pointer *at, struct str json, const char *dialect)
{
	const struct value_place place = {.at = at, .dialect = dialect};
	struct frame outer = {.at = at, .dialect = dialect};
	struct entry_members m = {0};

	fields_read(&entry_table, r->batch->arena, &r->spans, json, &m);
	outer.field = m.field;
	if (read_members(r, &outer, &m, json))
		return true;
	if (!value_is_known(r, json))
		return false;
	value_read(r, &place, json);
	return true;
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
read_entry(struct reader *r, const struct frame *outer, struct str entry)
{
	struct frame frame = *outer;
	struct entry_members m = {0};

	fields_read(&entry_table, r->batch->arena, &r->spans, entry, &m);
	frame.waba_id = m.id;
	frame.time = m.time;
	if (m.field.ptr != NULL)
		frame.field = m.field;
	if (json_kind(entry) != JSON_OBJECT)
		reader_reject(
		    r, frame.at, REJECT_NOT_AN_OBJECT, STR_LIT("an entry is not an object"), entry);
	else if (json_kind(m.changes) != JSON_ARRAY)
		reader_reject(
		    r, frame.at, REJECT_UNKNOWN_SHAPE, STR_LIT("an entry without changes"), entry);
	else
		read_changes(r, &frame, m.changes);
}

static void
read_entries(struct reader *r, const struct frame *outer, struct str entries)
{
	const struct pointer list = {outer->at, "entry", 0};
	struct json_walk w = json_enter(entries);
	struct pointer at = {&list, NULL, 0};
	struct frame frame = *outer;
	struct str entry;

	frame.at = &at;
	for (; spans_element(&r->spans, &w, &entry); at.index++)
		read_entry(r, &frame, entry);
}

/* Of the three shapes all that are there; false if none is. */
static bool
read_members(
    struct reader *r, const struct frame *outer, const struct entry_members *m, struct str json)
{
	bool has_entries = json_kind(m->entry) == JSON_ARRAY;
	bool has_changes = json_kind(m->changes) == JSON_ARRAY;
	bool has_value = json_kind(m->value) == JSON_OBJECT;
	struct frame frame = *outer;

	if (has_entries)
		read_entries(r, outer, m->entry);
	if (has_changes) {
		frame.waba_id = m->id;
		frame.time = m->time;
		read_changes(r, &frame, m->changes);
	}
	if (has_value)
		read_change(r, outer, json);
	return has_entries || has_changes || has_value;
}

static void
read_change(struct reader *r, const struct frame *frame, struct str change)
{
	const struct pointer at = {frame->at, "value", 0};
	struct value_place place = {.at = &at,
	    .dialect = frame->dialect,
	    .field = frame->field,
	    .waba_id = frame->waba_id,
	    .time = frame->time};
	struct entry_members m = {0};

	fields_read(&change_table, r->batch->arena, &r->spans, change, &m);
	if (m.field.ptr != NULL)
		place.field = m.field;
	if (json_kind(change) != JSON_OBJECT)
		reader_reject(r, frame->at, REJECT_NOT_AN_OBJECT,
		    STR_LIT("a change is not an object"), change);
	else if (json_kind(m.value) != JSON_OBJECT)
		reader_reject(r, frame->at, REJECT_UNKNOWN_SHAPE,
		    STR_LIT("a change without a value"), change);
	else
		value_read(r, &place, m.value);
}
