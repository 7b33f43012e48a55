/*
 * Contacts: see contact.h.
 */
#include "rules/reject_codes.h"

#include "decode/canon.h"
#include "decode/contact.h"
#include "decode/fields.h"
#include "decode/profile.h"
#include "decode/rowkey.h"

static const struct field sync_list[] = {
    FIELD(struct sync_members, type),
    FIELD(struct sync_members, contact),
    FIELD(struct sync_members, action),
    FIELD(struct sync_members, metadata),
};

static const struct field contact_list[] = {
    FIELD(struct sync_members, full_name),
    FIELD(struct sync_members, first_name),
    FIELD(struct sync_members, phone_number),
    FIELD(struct sync_members, user_id),
    FIELD(struct sync_members, username),
};

static const struct sync_tables meta_tables = {FIELD_TABLE(sync_list), FIELD_TABLE(contact_list)};

static void read_sync(
    struct value *v, const struct sync_members *m, struct str json, const struct pointer *at);
static struct person read_entry(struct value *v, struct str json, const struct pointer *at);

void
contact_read_sync(struct value *v, struct str array, const struct pointer *at)
{
	contact_read_sync_as(v, array, at, &meta_tables);
}

void
contact_read_sync_as(
    struct value *v, struct str array, const struct pointer *at, const struct sync_tables *tables)
{
	struct json_walk w = json_enter(array);
	struct pointer place = {at, NULL, 0};
	struct str json;

	for (; spans_element(v->spans, &w, &json); place.index++) {
		struct sync_members m = {0};

		fields_read(&tables->item, v->arena, NULL, json, &m);
		fields_read(&tables->contact, v->arena, NULL, m.contact, &m);
		read_sync(v, &m, json, &place);
	}
}

/* Of all that the contact says and of when: two of the same are one. */
static struct sha256
digest_of(struct arena *a, const struct contact_event_row *row)
{
	struct canon c = {.arena = a};

	canon_add_text(&c, row->is_add ? STR_LIT("add") : STR_LIT("remove"));
	canon_add_text(&c, row->full_name);
	canon_add_text(&c, row->first_name);
	canon_add_text(&c, row->phone);
	canon_add_text(&c, row->user_id);
	canon_add_text(&c, row->username);
	return canon_digest(&c);
}

static void
add_event(struct value *v, const struct sync_members *m, struct person p, bool is_add)
{
	struct contact_event_row *row = arena_zero(v->arena, 1, sizeof(*row));
	char tail[ROWKEY_TIME_BYTES + SHA256_BYTES];

	row->identity = person_identity(p);
	row->at_us = value_time(
	    v, m->timestamp.ptr != NULL ? m->timestamp : json_get(m->metadata, "timestamp"));
	row->is_add = is_add;
	row->full_name = value_text(v, m->full_name);
	row->first_name = value_text(v, m->first_name);
	row->phone = p.phone;
	row->user_id = p.user_id;
	row->username = value_username(v, m->username);
	row->digest = digest_of(v->arena, row);
	rowkey_time(row->at_us, (unsigned char *)tail);
	memcpy(tail + ROWKEY_TIME_BYTES, row->digest.bytes, SHA256_BYTES);
	row->row.key = rowkey_join(v->arena, row->identity, (struct str){tail, sizeof(tail)});
	v->sink->part->counts.contacts++;
	sink_add(v->sink, REL_CONTACT_EVENT, &row->row);
	person_link(v->sink, p);
}

static void
read_sync(struct value *v, const struct sync_members *m, struct str json, const struct pointer *at)
{
	struct str type = value_text(v, m->type), action = value_text(v, m->action);
	struct person p = value_person(v, m->phone_number, m->user_id);
	bool is_add = str_is_word(action, "add") || str_is_word(action, "edit");

	if (!value_is_object(v, json, at))
		return;
	if (type.ptr != NULL && !str_is(type, "contact"))
		sink_reject(v->sink, at, REJECT_UNKNOWN_CONTACT_TYPE,
		    STR_LIT("its type is not contact"), json);
	else if (!is_add && !str_is_word(action, "remove"))
		sink_reject(v->sink, at, REJECT_UNKNOWN_SHAPE,
		    STR_LIT("the action is neither add nor remove"), json);
	else if (!person_is_known(p))
		sink_reject(v->sink, at, REJECT_ID_MISSING,
		    STR_LIT("a contact without number and user id"), json);
	else if (person_is_too_long(p))
		sink_reject(v->sink, at, REJECT_ID_TOO_LONG,
		    STR_LIT("a contact's identity is longer than 1,000 bytes"), json);
	else
		add_event(v, m, p, is_add);
}

void
contact_read_list(struct value *v, const struct pointer *at)
{
	const struct pointer list = {at, "contacts", 0};
	struct str array = v->members.contacts, json;
	struct json_walk w = json_enter(array);
	struct pointer place = {&list, NULL, 0};
	struct person last = {0};

	if (!value_is_array(v, array, &list))
		return;
	for (; spans_element(v->spans, &w, &json); place.index++)
		last = read_entry(v, json, &place);
	if (place.index == 1)
		v->sole_contact = last;
}

/* Gives the person, nobody if the entry names none that can be used. */
static struct person
read_entry(struct value *v, struct str json, const struct pointer *at)
{
	struct str profile = json_get(json, "profile");
	struct str name = value_text(v, json_get(profile, "name"));
	struct str username = value_username(v, json_get(profile, "username"));
	struct person p = value_person(v, json_get(json, "wa_id"), json_get(json, "user_id"));

	if (!value_is_object(v, json, at))
		return p;
	if (person_is_too_long(p)) {
		sink_reject(v->sink, at, REJECT_ID_TOO_LONG,
		    STR_LIT("a contact's identity is longer than 1,000 bytes"), json);
		return (struct person){0};
	} else if (person_is_known(p)) {
		person_link(v->sink, p);
		profile_add(v, p, false, name);
		profile_add(v, p, true, username);
	} else if (name.ptr != NULL || username.ptr != NULL) {
		sink_reject(v->sink, at, REJECT_ID_MISSING,
		    STR_LIT("a profile without number and user id"), json);
	}
	return p;
}
