/*
 * Messages: see message.h. This is the hot path: one pass over the members of a message, no
 * copies but of ids that are decoded and of damaged text.
 */
#include "base/count.h"
#include "rules/content.h"
#include "rules/direction.h"
#include "rules/phone.h"
#include "rules/reject_codes.h"
#include "rules/status.h"

#include "decode/content.h"
#include "decode/event.h"
#include "decode/fields.h"
#include "decode/message.h"
#include "decode/profile.h"
#include "decode/rowkey.h"

/* Stands in context.id of edits and means nothing. */
#define DUMMY_ID "M0"

static const struct field text_list[] = {
    FIELD(struct message_members, body),
};

static const struct field context_list[] = {
    FIELD_AS(struct message_members, "id", reply_to),
    FIELD(struct message_members, forwarded),
    FIELD(struct message_members, frequently_forwarded),
    FIELD(struct message_members, referred_product),
};

static const struct field history_list[] = {
    FIELD(struct message_members, from_me),
    FIELD(struct message_members, status),
};

const struct field_table message_text_table = FIELD_TABLE(text_list);
const struct field_table message_context_table = FIELD_TABLE(context_list);
static const struct field_table history_table = FIELD_TABLE(history_list);

/* In the order in which they mostly come. */
static const struct field member_list[] = {
    FIELD(struct message_members, from),
    FIELD(struct message_members, to),
    FIELD(struct message_members, id),
    FIELD(struct message_members, timestamp),
    FIELD(struct message_members, type),
    FIELD_WITHIN(struct message_members, "text", text, &message_text_table),
    FIELD_WITHIN(struct message_members, "history_context", history_context, &history_table),
    FIELD_WITHIN(struct message_members, "context", context, &message_context_table),
    FIELD(struct message_members, media_placeholder),
    FIELD(struct message_members, from_user_id),
    FIELD(struct message_members, to_user_id),
    FIELD(struct message_members, referral),
    FIELD(struct message_members, errors),
    FIELD(struct message_members, group_id),
};

static const struct field_table members = FIELD_TABLE(member_list);

static void read_contexts(struct value *v, struct message *m);
static const char *read_identities(struct value *v, struct message *m);
static void decide_direction(struct value *v, struct message *m);
static void note_time(const struct message *m);
static void add_message(struct value *v, const struct message *m);
static void add_identity_changes(struct value *v, const struct message *m);

void
message_read_list(struct value *v, struct str array, const struct message_place *place)
{
	struct json_walk w = json_enter(array);
	struct pointer at = {place->at, NULL, 0};

	for (; !v->spans->is_closed && json_is_more(&w); at.index++) {
		struct message m = {.place = place, .at = &at};

		if (*w.at == '{')
			m.json = fields_take(&members, v->arena, NULL, &w, &m.members);
		else
			(void)json_element(&w, &m.json);
		message_read_one(v, &m);
	}
	if (place->chunk != NULL)
		place->chunk->messages += (int32_t)at.index;
}

struct str
message_target(struct str id)
{
	return str_is(id, DUMMY_ID) || id.len > ID_MAX_BYTES ? STR_NULL : id;
}

void
message_reject(struct value *v, const struct message *m, const char *code, const char *detail)
{
	if (!event_is_kind(m->type))
		v->sink->part->counts.outcomes[OUTCOME_REJECTED]++;
	sink_reject(v->sink, m->at, code, str_of(detail), m->json);
}

/* Is it counted and nothing else? Groups are not part of a number's past. */
static bool
is_left_out(struct value *v, const struct message *m)
{
	struct counts *c = &v->sink->part->counts;
	bool is_group = value_is_group(v, m->members.group_id);
	bool is_message = is_group || !event_is_kind(m->type);

	c->seen += is_message;
	if (v->is_unread)
		c->outcomes[v->unread] += is_message;
	else if (is_group)
		c->outcomes[OUTCOME_EXCLUDED]++;
	return v->is_unread || is_group;
}

