/*
 * Values: see value.h. Tables of fields and of arrays say what is read by whom.
 */
#include <inttypes.h>

#include "base/count.h"
#include "rules/reject_codes.h"
#include "rules/text.h"
#include "rules/timestamp.h"

#include "decode/account.h"
#include "decode/contact.h"
#include "decode/event.h"
#include "decode/fields.h"
#include "decode/history.h"
#include "decode/message.h"
#include "decode/naming.h"
#include "decode/profile.h"
#include "decode/value.h"

/* The number in the samples that the App Dashboard sends when one presses "Test". */
#define SAMPLE_PHONE_NUMBER_ID "123456123"

/* The longest that Meta has takes 40. */
#define FIELD_SHOWN_BYTES 80

static const struct field member_list[] = {
    FIELD(struct value_members, metadata),
    FIELD_LIST(struct value_members, history),
    FIELD_LIST(struct value_members, state_sync),
    FIELD_LIST(struct value_members, message_echoes),
    FIELD_LIST(struct value_members, messages),
    FIELD_LIST(struct value_members, statuses),
    FIELD(struct value_members, errors),
    FIELD_LIST(struct value_members, contacts),
    FIELD(struct value_members, event),
    FIELD(struct value_members, field),
    FIELD(struct value_members, phone_number),
    FIELD(struct value_members, waba_info),
};

static const struct field_table members = FIELD_TABLE(member_list);

static void read_live(struct value *v, struct str array, const struct pointer *at);
static void read_echoes(struct value *v, struct str array, const struct pointer *at);
static void read_errors(struct value *v, struct str array, const struct pointer *at);

/* Arrays of a value, in the order in which they are read. */
static const struct array {
	const char *name;
	size_t offset;
	unsigned kind;
	unsigned media_kind; /* where messages are follow-ups of history */
	bool has_messages; /* read even if its items are only counted */
	bool (*is)(struct value *v, struct str json, const struct pointer *at);
	void (*read)(struct value *v, struct str array, const struct pointer *at);
} arrays[] = {
    {"history", offsetof(struct value_members, history), KIND_HISTORY, KIND_HISTORY, true,
	value_is_array, history_read},
    {"messages", offsetof(struct value_members, messages), KIND_MESSAGES, KIND_HISTORY_MEDIA, true,
	value_is_array, read_live},
    {"message_echoes", offsetof(struct value_members, message_echoes), KIND_ECHOES,
	KIND_HISTORY_MEDIA, true, value_is_array, read_echoes},
    {"statuses", offsetof(struct value_members, statuses), KIND_MESSAGES, KIND_MESSAGES, false,
	value_is_array, event_read_statuses},
    {"state_sync", offsetof(struct value_members, state_sync), KIND_CONTACTS, KIND_CONTACTS, false,
	value_is_array, contact_read_sync},
    {"errors", offsetof(struct value_members, errors), KIND_MESSAGES, KIND_HISTORY, false,
	value_is_errors, read_errors},
};

/* Fields of a change, and what a value without any array is then; account_update has none. */
static const struct {
	const char *name;
	unsigned kind;
} fields[] = {
    {"history", KIND_HISTORY},
    {"smb_app_state_sync", KIND_CONTACTS},
    {"smb_message_echoes", KIND_ECHOES},
    {"message_echoes", KIND_ECHOES},
    {"messages", KIND_MESSAGES},
};

static unsigned kinds_of(const struct value *v, struct str field);
static bool has_arrays(const struct value *v);
static bool has_foreign_members(const struct value *v, unsigned kinds);
static void read_arrays(struct value *v, const struct pointer *at);

bool
value_is_object(struct value *v, struct str json, const struct pointer *at)
{
	if (json_kind(json) == JSON_OBJECT)
		return true;
	if (!v->is_unread)
		sink_reject(v->sink, at, REJECT_NOT_AN_OBJECT, STR_LIT("is not an object"), json);
	return false;
}

bool
value_is_array(struct value *v, struct str json, const struct pointer *at)
{
	if (json_kind(json) == JSON_ARRAY)
		return true;
	if (json_kind(json) > JSON_NULL && !v->is_unread)
		sink_reject(v->sink, at, REJECT_UNKNOWN_SHAPE, STR_LIT("is not an array"), json);
	return false;
}

bool
value_is_errors(struct value *v, struct str json, const struct pointer *at)
{
	return !str_is(json, "\"\"") &&
	       (json_kind(json) == JSON_OBJECT || value_is_array(v, json, at));
}

