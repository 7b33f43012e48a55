/*
 * Account events: see account.h. They are rare and their objects differ, so json-c makes a tree
 * of them.
 */
#include <json-c/json.h>

#include "base/count.h"
#include "base/memory.h"
#include "rules/phone.h"
#include "rules/reject_codes.h"

#include "decode/account.h"
#include "decode/canon.h"
#include "decode/fields.h"
#include "decode/rowkey.h"

/* No account update has more than some hundred bytes, and the tree of a large value takes 250 times
 * its size. */
#define MOST_BYTES ((size_t)64 << 10)

/* Events that are known; other words in capitals are taken as well. */
static const struct {
	const char *name;
	const char *member; /* its object, where an event is an object */
} events[] = {
    {"ACCOUNT_OFFBOARDED", "account_offboarded"},
    {"ACCOUNT_RECONNECTED", "account_reconnected"},
    {"PARTNER_REMOVED", "partner_removed"},
    {"PARTNER_ADDED", "partner_added"},
    {"PARTNER_APP_INSTALLED", "partner_app_installed"},
    {"PARTNER_APP_UNINSTALLED", "partner_app_uninstalled"},
    {"ACCOUNT_DELETED", "account_deleted"},
};

static struct str
in_capitals(struct arena *a, struct str text)
{
	char *copy = arena_alloc(a, text.len + 1);

	for (size_t i = 0; i < text.len; i++)
		copy[i] = text.ptr[i] >= 'a' && text.ptr[i] <= 'z' ? (char)(text.ptr[i] & ~0x20)
								   : text.ptr[i];
	return (struct str){copy, text.len};
}

/* In small letters such words are believed only if they are known. */
bool
account_is_event(struct str event)
{
	struct str word;

	if (json_kind(event) != JSON_STRING || event.len == 2)
		return false;
	word = (struct str){event.ptr + 1, event.len - 2};
	for (size_t i = 0; i < COUNT(events); i++)
		if (str_is_word(word, events[i].name))
			return true;
	for (size_t i = 0; i < word.len; i++)
		if (word.ptr[i] != '_' && (word.ptr[i] < 'A' || word.ptr[i] > 'Z'))
			return false;
	return true;
}

bool
account_is_event_object(struct arena *a, struct str value)
{
	struct str key, member;
	struct json_walk w = json_enter(value);

	if (json_kind(value) != JSON_OBJECT)
		return false;
	while (json_member(&w, &key, &member))
		for (size_t i = 0; i < COUNT(events); i++)
			if (json_kind(member) == JSON_OBJECT &&
			    str_is(fields_key(a, key), events[i].member))
				return true;
	return false;
}

/* NULL if json-c does not take it; json_check has. */
static struct json_object *
parse(struct str json)
{
	struct json_tokener *t = memory_of(json_tokener_new_ex(JSON_MAX_DEPTH + 1), "json-c");
	struct json_object *tree = json_tokener_parse_ex(t, json.ptr, (int)json.len);

	json_tokener_free(t);
	return tree;
}

/*
 * A word of the tree in capitals, copied out of it: Meta writes PARTNER_REMOVED, its headings and
 * some providers partner_removed. STR_NULL where there is none.
 */
static struct str
word_at(struct arena *a, struct json_object *object, const char *name)
{
	struct json_object *member = NULL;

	if (!json_object_is_type(object, json_type_object) ||
	    !json_object_object_get_ex(object, name, &member) ||
	    !json_object_is_type(member, json_type_string) ||
	    json_object_get_string_len(member) == 0)
		return STR_NULL;
	return in_capitals(a, (struct str){json_object_get_string(member),
				  (size_t)json_object_get_string_len(member)});
}

/* The object of that name; NULL if there is none. */
static struct json_object *
object_at(struct json_object *object, const char *name)
{
	struct json_object *member = NULL;

	if (!json_object_is_type(object, json_type_object) ||
	    !json_object_object_get_ex(object, name, &member) ||
	    !json_object_is_type(member, json_type_object))
		return NULL;
	return member;
}

/* The object called like the event in small letters, and the event if nothing else says it. */
static struct json_object *
event_object(struct json_object *tree, struct str *event)
{
	for (size_t i = 0; i < COUNT(events); i++) {
		struct json_object *object = object_at(tree, events[i].member);

		if (object == NULL || (event->ptr != NULL && !str_is(*event, events[i].name)))
			continue;
		*event = str_of(events[i].name);
		return object;
	}
	return NULL;
}

static void
read_tree(struct value *v, struct account_event_row *row)
{
	struct str json = json_repaired(v->arena, v->json, value_repairs(v));
	struct json_object *tree = parse(json), *own, *info;

	row->event = word_at(v->arena, tree, "event");
	own = event_object(tree, &row->event);
	info = object_at(tree, "disconnection_info");
	if (info == NULL && own != NULL)
		info = object_at(own, "disconnection_info");
	if (info == NULL)
		info = own;
	row->reason = word_at(v->arena, info, "reason");
	row->initiated_by = word_at(v->arena, info, "initiated_by");
	json_object_put(tree);
}

static struct sha256
digest_of(struct arena *a, const struct account_event_row *row)
{
	struct canon c = {.arena = a};

	canon_add_text(&c, row->event);
	canon_add_text(&c, row->reason);
	canon_add_text(&c, row->initiated_by);
	canon_add_text(&c, row->waba_id);
	canon_add_text(&c, row->phone);
	canon_add_time(&c, row->at_us);
	return canon_digest(&c);
}

void
account_read_event(struct value *v, const struct pointer *at)
{
	struct account_event_row *row = arena_zero(v->arena, 1, sizeof(*row));

	if (v->json.len > MOST_BYTES) {
		sink_reject(v->sink, at, REJECT_UNKNOWN_SHAPE,
		    STR_LIT("an account update of more than 64 KiB"), v->json);
		return;
	}
	read_tree(v, row);
	if (row->event.ptr == NULL) {
		sink_reject(v->sink, at, REJECT_UNKNOWN_SHAPE,
		    STR_LIT("an account update without event"), v->json);
		return;
	}
	row->at_us = v->entry_time_us;
	row->waba_id = v->named.waba_id;
	row->phone = phone_digits(v->arena, value_text(v, v->members.phone_number));
	row->digest = digest_of(v->arena, row);
	row->row.key = rowkey_under(v->arena, &row->digest, STR_NULL);
	sink_add(v->sink, REL_ACCOUNT_EVENT, &row->row);
}