void
message_read_one(struct value *v, struct message *m)
{
	const char *fault;

	m->type = value_text(v, m->members.type);
	if (m->type.ptr == NULL)
		m->type = message_infer_type(v->arena, m->json);
	if (is_left_out(v, m))
		return;
	if (json_kind(m->json) != JSON_OBJECT) {
		message_reject(v, m, REJECT_NOT_AN_OBJECT, "a message is not an object");
		return;
	}
	m->at_us = value_time(v, m->members.timestamp);
	note_time(m);
	fault = read_identities(v, m);
	if (fault != NULL) {
		message_reject(v, m, fault, "a message needs an id of 1 to 1,000 bytes");
		return;
	}
	read_contexts(v, m);
	decide_direction(v, m);
	if (event_is_kind(m->type))
		event_read(v, m);
	else
		add_message(v, m);
}

struct str
message_infer_type(struct arena *a, struct str json)
{
	static const char *const contents[] = {"text", "image", "video", "audio", "voice",
	    "document", "sticker", "location", "contacts", "button", "interactive", "reaction",
	    "order", "system", "template", "unsupported", "edit", "revoke"};
	struct str key, value, found = STR_NULL;
	struct json_walk w = json_enter(json);

	if (json_kind(json) != JSON_OBJECT)
		return STR_NULL;
	while (json_member(&w, &key, &value)) {
		key = fields_key(a, key);
		for (size_t i = 0; i < COUNT(contents); i++) {
			if (!str_is(key, contents[i]) || json_kind(value) == JSON_NULL)
				continue;
			if (found.ptr != NULL && !str_equal(found, key))
				return STR_NULL;
			found = str_of(contents[i]);
		}
	}
	return found;
}

static void
note_time(const struct message *m)
{
	struct chunk_row *chunk = m->place->chunk;

	if (chunk == NULL || m->at_us == TIME_NONE)
		return;
	if (chunk->oldest_us == TIME_NONE || m->at_us < chunk->oldest_us)
		chunk->oldest_us = m->at_us;
	if (m->at_us > chunk->newest_us) /* TIME_NONE is the least */
		chunk->newest_us = m->at_us;
	if (m->at_us > *m->place->newest_us)
		*m->place->newest_us = m->at_us;
}

/* Ids and people. NULL, or why the message cannot be used. */
static const char *
read_identities(struct value *v, struct message *m)
{
	m->id = value_text(v, m->members.id);
	if (m->id.ptr == NULL)
		return REJECT_ID_MISSING;
	m->from = value_person(v, m->members.from, m->members.from_user_id);
	m->to = value_person(v, m->members.to, m->members.to_user_id);
	if (m->id.len > ID_MAX_BYTES || person_is_too_long(m->from) || person_is_too_long(m->to))
		return REJECT_ID_TOO_LONG;
	m->wamid = wamid_decode(v->arena, m->id);
	return NULL;
}

/* What history_context and context say. */
static void
read_contexts(struct value *v, struct message *m)
{
	const struct message_members *c = &m->members;

	m->status = status_parse(value_text(v, c->status));
	m->is_from_me = json_is_true(c->from_me);
	m->reply_to = message_target(value_text(v, c->reply_to));
	m->is_forwarded = json_is_true(c->forwarded);
	m->is_frequently_forwarded = json_is_true(c->frequently_forwarded);
}

/* Direction, and who is on the other side. Links come from what the message itself says. */
static void
decide_direction(struct value *v, struct message *m)
{
	const struct message_place *place = m->place;
	struct person said_from = m->from, other = v->sole_contact;
	struct direction_evidence ev;

	if (place->is_plain)
		m->from = person_fill(m->from, v->sole_contact);
	ev = (struct direction_evidence){.is_from_me = m->is_from_me,
	    .is_echo_array = place->is_echo,
	    .business = v->named.business_phone,
	    .from = m->from.phone,
	    .peer = place->peer.phone,
	    .from_user_id = m->from.user_id,
	    .peer_user_id = place->peer.user_id,
	    .is_plain_messages = place->is_plain,
	    .wamid_flag = m->wamid.direction};
	m->direction = direction_decide(&ev);
	if (m->direction == DIRECTION_OUTBOUND) {
		if (phone_is_same(other.phone, v->named.business_phone)) /* the sender */
			other = (struct person){0};
		person_link(v->sink, m->to);
		if (v->named.business_phone.ptr != NULL &&
		    !phone_is_same(said_from.phone, v->named.business_phone))
			person_link(v->sink, said_from);
		m->peer = place->is_thread ? m->to : person_fill(m->to, other);
	} else {
		person_link(v->sink, said_from);
		if (m->direction == DIRECTION_INBOUND)
			m->peer = m->from;
	}
	if (person_is_known(place->peer))
		m->peer = place->peer;
	if (!place->is_thread || !person_is_known(place->peer)) /* else a thread is seen whole */
		profile_saw(v, m->peer, m->at_us);
}

