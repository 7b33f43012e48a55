/*
 * The table of dialects: see dialect.h. A new one is a row, a file if it is not Meta's inside, and
 * a fixture. docs/PAYLOADS.md has it in words.
 */
#include "base/count.h"
#include "base/json.h"
#include "rules/reject_codes.h"

#include "decode/dialect.h"
#include "decode/fields.h"
#include "decode/meta.h"
#include "decode/value.h"
#include "decode/wrapped.h"
#include "decode/ycloud.h"

static const struct field member_list[] = {
    FIELD_LIST(struct root, entry),
    FIELD_LIST(struct root, changes),
    FIELD(struct root, value),
    FIELD(struct root, field),
    FIELD(struct root, id),
    FIELD(struct root, time),
    FIELD(struct root, event),
    FIELD(struct root, data),
    FIELD(struct root, type),
    FIELD_AS(struct root, "apiVersion", api_version),
    FIELD_AS(struct root, "createTime", create_time),
    FIELD_AS(struct root, "whatsAppWebhookEntry", aws_entry),
    FIELD_AS(struct root, "message_timestamp", aws_time),
    FIELD_AS(struct root, "eventDetails", details),
    FIELD_AS(struct root, "gs_app_id", gupshup_app),
    FIELD(struct root, app),
    FIELD(struct root, payload),
    FIELD(struct root, message),
    FIELD(struct root, error),
    FIELD(struct root, request_id),
};

static const struct field_table members = FIELD_TABLE(member_list);

static bool is_gupshup_v2(struct reader *r, const struct root *root);
static bool is_telnyx(struct reader *r, const struct root *root);
static bool is_kapso(struct reader *r, const struct root *root);
static bool is_answer(struct reader *r, const struct root *root);

/* In this order; the first that fits is the dialect. */
static const struct dialect dialects[] = {
    {"aws", wrapped_is_aws, wrapped_read_aws, NULL},
    {"8x8", wrapped_is_8x8, wrapped_read_8x8, NULL},
    {"gupshup", meta_is_gupshup, meta_read, NULL},
    {"meta", meta_is, meta_read, NULL},
    {"ycloud", ycloud_is, ycloud_read, NULL},
    {"360dialog", wrapped_is_360dialog, wrapped_read_360dialog, NULL},
    {"bare", meta_is_bare, meta_read_bare, NULL},
    {NULL, ycloud_is_other, NULL, "an event of YCloud that tells of no message and no contact"},
    {NULL, is_gupshup_v2, NULL,
	"an event of Gupshup's version 2, which names no business number: subscribe with version "
	"3"},
    {NULL, is_telnyx, NULL,
	"an event of Telnyx's own, which passes no history on: capture Meta's payloads"},
    {NULL, is_kapso, NULL, "an event of Kapso's own: have Meta's payloads forwarded as they are"},
    {NULL, is_answer, NULL, "an answer of the Graph API, not a webhook payload"},
};

void
dialect_read(struct reader *r, struct str root)
{
	const char *refusal = "holds nothing that a webhook payload holds";
	struct root m = {0};

	fields_read(&members, r->batch->arena, &r->spans, root, &m);
	m.json = root;
	for (size_t i = 0; i < COUNT(dialects); i++) {
		const struct dialect *d = &dialects[i];

		if (!d->is(r, &m))
			continue;
		if (d->read != NULL)
			d->read(r, &m, d);
		else
			refusal = d->refusal;
		break;
	}
	if (r->sinks.count == 0)
		reader_reject(r, NULL, REJECT_UNKNOWN_SHAPE, str_of(refusal), root);
}

static bool
is_gupshup_v2(struct reader *r, const struct root *root)
{
	(void)r;
	return json_kind(root->app) == JSON_STRING && json_kind(root->payload) == JSON_OBJECT &&
	       json_kind(root->type) == JSON_STRING;
}

/* {data: {record_type: "event", event_type, payload}} */
static bool
is_telnyx(struct reader *r, const struct root *root)
{
	(void)r;
	return json_kind(json_get(root->data, "event_type")) == JSON_STRING &&
	       json_kind(json_get(root->data, "payload")) == JSON_OBJECT;
}

/* {message: {kapso}}, or {data: [{message: {kapso}}]} of a batch */
static bool
is_kapso(struct reader *r, const struct root *root)
{
	struct json_walk w = json_enter(root->data);
	struct str message = root->message, first;

	(void)r;
	if (json_kind(root->data) == JSON_ARRAY && json_element(&w, &first))
		message = json_get(first, "message");
	return json_kind(json_get(message, "kapso")) == JSON_OBJECT;
}

static bool
is_answer(struct reader *r, const struct root *root)
{
	(void)r;
	return json_kind(root->error) == JSON_OBJECT || json_kind(root->request_id) == JSON_STRING;
}
