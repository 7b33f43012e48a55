/*
 * Members of messages that are said in many ways: people, times, ids.
 */
#include <inttypes.h>

#include "maker.h"

void
put_member(struct json_writer *w, const char *key, const char *text)
{
	json_put_key(w, key);
	json_put_str(w, str_of(text));
}

void
put_quoted(struct maker *m, struct json_writer *w, const char *key, const char *inner)
{
	json_put_key(w, key);
	json_put_raw(w, arena_printf(m->arena, "\"%s\"", inner));
}

void
put_number(struct maker *m, struct json_writer *w, const char *key, int64_t n)
{
	json_put_key(w, key);
	if (chance(m, 25))
		json_put_raw(w, arena_printf(m->arena, "\"%" PRId64 "\"", n));
	else
		json_put_int(w, n);
}

void
put_time(struct maker *m, struct json_writer *w, const char *key, int64_t at_s)
{
	static const char *const absurd[] = {"null", "\"\"", "\"0\"", "0", "-1", "\"yesterday\"",
	    "99999999999999999", "\"4102444801\"", "1e300", "true", "{}"};
	static const char *const forms[] = {"\"%" PRId64 "\"", "\"%" PRId64 "\"", "\"%" PRId64 "\"",
	    "%" PRId64, "\"%" PRId64 "000\"", "%" PRId64 "000"};
	char text[40];

	if (chance(m, 2))
		return;
	json_put_key(w, key);
	if (chance(m, 4)) {
		json_put_raw(w, str_of(DRAW_OF(m, absurd)));
		return;
	}
	/* in one table, so that no format is a variable */
	switch (draw(m, COUNT_OF(forms))) {
	case 3:
		snprintf(text, sizeof(text), "%" PRId64, at_s);
		break;
	case 4:
		snprintf(text, sizeof(text), "\"%" PRId64 "000\"", at_s);
		break;
	case 5:
		snprintf(text, sizeof(text), "%" PRId64 "%03u", at_s, (unsigned)draw(m, 2) * 500);
		break;
	default:
		snprintf(text, sizeof(text), "\"%" PRId64 "\"", at_s);
	}
	json_put_raw(w, str_of(text));
}

void
put_person(struct maker *m, struct json_writer *w, unsigned person, const char *const keys[2])
{
	const struct someone *p = &m->people[person];
	uint64_t how = draw(m, 100);
	bool has_user_id = p->user_id[0] != '\0';
	const char *form = p->forms[chance(m, 30)];

	if (how < 4)
		return;
	if (how < 7)
		form = "";
	else if (how < 10)
		form = arena_printf(m->arena, "+%.3s %s", form, form + 3).ptr;
	else if (how < 12 && has_user_id)
		form = p->user_id;
	else if (how < 32 && has_user_id)
		form = NULL;
	if (form != NULL)
		put_member(w, keys[0], form);
	if (has_user_id && (form == NULL || how < 7 || how > 65))
		put_member(w, keys[1], p->user_id);
}

void
put_business(struct maker *m, struct json_writer *w, const char *key)
{
	static const char *const forms[] = {
	    BUSINESS_PHONE, BUSINESS_PHONE, BUSINESS_PHONE, "+1 (555) 000-0001", "", NULL};
	const char *form = DRAW_OF(m, forms);

	if (form != NULL)
		put_member(w, key, form);
}

void
put_wamid(struct maker *m, struct json_writer *w, const char *key, const struct happened *message)
{
	const struct someone *p = &m->people[message->person];
	bool is_by_user_id = message->has_twin && p->user_id[0] != '\0' && chance(m, 45);
	struct buf *b = &m->scratch;

	buf_reset(b);
	if (message->is_opaque)
		buf_printf(b, "ABGG%s%s", message->key, is_by_user_id ? "b" : "");
	else
		made_up_wamid_of(b, is_by_user_id ? p->user_id : p->forms[0], is_by_user_id,
		    message->is_outbound, message->key);
	json_put_key(w, key);
	json_put_str(w, buf_str(b));
}
