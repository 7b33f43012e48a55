/*
 * Items of payloads: each message told one to five times, by different streams and not always
 * alike; events before, after and without their targets; statuses; the address book.
 */
#include <inttypes.h>

#include "maker.h"

static const char *const from_keys[2] = {"from", "from_user_id"};
static const char *const to_keys[2] = {"to", "to_user_id"};
static const char *const recipient_keys[2] = {"recipient_id", "recipient_user_id"};
static const char *const contact_keys[2] = {"phone_number", "user_id"};
static const char *const system_keys[2] = {"wa_id", "user_id"};

static struct json_writer
begin(struct buf *b)
{
	struct json_writer w = {.out = b};

	buf_init(b, 1 << 20);
	json_begin_object(&w);
	return w;
}

/* Takes what the buffer holds as an item. */
static void
end(struct maker *m, struct json_writer *w, enum lane lane, unsigned person)
{
	struct item *item = arena_alloc(m->arena, sizeof(*item));
	size_t activations = m->world->activations;

	json_end_object(w);
	*item = (struct item){lane, person, -1, arena_copy(m->arena, buf_str(w->out))};
	if (activations > 0)
		item->activation = (int)draw(m, activations);
	buf_free(w->out);
	list_add(m->arena, &m->items, item);
}

static struct happened *
any_message(struct maker *m)
{
	return &m->messages[draw(m, m->message_count)];
}

/* ---- messages -------------------------------------------------------------------------------- */

static void
put_parties(
    struct maker *m, struct json_writer *w, enum lane lane, unsigned person, bool is_outbound)
{
	bool is_echo = lane == IN_ECHOES || lane == IN_MEDIA_OUT;

	if (is_outbound || is_echo) {
		put_business(m, w, "from");
		if (lane != IN_HISTORY || chance(m, 40))
			put_person(m, w, person, to_keys);
	} else {
		put_person(m, w, person, from_keys);
	}
}

static void
put_context(struct maker *m, struct json_writer *w, const struct happened *message)
{
	const struct happened *target = message->reply_to < 0 || chance(m, 15)
					    ? any_message(m)
					    : &m->messages[message->reply_to];
	uint64_t how = draw(m, 100);

	if (message->reply_to < 0 && how < 70)
		return;
	if (how < 15)
		return; /* not every telling knows it */
	json_put_key(w, "context");
	json_begin_object(w);
	if (how < 25)
		put_member(w, "id", "M0");
	else if (how < 80)
		put_wamid(m, w, "id", target);
	if (how % 5 == 0) {
		json_put_key(w, how % 2 == 0 ? "forwarded" : "frequently_forwarded");
		json_put_bool(w, how % 3 != 0);
	}
	if (how % 11 == 0) {
		json_put_key(w, "referred_product");
		json_put_raw(w, str_of(how % 2 == 0 ? "{\"n\":1.0}" : "{\"n\":1.00}"));
	}
	json_end_object(w);
}

static void
put_history_context(struct maker *m, struct json_writer *w, bool is_outbound)
{
	static const char *const statuses[] = {"READ", "read", "delivered", "SENT", "pending",
	    "PLAYED", "ERROR", "failed", "deleted", ""};

	if (chance(m, 10))
		return;
	json_put_key(w, "history_context");
	json_begin_object(w);
	if (is_outbound && chance(m, 60)) {
		json_put_key(w, "from_me");
		json_put_bool(w, true);
	}
	if (!chance(m, 10))
		put_member(w, "status", DRAW_OF(m, statuses));
	json_end_object(w);
}

static void
put_content(struct maker *m, struct json_writer *w, enum lane lane, unsigned nth)
{
	static const char *const empty[] = {
	    "media_placeholder", "unsupported", "errors", "unknown"};
	unsigned edition = chance(m, 35) ? (unsigned)draw(m, EDITIONS) : 0;

	if (lane == IN_HISTORY && chance(m, 25))
		put_member(w, "type", empty[0]);
	else if (chance(m, 4))
		put_member(w, "type", DRAW_OF(m, empty));
	else
		content_put(m, w, nth, edition);
	if (chance(m, 4)) {
		json_put_key(w, "errors");
		json_put_raw(w, str_of(chance(m, 50) ? "[{\"code\":131051}]" : "[]"));
	}
	if (chance(m, 4)) {
		json_put_key(w, "referral");
		json_put_raw(
		    w, str_of(chance(m, 50) ? "{\"source_id\":\"A\"}" : "{\"source_id\":\"b\"}"));
	}
}

