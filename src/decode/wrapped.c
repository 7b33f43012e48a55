/*
 * Wrapped payloads: see wrapped.h.
 */
#include "base/json.h"
#include "base/space.h"
#include "rules/reject_codes.h"

#include "decode/meta.h"
#include "decode/value.h"
#include "decode/wrapped.h"

static void read_text(
    struct reader *r, const struct pointer *at, struct str member, const char *dialect);

bool
wrapped_is_360dialog(struct reader *r, const struct root *root)
{
	return json_kind(root->data) == JSON_OBJECT && json_kind(root->event) == JSON_STRING &&
	       value_is_known(r, root->data);
}

void
wrapped_read_360dialog(struct reader *r, const struct root *root, const struct dialect *d)
{
	static const struct pointer at = {NULL, "data", 0};
	const struct value_place place = {.at = &at,
	    .dialect = d->name,
	    .field = root->event,
	    .waba_id = json_get(root->data, "id")};

	value_read(r, &place, root->data);
}

bool
wrapped_is_aws(struct reader *r, const struct root *root)
{
	(void)r;
	return json_kind(root->aws_entry) == JSON_STRING ||
	       json_kind(root->aws_entry) == JSON_OBJECT;
}

void
wrapped_read_aws(struct reader *r, const struct root *root, const struct dialect *d)
{
	static const struct pointer at = {NULL, "whatsAppWebhookEntry", 0};

	reader_note_received(r, root->aws_time);
	read_text(r, &at, root->aws_entry, d->name);
}

bool
wrapped_is_8x8(struct reader *r, const struct root *root)
{
	enum json_kind kind = json_kind(json_get(root->details, "rawEvent"));

	(void)r;
	return kind == JSON_OBJECT || kind == JSON_STRING;
}

void
wrapped_read_8x8(struct reader *r, const struct root *root, const struct dialect *d)
{
	static const struct pointer details = {NULL, "eventDetails", 0};
	static const struct pointer at = {&details, "rawEvent", 0};

	read_text(r, &at, json_get(root->details, "rawEvent"), d->name);
}

/* An object, or JSON within a string: that was not checked with the rest of the document. */
static void
read_text(struct reader *r, const struct pointer *at, struct str member, const char *dialect)
{
	struct arena *a = r->batch->arena;
	struct str json = member;
	struct json_check check = {.fault = JSON_OK};
	struct spans inner = {0};

	if (json_kind(member) == JSON_STRING) {
		json = space_trim(json_text(a, member, &r->repairs));
		inner.document = json.ptr;
		check = json_check_outline(a, json.ptr, json.len, &inner.outline);
		if (check.fault == JSON_OK && check.end < json.len)
			check.fault = JSON_SYNTAX;
		/* nothing of the outer document is read any more */
		if (check.fault == JSON_OK)
			r->spans = inner;
	}
	if (check.fault != JSON_OK)
		reader_reject(r, at, REJECT_JSON_SYNTAX,
		    arena_printf(a, "the text in it is not JSON: %s at byte %zu",
			json_fault_text(check.fault), check.end),
		    member);
	else if (!meta_read_inner(r, at, json, dialect))
		reader_reject(r, at, REJECT_UNKNOWN_SHAPE,
		    STR_LIT("holds nothing that a webhook payload holds"), json);
}
