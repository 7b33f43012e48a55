/*
 * YCloud: see ycloud.h. Its names for what Meta calls otherwise are tables of fields into the
 * same structs, so that the readers of messages, contacts and statuses read both.
 */
#include "base/count.h"
#include "rules/content.h"
#include "rules/reject_codes.h"
#include "rules/status.h"

#include "decode/contact.h"
#include "decode/event.h"
#include "decode/fields.h"
#include "decode/history.h"
#include "decode/message.h"
#include "decode/profile.h"
#include "decode/ycloud.h"

#define INBOUND "whatsappInboundMessage"
#define OUTBOUND "whatsappMessage"
#define SYNC "whatsappSmbAppStateSync"

/* The members of an event, as slices. */
struct event_members {
	struct str phase;
	struct str progress;
	struct str inbound;
	struct str outbound;
	struct str sync;
	struct str group;
};

/* The members of its message beside those that Meta has, as slices. */
struct own_members {
	struct message_members m; /* first: tables of its own fill it */
	struct str own_id;
	struct str waba_id;
	struct str profile;
	struct str status;
	struct str from_me;
	struct str update_time;
	struct str deliver_time;
	struct str read_time;
	struct str error_code;
	struct str error_message;
	struct str api_error;
};

struct sync_value {
	struct str waba_id;
	struct str phone_number;
	struct str items;
};

/* An event while it is read. */
struct event {
	const struct event_kind_of *kind;
	struct event_members members;
	struct own_members message; /* inbound or outbound, whichever there is */
	struct str json; /* of the message */
	struct sync_value sync;
	struct str create_time;
	bool is_inbound;
};

static const struct field event_list[] = {
    FIELD(struct event_members, phase),
    FIELD(struct event_members, progress),
    FIELD_AS(struct event_members, INBOUND, inbound),
    FIELD_AS(struct event_members, OUTBOUND, outbound),
    FIELD_AS(struct event_members, SYNC, sync),
    FIELD_AS(struct event_members, "whatsappGroup", group),
};

static const struct field message_list[] = {
    FIELD_AS(struct own_members, "id", own_id),
    FIELD_AS(struct own_members, "wamid", m.id),
    FIELD_AS(struct own_members, "wabaId", waba_id),
    FIELD_AS(struct own_members, "from", m.from),
    FIELD_AS(struct own_members, "fromUserId", m.from_user_id),
    FIELD_AS(struct own_members, "to", m.to),
    FIELD_AS(struct own_members, "toUserId", m.to_user_id),
    FIELD_AS(struct own_members, "type", m.type),
    FIELD_WITHIN(struct own_members, "text", m.text, &message_text_table),
    FIELD_WITHIN(struct own_members, "context", m.context, &message_context_table),
    FIELD_AS(struct own_members, "media_placeholder", m.media_placeholder),
    FIELD_AS(struct own_members, "referral", m.referral),
    FIELD_AS(struct own_members, "errors", m.errors),
    FIELD_AS(struct own_members, "groupId", m.group_id),
    FIELD_AS(struct own_members, "customerProfile", profile),
    FIELD_AS(struct own_members, "sendTime", m.timestamp),
    FIELD(struct own_members, status),
    FIELD(struct own_members, from_me),
    FIELD_AS(struct own_members, "updateTime", update_time),
    FIELD_AS(struct own_members, "deliverTime", deliver_time),
    FIELD_AS(struct own_members, "readTime", read_time),
    FIELD_AS(struct own_members, "errorCode", error_code),
    FIELD_AS(struct own_members, "errorMessage", error_message),
    FIELD_AS(struct own_members, "whatsappApiError", api_error),
};

static const struct field sync_list[] = {
    FIELD_AS(struct sync_value, "wabaId", waba_id),
    FIELD_AS(struct sync_value, "phoneNumber", phone_number),
    FIELD_AS(struct sync_value, "stateSync", items),
};

/* Some deliveries have the members of the contact beside its action. */
static const struct field item_list[] = {
    FIELD(struct sync_members, contact),
    FIELD(struct sync_members, action),
    FIELD(struct sync_members, timestamp),
    FIELD(struct sync_members, type),
    FIELD_AS(struct sync_members, "fullName", full_name),
    FIELD_AS(struct sync_members, "firstName", first_name),
    FIELD_AS(struct sync_members, "phoneNumber", phone_number),
    FIELD_AS(struct sync_members, "userId", user_id),
    FIELD(struct sync_members, username),
};

_Static_assert(offsetof(struct own_members, m) == 0, "message_text_table sets fields of it");

static const struct field_table event_table = FIELD_TABLE(event_list);
static const struct field_table message_table = FIELD_TABLE(message_list);
static const struct field_table sync_table = FIELD_TABLE(sync_list);
static const struct sync_tables item_tables = {FIELD_TABLE(item_list), FIELD_TABLE(item_list)};

static void read_history(struct value *v, const struct event *e);
static void read_message(struct value *v, const struct event *e);
static void read_status(struct value *v, const struct event *e);
static void read_contacts(struct value *v, const struct event *e);