static void
add_message(struct value *v, const struct message *m)
{
	struct message_row *row = arena_zero(v->arena, 1, sizeof(*row));
	uint8_t stream = (uint8_t)m->place->stream;

	row->row.key = m->id;
	row->message_key = m->wamid.key;
	row->thread_id = person_identity(m->peer);
	row->type = m->type;
	row->sent_at_us = m->at_us;
	row->direction = (uint8_t)m->direction;
	row->status = (uint8_t)m->status;
	row->stream = stream;
	row->content_stream = content_class(m->type) == CONTENT_REAL ? stream : 0;
	row->direction_from = m->direction == DIRECTION_NONE ? 0 : stream;
	row->thread_from = row->thread_id.ptr == NULL ? 0 : stream;
	row->time_from = m->at_us == TIME_NONE ? 0 : stream;
	row->reply_to = m->reply_to;
	if (m->reply_to.ptr != NULL)
		row->reply_key = wamid_decode(v->arena, m->reply_to).key;
	content_read(v, m, row);
	v->sink->part->counts.direction_unknown += m->direction == DIRECTION_NONE;
	v->sink->part->counts.types_unknown += !content_is_known(m->type);
	sink_add(v->sink, REL_MESSAGE, &row->row);
	if (str_is(m->type, "system"))
		add_identity_changes(v, m);
}

/* What a system message says of a customer who changed the number or the user id, as slices. */
struct system_members {
	struct str wa_id;
	struct str new_wa_id; /* before 2022 */
	struct str user_id;
	struct str previous_user_id;
	struct str customer; /* before 2022: the old number */
};

static void
add_change(struct value *v, const struct message *m, struct str old, struct str new)
{
	struct identity_change_row *row;
	unsigned char time[ROWKEY_TIME_BYTES];
	struct str tail;

	if (old.ptr == NULL || new.ptr == NULL || str_equal(old, new))
		return;
	row = arena_zero(v->arena, 1, sizeof(*row));
	tail = rowkey_join(v->arena, new, rowkey_time(m->at_us, time));
	row->row.key = rowkey_join(v->arena, old, tail);
	row->old_identity = old;
	row->new_identity = new;
	row->at_us = m->at_us;
	sink_add(v->sink, REL_IDENTITY_CHANGE, &row->row);
}

/* The old number, or user id, sent the message; the new one is in it. It is the customer's, whoever
 * is said to have sent what WhatsApp itself put there. */
static void
add_identity_changes(struct value *v, const struct message *m)
{
	static const struct field list[] = {FIELD(struct system_members, wa_id),
	    FIELD(struct system_members, new_wa_id), FIELD(struct system_members, user_id),
	    FIELD(struct system_members, previous_user_id), FIELD(struct system_members, customer)};
	static const struct field_table table = FIELD_TABLE(list);
	bool is_from_customer = m->direction != DIRECTION_OUTBOUND && person_is_known(m->from);
	struct person old = is_from_customer ? m->from : m->peer, new;
	struct system_members s = {0};

	fields_read(&table, v->arena, NULL, json_get(m->json, "system"), &s);
	new = value_person(v, s.new_wa_id.ptr != NULL ? s.new_wa_id : s.wa_id, s.user_id);
	if (!person_is_known(old))
		old = value_person(v, s.customer, STR_NULL);
	if (value_text(v, s.previous_user_id).ptr != NULL)
		old.user_id = value_text(v, s.previous_user_id);
	if (person_is_too_long(new) || person_is_too_long(old))
		return;
	add_change(v, m, old.phone, new.phone);
	add_change(v, m, old.user_id, new.user_id);
	/* a number in the place of a user id, or the other way round */
	if ((old.phone.ptr == NULL || new.phone.ptr == NULL) &&
	    (old.user_id.ptr == NULL || new.user_id.ptr == NULL))
		add_change(v, m, person_identity(old), person_identity(new));
	person_link(v->sink, new);
}