struct str
value_errors(struct value *v, struct str json, const struct pointer *item)
{
	const struct pointer at = {item, "errors", 0};
	struct json_walk w;
	struct str error;

	if (!value_is_errors(v, json, &at))
		return STR_NULL;
	w = json_enter(json);
	if (!json_element(&w, &error)) /* {} says no more than [] */
		return STR_NULL;
	error = json_repaired(v->arena, json, value_repairs(v));
	return json_kind(json) == JSON_ARRAY ? error
					     : arena_printf(v->arena, "[%.*s]", STR_ARG(error));
}

struct str
value_text(struct value *v, struct str slice)
{
	struct str text = STR_NULL;

	if (slice.ptr != NULL)
		text = json_scalar(v->arena, slice, value_repairs(v));
	return text.len == 0 ? STR_NULL : text;
}

bool
value_is_group(struct value *v, struct str slice)
{
	struct json_walk group = json_enter(slice);

	return (json_kind(slice) == JSON_OBJECT && json_is_more(&group)) ||
	       value_text(v, slice).ptr != NULL;
}

struct str
value_username(struct value *v, struct str slice)
{
	struct str name = value_text(v, slice);

	if (name.len > 0 && name.ptr[0] == '@')
		name = (struct str){name.ptr + 1, name.len - 1};
	return name.len == 0 ? STR_NULL : name;
}

/* 1772355600.0 or 1.7723556e9, as some libraries write a number. */
static int64_t
time_of_number(struct value *v, struct str slice)
{
	int64_t n;

	if (json_kind(slice) != JSON_NUMBER || !json_int(slice, &n))
		return TIME_NONE;
	return timestamp_parse(arena_printf(v->arena, "%" PRId64, n));
}

int64_t
value_time(struct value *v, struct str slice)
{
	int64_t us = timestamp_parse(value_text(v, slice));
	bool is_said = json_kind(slice) > JSON_NULL && !str_is(slice, "\"\"");

	if (us == TIME_NONE && is_said)
		us = time_of_number(v, slice);
	if (us == TIME_NONE && is_said && !v->is_unread)
		v->sink->part->counts.time_unusable++;
	return us;
}

struct person
value_person(struct value *v, struct str phone, struct str user_id)
{
	return person_of(v->arena, value_text(v, phone), value_text(v, user_id));
}

bool
value_is_known(struct reader *r, struct str json)
{
	struct value v = {.arena = r->batch->arena, .spans = &r->spans, .json = json};

	fields_read(&members, v.arena, v.spans, json, &v.members);
	return kinds_of(&v, value_text(&v, v.members.field)) != 0;
}

/* It is some other thing that Meta's webhooks tell of; which, helps whoever subscribed to it. */
static struct str
of_other_field(struct arena *a, struct str field)
{
	struct str name = text_printable(a, field, FIELD_SHOWN_BYTES);

	if (field.ptr == NULL)
		return STR_LIT("a value of no field that is read");
	return arena_printf(a, "a value of the field %.*s, which is not read", STR_ARG(name));
}

void
value_read(struct reader *r, const struct value_place *place, struct str json)
{
	struct value v = {.arena = r->batch->arena, .spans = &r->spans, .json = json};
	struct str field;
	unsigned kinds;

	fields_read(&members, v.arena, v.spans, json, &v.members);
	field = value_text(&v, place->field);
	if (field.ptr == NULL)
		field = value_text(&v, v.members.field);
	kinds = kinds_of(&v, field);
	if (kinds == 0) {
		reader_reject(
		    r, place->at, REJECT_UNKNOWN_SHAPE, of_other_field(v.arena, field), json);
		return;
	}
	if (!has_arrays(&v) && (kinds & KIND_ACCOUNT) == 0 && has_foreign_members(&v, kinds)) {
		reader_reject(r, place->at, REJECT_UNKNOWN_SHAPE,
		    STR_LIT("a value without the list of its field: not as Meta writes it"), json);
		return;
	}
	v.is_media = str_is(field, "history") || (field.ptr == NULL && (kinds & KIND_HISTORY));
	value_open(&v, r, place);
	if (!v.is_unread)
		v.sink->kinds |= kinds_of(&v, field);
	else if (v.is_sample)
		v.sink->kinds |= KIND_SAMPLE;
	if (!v.is_unread && (str_is(field, "history") || (kinds & KIND_HISTORY)))
		v.sink->part->has_history = true;
	read_arrays(&v, place->at);
	if ((kinds & KIND_ACCOUNT) && !v.is_unread) {
		v.entry_time_us = value_time(&v, place->time);
		account_read_event(&v, place->at);
	}
	value_close(&v);
}