static const struct event_kind_of {
	const char *type;
	unsigned kind;
	enum stream stream;
	void (*read)(struct value *v, const struct event *e);
} kinds[] = {
    {"whatsapp.smb.history", KIND_HISTORY, STREAM_HISTORY, read_history},
    {"whatsapp.smb.message.echoes", KIND_ECHOES, STREAM_ECHO, read_message},
    {"whatsapp.smb.message.created", KIND_ECHOES, STREAM_ECHO, read_message},
    {"whatsapp.smb.app.state.sync", KIND_CONTACTS, STREAM_LIVE, read_contacts},
    {"whatsapp.inbound_message.received", KIND_MESSAGES, STREAM_LIVE, read_message},
    {"whatsapp.message.updated", KIND_MESSAGES, STREAM_LIVE, read_status},
};

static const struct event_kind_of *
find_kind(struct reader *r, struct str type)
{
	unsigned repairs = 0;
	struct str text = json_text(r->batch->arena, type, &repairs);

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (str_is(text, kinds[i].type))
			return &kinds[i];
	return NULL;
}

bool
ycloud_is(struct reader *r, const struct root *root)
{
	return find_kind(r, root->type) != NULL;
}

bool
ycloud_is_other(struct reader *r, const struct root *root)
{
	(void)r;
	return root->api_version.ptr != NULL && str_begins(root->type, "\"whatsapp.");
}

static bool
has_elements(struct str json)
{
	struct json_walk w = json_enter(json);

	return json_is_more(&w);
}

static struct event
parse_event(struct reader *r, const struct root *root)
{
	struct arena *a = r->batch->arena;
	struct event e = {.kind = find_kind(r, root->type), .create_time = root->create_time};

	fields_read(&event_table, a, &r->spans, root->json, &e.members);
	/* what becomes of a message is told of one that the business sent */
	e.is_inbound = e.kind->read != read_status && json_kind(e.members.inbound) == JSON_OBJECT &&
		       (has_elements(e.members.inbound) || !has_elements(e.members.outbound));
	e.json = e.is_inbound ? e.members.inbound : e.members.outbound;
	fields_read(&message_table, a, &r->spans, e.json, &e.message);
	fields_read(&sync_table, a, &r->spans, e.members.sync, &e.sync);
	/* one that WhatsApp gave no id has the provider's */
	if (e.message.m.id.ptr == NULL || str_is(e.message.m.id, "\"\""))
		e.message.m.id = e.message.own_id;
	if (has_elements(e.members.group))
		e.message.m.group_id = e.members.group;
	/* where Meta has the history_context of a message of the past */
	if (e.message.status.ptr != NULL) {
		e.message.m.status = e.message.status;
		e.message.m.from_me = e.message.from_me;
	}
	return e;
}

/* It may be an event of nothing but how far the history has come. */
static bool
has_content(const struct event *e)
{
	if (e->kind->read == read_contacts)
		return json_kind(e->sync.items) == JSON_ARRAY;
	if (e->kind->read == read_history &&
	    (e->members.phase.ptr != NULL || e->members.progress.ptr != NULL))
		return true;
	return json_kind(e->json) == JSON_OBJECT || json_kind(e->members.group) == JSON_OBJECT;
}

/* An event tells of one message. Is there another, or a list of them, or, in one that tells only
 * how far the history has come, anything else that may hold some? Then it would be lost. */
static void
keep_others(struct value *v, const struct event *e)
{
	static const char *const names[] = {INBOUND, OUTBOUND}, *const meant[] = {
								    INBOUND, OUTBOUND, NULL};
	const struct str messages[] = {e->members.inbound, e->members.outbound};

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct pointer at = {NULL, names[i], 0};

		if (has_elements(messages[i]) &&
		    (messages[i].ptr != e->json.ptr || json_kind(e->json) != JSON_OBJECT))
			sink_reject(v->sink, &at, REJECT_UNKNOWN_SHAPE,
			    STR_LIT("beside the one message of an event, or a list of them"),
			    messages[i]);
	}
	if (e->kind->read == read_history && json_kind(e->json) != JSON_OBJECT &&
	    fields_has_others(v->arena, v->json, meant, JSON_ARRAY))
		sink_reject(v->sink, NULL, REJECT_UNKNOWN_SHAPE,
		    STR_LIT("without its message: not as YCloud writes it"), v->json);
}

void
ycloud_read(struct reader *r, const struct root *root, const struct dialect *d)
{
	struct event e = parse_event(r, root);
	struct value_place place = {.dialect = d->name};
	struct value v = {.arena = r->batch->arena, .spans = &r->spans, .json = root->json};

	if (!has_content(&e)) {
		reader_reject(r, NULL, REJECT_UNKNOWN_SHAPE,
		    STR_LIT("an event of YCloud without its message or contacts"), root->json);
		return;
	}
	reader_note_received(r, root->create_time);
	place.waba_id = e.message.waba_id;
	v.members.phone_number = e.is_inbound ? e.message.m.to : e.message.m.from;
	if (e.kind->read == read_contacts) {
		place.waba_id = e.sync.waba_id;
		v.members.phone_number = e.sync.phone_number;
	}
	value_open(&v, r, &place);
	if (!v.is_unread)
		v.sink->kinds |= e.kind->kind;
	if (!v.is_unread)
		keep_others(&v, &e);
	e.kind->read(&v, &e);
	value_close(&v);
}

