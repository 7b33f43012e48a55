/*
 * Events: see event.h.
 */
#include <inttypes.h>

#include "base/count.h"
#include "rules/content.h"
#include "rules/reject_codes.h"
#include "rules/status.h"

#include "decode/content.h"
#include "decode/event.h"
#include "decode/fields.h"
#include "decode/profile.h"

static const struct field status_list[] = {
    FIELD(struct status_members, id),
    FIELD(struct status_members, status),
    FIELD(struct status_members, timestamp),
    FIELD(struct status_members, recipient_id),
    FIELD(struct status_members, recipient_user_id),
    FIELD(struct status_members, recipient_type),
    FIELD(struct status_members, group_id),
    FIELD(struct status_members, errors),
};

static const struct field_table status_table = FIELD_TABLE(status_list);

static struct str edit_content(
    struct value *v, const struct message *m, struct str object, struct str target);
static struct str reaction_content(
    struct value *v, const struct message *m, struct str object, struct str target);

/* Types of messages that are events; the object of the type has the name of the type. */
static const struct event_type {
	const char *name;
	const char *target; /* member of the object that names the message */
	struct str (*content)(
	    struct value *v, const struct message *m, struct str object, struct str target);
	enum event_kind kind;
} event_types[] = {
    {"edit", "original_message_id", edit_content, EVENT_EDIT},
    {"revoke", "original_message_id", NULL, EVENT_REVOKE},
    {"reaction", "message_id", reaction_content, EVENT_REACTION},
};

static const struct event_type *
find_type(struct str type)
{
	for (size_t i = 0; i < COUNT(event_types); i++)
		if (str_is(type, event_types[i].name))
			return &event_types[i];
	return NULL;
}

bool
event_is_kind(struct str type)
{
	return find_type(type) != NULL;
}

static void
add_event(struct value *v, struct message_event_row *row)
{
	if (row->target.ptr != NULL)
		row->target_key = wamid_decode(v->arena, row->target).key;
	v->sink->part->counts.events++;
	sink_add(v->sink, REL_MESSAGE_EVENT, &row->row);
}

/* Who did it: the business by its number, whatever the message calls it. */
static struct str
actor_of(struct value *v, const struct message *m)
{
	if (m->direction == DIRECTION_OUTBOUND && v->named.business_phone.ptr != NULL)
		return v->named.business_phone;
	if (m->direction == DIRECTION_INBOUND && !person_is_known(m->from))
		return person_identity(m->peer);
	return person_identity(m->from);
}

/* What it does not say, so that it tells nothing; NULL if it is all there. ("M0" is a name, of
 * none.) */
static const char *
fault_of(const struct event_type *type, struct str object, struct str said)
{
	if (json_kind(object) != JSON_OBJECT)
		return "an event without the object of its type";
	if (said.ptr == NULL)
		return "an event that names no message";
	if (type->kind == EVENT_EDIT && json_kind(json_get(object, "message")) != JSON_OBJECT)
		return "an edit without the message that it makes";
	return NULL;
}

void
event_read(struct value *v, const struct message *m)
{
	const struct event_type *type = find_type(m->type);
	struct str object = json_get(m->json, type->name);
	struct str said = value_text(v, json_get(object, type->target));
	const char *fault = fault_of(type, object, said);
	struct message_event_row *row = arena_zero(v->arena, 1, sizeof(*row));

	row->row.key = arena_printf(v->arena, "%s:%.*s", type->name, STR_ARG(m->id));
	if (row->row.key.len > ID_MAX_BYTES || said.len > ID_MAX_BYTES) {
		message_reject(v, m, REJECT_ID_TOO_LONG,
		    "the id of an event, or of its message, is over 1,000 bytes");
		return;
	}
	if (fault != NULL) {
		message_reject(v, m, REJECT_UNKNOWN_SHAPE, fault);
		return;
	}
	row->kind = type->kind;
	row->target = message_target(said);
	row->actor = actor_of(v, m);
	row->thread_id = person_identity(m->peer);
	row->at_us = m->at_us;
	if (type->content != NULL)
		row->content = type->content(v, m, object, row->target);
	add_event(v, row);
}

/* The new message. Its file belongs to the message that was edited. */
static struct str
edit_content(struct value *v, const struct message *m, struct str object, struct str target)
{
	struct str message = json_get(object, "message"), type, file;
	struct pointer edit_at = {m->at, "edit", 0}, message_at = {&edit_at, "message", 0}, at;

	message = json_repaired(v->arena, message, value_repairs(v));
	type = value_text(v, json_get(message, "type"));
	if (type.ptr == NULL && (type = message_infer_type(v->arena, message)).ptr != NULL)
		message = arena_printf(v->arena, "%.*s,\"type\":\"%.*s\"}", (int)message.len - 1,
		    message.ptr, STR_ARG(type));
	file = content_is_media(type) ? fields_find(v->arena, message, type) : STR_NULL;
	if (json_kind(file) == JSON_OBJECT) {
		at = (struct pointer){&message_at, arena_copy(v->arena, type).ptr, 0};
		if (target.ptr != NULL)
			(void)content_add_asset(v, target, file, &at); /* or a caption alone */
		message = content_without_address(v->arena, message, type);
	}
	return message;
}

