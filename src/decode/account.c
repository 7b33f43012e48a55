/*
 * Account events: see account.h. They are rare and their objects differ, so json-c makes a tree
 * of them.
 */
#include <json-c/json.h>

#include "rules/phone.h"
#include "rules/reject_codes.h"

#include "decode/account.h"
#include "decode/canon.h"
#include "decode/rowkey.h"

/* NULL if json-c does not take it; json_check has, so that is for want of memory only. */
static struct json_object *
parse(struct str json)
{
	struct json_tokener *t = json_tokener_new_ex(JSON_MAX_DEPTH + 1);
	struct json_object *tree = NULL;

	if (t != NULL)
		tree = json_tokener_parse_ex(t, json.ptr, (int)json.len);
	json_tokener_free(t);
	return tree;
}

/* A text of the tree, copied out of it. STR_NULL where there is none. */
static struct str
text_at(struct arena *a, struct json_object *object, const char *name)
{
	struct json_object *member = NULL;

	if (!json_object_is_type(object, json_type_object) ||
	    !json_object_object_get_ex(object, name, &member) ||
	    !json_object_is_type(member, json_type_string) ||
	    json_object_get_string_len(member) == 0)
		return STR_NULL;
	return arena_copy(a, (struct str){json_object_get_string(member),
				 (size_t)json_object_get_string_len(member)});
}

static void
read_tree(struct value *v, struct account_event_row *row)
{
	struct str json = json_repaired(v->arena, v->json, &v->repairs);
	struct json_object *tree = parse(json), *info = NULL;

	row->event = text_at(v->arena, tree, "event");
	if (json_object_is_type(tree, json_type_object))
		(void)json_object_object_get_ex(tree, "disconnection_info", &info);
	row->reason = text_at(v->arena, info, "reason");
	row->initiated_by = text_at(v->arena, info, "initiated_by");
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