/* The same message as everybody who tells it, but for what is drawn to differ. */
static void
tell_message(struct maker *m, unsigned nth, enum lane lane)
{
	const struct happened *h = &m->messages[nth];
	bool is_outbound = chance(m, 6) ? !h->is_outbound : h->is_outbound;
	unsigned person = chance(m, 5) ? (unsigned)draw(m, m->person_count) : h->person;
	int64_t at_s = h->at_s + (chance(m, 15) ? (int64_t)draw(m, 3) * 60 : 0);
	struct buf b;
	struct json_writer w = begin(&b);

	put_parties(m, &w, lane, person, is_outbound);
	put_wamid(m, &w, "id", h);
	put_time(m, &w, "timestamp", at_s);
	put_content(m, &w, lane, nth);
	put_context(m, &w, h);
	if (lane == IN_HISTORY)
		put_history_context(m, &w, is_outbound);
	if (chance(m, 1))
		put_member(&w, "group_id", "G1");
	end(m, &w, lane, person);
}

static void
tell_messages(struct maker *m)
{
	static const enum lane inbound[] = {IN_HISTORY, IN_HISTORY, IN_MEDIA, IN_LIVE, IN_LIVE};
	static const enum lane outbound[] = {
	    IN_HISTORY, IN_HISTORY, IN_MEDIA_OUT, IN_ECHOES, IN_ECHOES, IN_LIVE};

	for (unsigned nth = 0; nth < m->message_count; nth++) {
		uint64_t times = 1 + draw(m, 3) * draw(m, 2) + draw(m, 2);

		for (uint64_t i = 0; i < times; i++)
			tell_message(m, nth,
			    m->messages[nth].is_outbound ? DRAW_OF(m, outbound)
							 : DRAW_OF(m, inbound));
	}
}

/* ---- events ---------------------------------------------------------------------------------- */

/* By the id of a message, by none that means anything, or by one that never comes. */
static void
put_target(struct maker *m, struct json_writer *w, const char *key, const struct happened *target)
{
	uint64_t how = draw(m, 100);

	if (how < 3)
		put_member(w, key, "M0");
	else if (how < 6)
		put_member(w, key, "wamid.neverSeen");
	else if (how > 3 + 3)
		put_wamid(m, w, key, target);
}

static void
put_edit(struct maker *m, struct json_writer *w, const struct happened *target)
{
	json_begin_object(w);
	put_target(m, w, "original_message_id", target);
	if (!chance(m, 5)) {
		json_put_key(w, "message");
		json_begin_object(w);
		json_put_key(w, "context");
		json_put_raw(w, STR_LIT("{\"id\":\"M0\"}"));
		content_put(m, w, (unsigned)(target - m->messages), (unsigned)draw(m, EDITIONS));
		json_end_object(w);
	}
	json_end_object(w);
}

static void
put_revoke(struct maker *m, struct json_writer *w, const struct happened *target)
{
	json_begin_object(w);
	put_target(m, w, "original_message_id", target);
	json_end_object(w);
}

static void
put_reaction(struct maker *m, struct json_writer *w, const struct happened *target)
{
	static const char *const emojis[] = {"❤️", "👍🏽", "\\ud83d", "\\u0000", "", "x"};

	json_begin_object(w);
	put_target(m, w, "message_id", target);
	if (!chance(m, 20))
		put_quoted(m, w, "emoji", DRAW_OF(m, emojis));
	json_end_object(w);
}

static const struct {
	const char *type;
	void (*put)(struct maker *m, struct json_writer *w, const struct happened *target);
} events[] = {{"edit", put_edit}, {"revoke", put_revoke}, {"reaction", put_reaction}};

/* Ids are drawn from few, so that one comes twice and carries both an edit and a revoke. */
static void
tell_event(struct maker *m)
{
	const struct happened *target = any_message(m);
	struct happened own = *target;
	uint64_t kind = draw(m, COUNT_OF(events)), id = draw(m, m->event_ids);
	bool is_outbound = chance(m, 20) ? !target->is_outbound : target->is_outbound;
	enum lane lane = is_outbound ? IN_ECHOES : IN_LIVE;
	struct buf b;
	struct json_writer w = begin(&b);

	if (chance(m, 15))
		lane = is_outbound ? IN_MEDIA_OUT : IN_HISTORY;
	own.is_outbound = id % 2 == 0;
	own.person = (unsigned)(id % m->person_count);
	own.is_opaque = false;
	made_up_key(m->seed, 1000 + id, own.key);
	put_parties(m, &w, lane, target->person, is_outbound);
	put_wamid(m, &w, "id", chance(m, 3) ? any_message(m) : &own);
	put_time(m, &w, "timestamp", target->at_s + (int64_t)draw(m, 4) * 30);
	put_member(&w, "type", events[kind].type);
	json_put_key(&w, events[kind].type);
	events[kind].put(m, &w, target);
	end(m, &w, lane, target->person);
}