/* Without emoji, or with an empty one: the reaction was taken back. */
static struct str
reaction_content(struct value *v, const struct message *m, struct str object, struct str target)
{
	struct str emoji = json_get(object, "emoji");

	(void)m;
	(void)target;
	if (json_kind(emoji) != JSON_STRING || emoji.len == 2)
		return STR_LIT("{}");
	emoji = json_repaired(v->arena, emoji, value_repairs(v));
	return arena_printf(v->arena, "{\"emoji\":%.*s}", STR_ARG(emoji));
}

void
event_read_statuses(struct value *v, struct str array, const struct pointer *at)
{
	struct json_walk w = json_enter(array);
	struct pointer place = {at, NULL, 0};
	struct str json;

	for (; spans_element(v->spans, &w, &json); place.index++) {
		struct status_members m = {0};

		fields_read(&status_table, v->arena, NULL, json, &m);
		event_read_status(v, &m, &place, json);
	}
}

/* `status:<wamid>:<status>:<unix seconds>` */
static struct str
status_event_id(struct arena *a, struct str id, struct str status, int64_t at_us)
{
	char *name = arena_alloc(a, status.len + 1);

	for (size_t i = 0; i < status.len; i++)
		name[i] = status.ptr[i] >= 'A' && status.ptr[i] <= 'Z'
			      ? (char)(status.ptr[i] | 0x20)
			      : status.ptr[i];
	name[status.len] = '\0';
	if (at_us == TIME_NONE)
		return arena_printf(a, "status:%.*s:%s:-", STR_ARG(id), name);
	return arena_printf(a, "status:%.*s:%s:%" PRId64, STR_ARG(id), name, at_us / SECOND_US);
}

/* Only where there is more than one of the plain statuses. */
static struct str
status_content(
    struct value *v, const struct status_members *m, enum status status, const struct pointer *at)
{
	struct str errors = value_errors(v, m->errors, at), name;
	unsigned repaired_already = 0;

	if (errors.ptr == NULL && status != STATUS_NONE)
		return STR_NULL;
	name = json_repaired(v->arena, m->status, &repaired_already);
	if (errors.ptr == NULL)
		return arena_printf(v->arena, "{\"status\":%.*s}", STR_ARG(name));
	return arena_printf(
	    v->arena, "{\"status\":%.*s,\"errors\":%.*s}", STR_ARG(name), STR_ARG(errors));
}

static void
add_status(
    struct value *v, const struct status_members *m, const struct pointer *at, struct str json)
{
	struct message_event_row *row = arena_zero(v->arena, 1, sizeof(*row));
	struct person recipient = value_person(v, m->recipient_id, m->recipient_user_id);
	struct str status = value_text(v, m->status), id = value_text(v, m->id);

	row->at_us = value_time(v, m->timestamp);
	row->row.key = status_event_id(v->arena, id, status, row->at_us);
	if (row->row.key.len > ID_MAX_BYTES || person_is_too_long(recipient)) {
		sink_reject(v->sink, at, REJECT_ID_TOO_LONG,
		    STR_LIT("the id or recipient of a status is over 1,000 bytes"), json);
		return;
	}
	row->kind = EVENT_STATUS;
	row->status = status_parse(status);
	row->target = id;
	row->actor = person_identity(recipient);
	row->content = status_content(v, m, row->status, at);
	person_link(v->sink, recipient);
	profile_saw(v, recipient, row->at_us);
	add_event(v, row);
}

/* Groups are not part of a number's past. */
static bool
is_of_group(struct value *v, const struct status_members *m)
{
	return value_is_group(v, m->group_id) || str_is(value_text(v, m->recipient_type), "group");
}

void
event_read_status(
    struct value *v, const struct status_members *m, const struct pointer *at, struct str json)
{
	if (!value_is_object(v, json, at))
		return;
	if (is_of_group(v, m))
		v->sink->part->counts.group_events++;
	else if (value_text(v, m->id).ptr == NULL)
		sink_reject(v->sink, at, REJECT_ID_MISSING, STR_LIT("a status without id"), json);
	else if (value_text(v, m->status).ptr == NULL)
		sink_reject(v->sink, at, REJECT_UNKNOWN_SHAPE,
		    STR_LIT("a status that does not say which"), json);
	else
		add_status(v, m, at, json);
}
