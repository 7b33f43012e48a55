/*
 * Names of accounts: see naming.h.
 */
#include "rules/phone.h"

#include "decode/fields.h"
#include "decode/naming.h"

/* Of metadata, as slices. */
struct metadata_members {
	struct str display_phone_number;
	struct str phone_number_id;
};

static const struct field metadata_list[] = {
    FIELD(struct metadata_members, display_phone_number),
    FIELD(struct metadata_members, phone_number_id),
};

static const struct field_table metadata_table = FIELD_TABLE(metadata_list);

static struct str
digits_of(struct value *v, struct str slice)
{
	return phone_digits(v->arena, value_text(v, slice));
}

/* The sender of the first echo that names one: only the business sends echoes. */
static struct str
echo_sender(struct value *v)
{
	struct json_walk w = json_enter(v->members.message_echoes);
	struct str echo, digits = STR_NULL;

	while (digits.ptr == NULL && spans_element(v->spans, &w, &echo))
		digits = digits_of(v, json_get(echo, "from"));
	return digits;
}

/* Of the first message of the list that the business sent by its own word. */
static struct str
own_sender(struct value *v, struct str messages)
{
	struct json_walk w = json_enter(messages);
	struct str message, digits = STR_NULL;

	if (json_kind(messages) != JSON_ARRAY)
		return STR_NULL;
	while (digits.ptr == NULL && spans_element(v->spans, &w, &message))
		if (json_is_true(json_get(json_get(message, "history_context"), "from_me")))
			digits = digits_of(v, json_get(message, "from"));
	return digits;
}

/* Gupshup delivers history without metadata (docs/PAYLOADS.md); only cold payloads get here. */
static struct str
history_sender(struct value *v)
{
	struct json_walk chunks = json_enter(v->members.history);
	struct str chunk, threads, thread, digits = STR_NULL;

	if (json_kind(v->members.history) != JSON_ARRAY)
		return STR_NULL;
	while (digits.ptr == NULL && spans_element(v->spans, &chunks, &chunk)) {
		struct json_walk w = json_enter(threads = json_get(chunk, "threads"));

		if (json_kind(threads) != JSON_ARRAY)
			continue;
		while (digits.ptr == NULL && spans_element(v->spans, &w, &thread))
			digits = own_sender(v, json_get(thread, "messages"));
	}
	return digits;
}

static struct str
business_phone(struct value *v, struct str display_phone_number, bool has_id)
{
	struct str digits = digits_of(v, display_phone_number);

	if (digits.ptr == NULL)
		digits = echo_sender(v);
	if (digits.ptr == NULL)
		digits = digits_of(v, v->members.phone_number);
	if (digits.ptr == NULL && !has_id)
		digits = history_sender(v);
	return digits;
}

struct account
naming_of(struct value *v, struct str entry_id)
{
	struct account named = {
	    .waba_id = value_text(v, json_get(v->members.waba_info, "waba_id")), .id = -1};
	struct metadata_members m = {0};

	fields_read(&metadata_table, v->arena, NULL, v->members.metadata, &m);
	named.phone_number_id = value_text(v, m.phone_number_id);
	named.business_phone =
	    business_phone(v, m.display_phone_number, named.phone_number_id.ptr != NULL);
	if (named.waba_id.ptr == NULL)
		named.waba_id = value_text(v, entry_id);
	if (named.phone_number_id.ptr != NULL)
		named.name = named.phone_number_id;
	else if (named.business_phone.ptr != NULL)
		named.name = arena_printf(v->arena, "+%.*s", STR_ARG(named.business_phone));
	else if (named.waba_id.ptr != NULL)
		named.name = arena_printf(v->arena, "waba:%.*s", STR_ARG(named.waba_id));
	else
		named.name = NOBODY;
	return named;
}