/* Finds the part, and tells whether the items are read or only counted. */
void
value_open(struct value *v, struct reader *r, const struct value_place *place)
{
	bool is_usable, is_one_too_many;

	v->named = naming_of(v, place->waba_id);
	/* who says that the number is "-" means nobody, but says so */
	is_usable = text_is_name(v->named.name) &&
		    (v->named.phone_number_id.ptr == NULL || !str_equal(v->named.name, NOBODY));
	is_one_too_many = is_usable && !reader_note_name(r, v->named.name);
	v->unread = OUTCOME_EXCLUDED;
	v->is_sample = str_is(v->named.phone_number_id, SAMPLE_PHONE_NUMBER_ID);
	v->is_unread = v->is_sample;
	if (!is_usable || is_one_too_many)
		v->named = (struct account){.name = NOBODY, .id = -1};
	else
		v->is_unread |= !reader_apply_option(r, &v->named);
	v->sink = reader_sink(r, &v->named, place->dialect);
	if (!str_equal(v->named.name, NOBODY))
		return;
	(void)reader_note_name(r, NOBODY);
	v->is_unread = true;
	v->unread = OUTCOME_REJECTED;
	if (is_one_too_many)
		sink_reject(v->sink, place->at, REJECT_ACCOUNT_UNUSABLE,
		    STR_LIT("the payload names too many numbers before this one"), v->json);
	else if (!is_usable)
		sink_reject(v->sink, place->at, REJECT_ACCOUNT_UNUSABLE,
		    STR_LIT("what the value names can be no account"), v->json);
	else
		sink_reject(v->sink, place->at, REJECT_NO_ACCOUNT,
		    STR_LIT("the value names no account"), v->json);
}

void
value_close(struct value *v)
{
	profile_finish(v);
	v->sink->part->counts.text_repaired += v->repairs;
}

static struct str
array_of(const struct value *v, const struct array *a)
{
	return *(const struct str *)((const char *)&v->members + a->offset);
}

static bool
has_arrays(const struct value *v)
{
	for (size_t i = 0; i < COUNT(arrays); i++)
		if (json_kind(array_of(v, &arrays[i])) > JSON_NULL)
			return true;
	return false;
}

/* Of a value without lists: does it say anything all the same? Then it would be lost. The people
 * beside messages are none of the address book. */
static bool
has_foreign_members(const struct value *v, unsigned kinds)
{
	static const char *const meant[] = {
	    "messaging_product", "metadata", "contacts", "field", "object", "id", NULL};
	struct json_walk people = json_enter(v->members.contacts);

	return (kinds == KIND_CONTACTS && json_is_more(&people)) ||
	       fields_has_others(v->arena, v->json, meant, JSON_BOOL);
}

static bool
is_account_event(const struct value *v, unsigned kinds)
{
	return account_is_event(v->members.event) ||
	       (kinds == 0 && account_is_event_object(v->arena, v->json));
}

/* What a value tells about: its arrays, else its field; 0 for what is no value. */
static unsigned
kinds_of(const struct value *v, struct str field)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < COUNT(arrays); i++)
		if (json_kind(array_of(v, &arrays[i])) == JSON_ARRAY)
			kinds |= v->is_media ? arrays[i].media_kind : arrays[i].kind;
	if (str_is(field, "account_update") || (field.ptr == NULL && is_account_event(v, kinds)))
		kinds |= KIND_ACCOUNT;
	for (size_t i = 0; kinds == 0 && i < COUNT(fields); i++)
		if (str_is(field, fields[i].name))
			kinds = fields[i].kind;
	return kinds;
}

static void
read_arrays(struct value *v, const struct pointer *at)
{
	if (!v->is_unread)
		contact_read_list(v, at);
	for (size_t i = 0; i < COUNT(arrays); i++) {
		const struct pointer place = {at, arrays[i].name, 0};
		struct str array = array_of(v, &arrays[i]);

		if (arrays[i].is(v, array, &place) && (arrays[i].has_messages || !v->is_unread))
			arrays[i].read(v, array, &place);
	}
}

static void
read_live(struct value *v, struct str array, const struct pointer *at)
{
	const struct message_place place = {
	    .at = at, .stream = v->is_media ? STREAM_HISTORY_MEDIA : STREAM_LIVE, .is_plain = true};

	message_read_list(v, array, &place);
}

static void
read_echoes(struct value *v, struct str array, const struct pointer *at)
{
	const struct message_place place = {
	    .at = at, .stream = v->is_media ? STREAM_HISTORY_MEDIA : STREAM_ECHO, .is_echo = true};

	message_read_list(v, array, &place);
}

/* Of the history they are those of a chunk; else faults of the account, not of a message: the raw
 * payload keeps them. */
static void
read_errors(struct value *v, struct str array, const struct pointer *at)
{
	if (v->is_media)
		history_read_errors(v, array, at);
}