static void
tell_status(struct maker *m)
{
	static const char *const statuses[] = {
	    "sent", "delivered", "read", "READ", "failed", "played", "deleted", "pending"};
	static const char *const errors[] = {
	    "[{\"code\":131026}]", "[{\"code\":131026,\"n\":1.0}]", "[]"};
	const struct happened *target = any_message(m);
	struct buf b;
	struct json_writer w = begin(&b);

	put_wamid(m, &w, "id", target);
	put_member(&w, "status", DRAW_OF(m, statuses));
	put_time(m, &w, "timestamp", target->at_s + (int64_t)draw(m, 3));
	put_person(m, &w, target->person, recipient_keys);
	if (chance(m, 15)) {
		json_put_key(&w, "errors");
		json_put_raw(&w, str_of(DRAW_OF(m, errors)));
	}
	end(m, &w, IN_STATUSES, target->person);
}

/* ---- people ---------------------------------------------------------------------------------- */

/* At one of three times, so that an add and a remove meet at the same. */
static void
tell_contact(struct maker *m)
{
	unsigned person = (unsigned)draw(m, m->person_count);
	bool is_add = chance(m, 60);
	struct buf b;
	struct json_writer w = begin(&b);

	put_member(&w, "type", chance(m, 3) ? "group" : "contact");
	json_put_key(&w, "contact");
	json_begin_object(&w);
	if (is_add || chance(m, 10))
		put_quoted(m, &w, "full_name", content_name(m, person));
	if (is_add && chance(m, 50))
		put_quoted(m, &w, "first_name", content_name(m, person));
	put_person(m, &w, person, contact_keys);
	if (chance(m, 20))
		put_member(&w, "username", chance(m, 50) ? "visitor" : "Visitor.2");
	json_end_object(&w);
	put_member(&w, "action", is_add ? "add" : chance(m, 3) ? "rename" : "remove");
	json_put_key(&w, "metadata");
	json_begin_object(&w);
	put_time(m, &w, "timestamp", m->messages[0].at_s + (int64_t)draw(m, 3) * 60);
	json_end_object(&w);
	end(m, &w, IN_BOOK, person);
}

/* A customer who took another number, or another user id. */
static void
tell_change(struct maker *m)
{
	unsigned person = (unsigned)draw(m, m->person_count);
	unsigned other = (unsigned)draw(m, m->person_count);
	struct happened own = *any_message(m);
	struct buf b;
	struct json_writer w = begin(&b);

	made_up_key(m->seed, 2000 + draw(m, 2), own.key);
	put_person(m, &w, person, from_keys);
	put_wamid(m, &w, "id", &own);
	put_time(m, &w, "timestamp", own.at_s);
	put_member(&w, "type", "system");
	json_put_key(&w, "system");
	json_begin_object(&w);
	put_person(m, &w, other, system_keys);
	put_member(&w, "type", chance(m, 70) ? "user_changed_number" : "user_changed_user_id");
	put_quoted(m, &w, "body", content_name(m, person));
	json_end_object(&w);
	end(m, &w, IN_LIVE, person);
}

/* ---- what cannot be used --------------------------------------------------------------------- */

static void
tell_nonsense(struct maker *m)
{
	static const char *const nonsense[] = {"\"a message\"", "7", "null", "{}", "[]",
	    "{\"id\":\"\"}", "{\"type\":\"text\"}", "{\"id\":\"wamid.only\"}",
	    "{\"contact\":{},\"action\":\"add\"}",
	    "{\"id\":7,\"type\":7,\"timestamp\":7,\"from\":7}"};
	struct item *item = arena_alloc(m->arena, sizeof(*item));

	*item = (struct item){(enum lane)draw(m, LANES), (unsigned)draw(m, m->person_count), -1,
	    str_of(DRAW_OF(m, nonsense))};
	if (m->world->activations > 0)
		item->activation = (int)draw(m, m->world->activations);
	list_add(m->arena, &m->items, item);
}

static void
repeat(struct maker *m, uint64_t times, void (*tell)(struct maker *m))
{
	for (uint64_t i = 0; i < times; i++)
		tell(m);
}

void
item_make_all(struct maker *m)
{
	uint64_t size = m->message_count;

	tell_messages(m);
	repeat(m, draw(m, size / 2 + 4), tell_event);
	repeat(m, draw(m, size / 3 + 3), tell_status);
	repeat(m, draw(m, 2 * m->person_count + 2), tell_contact);
	repeat(m, chance(m, 40) ? 1 + draw(m, 3) : 0, tell_change);
	repeat(m, chance(m, 30) ? 1 + draw(m, 2) : 0, tell_nonsense);
}