/* customerProfile is of the customer, whoever sent the message. */
static void
read_profile(struct value *v, const struct event *e)
{
	const struct message_members *m = &e->message.m;
	struct str profile = e->message.profile;
	struct person p = e->is_inbound ? value_person(v, m->from, m->from_user_id)
					: value_person(v, m->to, m->to_user_id);

	if (!person_is_known(p) || person_is_too_long(p))
		return;
	profile_add(v, p, false, value_text(v, json_get(profile, "name")));
	profile_add(v, p, true, value_username(v, json_get(profile, "username")));
}

static void
read_one(struct value *v, const struct event *e, struct message_place *place)
{
	const struct pointer at = {NULL, e->is_inbound ? INBOUND : OUTBOUND, 0};
	struct message m = {.place = place, .at = &at, .json = e->json, .members = e->message.m};

	place->is_echo = !e->is_inbound;
	place->is_plain = e->is_inbound;
	if (!v->is_unread)
		read_profile(v, e);
	message_read_one(v, &m);
}

static void
read_message(struct value *v, const struct event *e)
{
	struct message_place place = {.stream = e->kind->stream};

	if (json_kind(e->json) == JSON_OBJECT)
		read_one(v, e, &place);
}

/* A file that no chunk brought is a follow-up, like Meta's messages beside history. */
static bool
is_follow_up(struct value *v, const struct event *e)
{
	return e->members.phase.ptr == NULL && e->members.progress.ptr == NULL &&
	       content_is_media(value_text(v, e->message.m.type));
}

/* Each event is a chunk of one message or of none: phase and progress, and no number. */
static void
read_history(struct value *v, const struct event *e)
{
	const struct chunk_numbers said = {
	    .phase = e->members.phase, .progress = e->members.progress};
	struct message_place place = {.stream = STREAM_HISTORY};
	int64_t newest_us = TIME_NONE;

	if (!v->is_unread)
		v->sink->part->has_history = true;
	if (is_follow_up(v, e)) {
		v->sink->kinds ^= v->is_unread ? 0 : KIND_HISTORY | KIND_HISTORY_MEDIA;
		place.stream = STREAM_HISTORY_MEDIA;
		read_one(v, e, &place);
		return;
	}
	place.chunk = history_new_chunk(v, NULL, &said);
	place.newest_us = &newest_us;
	if (json_kind(e->json) == JSON_OBJECT) {
		place.chunk->messages = 1;
		read_one(v, e, &place);
	}
	history_add_chunk(v, place.chunk);
}

/* When the message got its status; each has a member of its own. */
static struct str
time_of_status(struct value *v, const struct event *e)
{
	const struct own_members *m = &e->message;
	const struct {
		enum status status;
		struct str time;
	} times[] = {{STATUS_SENT, m->m.timestamp}, {STATUS_DELIVERED, m->deliver_time},
	    {STATUS_READ, m->read_time}};
	enum status status = status_parse(value_text(v, m->status));

	for (size_t i = 0; i < COUNT(times); i++)
		if (times[i].status == status && times[i].time.ptr != NULL)
			return times[i].time;
	return m->update_time.ptr != NULL ? m->update_time : e->create_time;
}

/* errors[] as Meta has it, of what is said of the error. */
static struct str
errors_of(struct value *v, const struct own_members *m)
{
	if (json_kind(m->api_error) == JSON_OBJECT)
		return arena_printf(v->arena, "[%.*s]", STR_ARG(m->api_error));
	if (json_kind(m->error_code) <= JSON_NULL)
		return STR_NULL;
	if (json_kind(m->error_message) <= JSON_NULL)
		return arena_printf(v->arena, "[{\"code\":%.*s}]", STR_ARG(m->error_code));
	return arena_printf(v->arena, "[{\"code\":%.*s,\"message\":%.*s}]", STR_ARG(m->error_code),
	    STR_ARG(m->error_message));
}

static void
read_status(struct value *v, const struct event *e)
{
	const struct pointer at = {NULL, OUTBOUND, 0};
	const struct message_members *m = &e->message.m;
	struct status_members status = {.id = m->id,
	    .status = e->message.status,
	    .recipient_id = m->to,
	    .recipient_user_id = m->to_user_id,
	    .group_id = m->group_id};

	if (v->is_unread)
		return;
	read_profile(v, e);
	status.timestamp = time_of_status(v, e);
	status.errors = errors_of(v, &e->message);
	event_read_status(v, &status, &at, e->json.ptr != NULL ? e->json : e->members.group);
}

static void
read_contacts(struct value *v, const struct event *e)
{
	static const struct pointer sync = {NULL, SYNC, 0};
	static const struct pointer at = {&sync, "stateSync", 0};

	if (!v->is_unread)
		contact_read_sync_as(v, e->sync.items, &at, &item_tables);
}
