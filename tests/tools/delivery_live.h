/*
 * What is delivered besides the chunks of history: announced files, live messages
 * with their events and statuses, the address book.
 */
#ifndef TOOLS_DELIVERY_LIVE_H
#define TOOLS_DELIVERY_LIVE_H

#include "delivery.h"

#define MEDIA_DAYS 14 /* Meta never announces older files */

/* ---- files announced later ------------------------------------------------------------------- */

static void
put_contact(struct delivery *d, enum lane_id id, uint32_t thread, bool has_name)
{
	struct customer *c = &d->customer;
	struct lane *lane = &d->lanes[id];
	struct json_writer *w = &lane->contacts_w;

	if (lane->last_contact == thread + 1)
		return;
	lane->last_contact = thread + 1;
	json_begin_object(w);
	json_put_key(w, "profile");
	json_begin_object(w);
	if (has_name) {
		made_up_name(scratch(c), c->seed, thread, 0);
		put_scratch(c, w, "name");
	}
	if (is_known_by_user_id(thread))
		put_username(c, w, thread);
	json_end_object(w);
	put_phone(c, w, "wa_id", thread);
	if (is_known_by_user_id(thread))
		put_user_id(c, w, thread);
	json_end_object(w);
}

/* Of most placeholders of the last two weeks; outbound ones partly as if they were live. */
static void
deliver_media(struct delivery *d)
{
	struct customer *c = &d->customer;

	for (uint64_t i = 0; i < c->messages; i++) {
		struct message m = history_message(c, i);
		uint64_t drawn = made_up_draw(c->seed, i, OF_FOLLOWUP);
		enum lane_id id = MEDIA_IN;

		if (m.at_s < c->onboarded_s - MEDIA_DAYS * DAY_S)
			break;
		if (m.kind != PLACEHOLDER || drawn % 100 >= 93)
			continue;
		if (m.is_outbound)
			id = drawn / 100 % 10 < 4 ? ECHOES : MEDIA_OUT;
		else if (is_known_by_user_id(m.thread))
			put_contact(d, MEDIA_IN, m.thread, false);
		m.kind = file_kind_of(c, i);
		put_message(c, &d->lanes[id].w, &m, id == ECHOES ? IN_ECHO : IN_FOLLOWUP);
		d->facts.followups++;
		end_item(d, id);
	}
	deliver_rest(d);
}

/* ---- what happens after the activation ------------------------------------------------------- */

/* By one of the two about `target`; has a wamid of its own, as every event but a status. */
static struct message
begin_event(
    struct delivery *d, const struct message *target, bool is_outbound, int nth, const char *type)
{
	struct customer *c = &d->customer;
	struct message event = *target;
	enum lane_id id = is_outbound ? ECHOES : LIVE;
	struct json_writer *w = &d->lanes[id].w;

	event.index = c->messages + c->live + (target->index - c->messages) * 8 + (uint64_t)nth;
	event.is_outbound = is_outbound;
	event.at_s += 60 * (nth + 1);
	if (!is_outbound)
		put_contact(d, id, target->thread, true);
	json_begin_object(w);
	put_parties(c, w, &event, IN_LIVE);
	put_wamid(c, w, "id", &event);
	put_digits(w, "timestamp", event.at_s);
	put_member(w, "type", type);
	json_put_key(w, type);
	json_begin_object(w);
	return event;
}

static void
end_event(struct delivery *d, bool is_outbound)
{
	enum lane_id id = is_outbound ? ECHOES : LIVE;

	json_end_object(&d->lanes[id].w);
	json_end_object(&d->lanes[id].w);
	d->facts.events++;
	end_item(d, id);
}

static void
deliver_edit(struct delivery *d, const struct message *m)
{
	struct message event = begin_event(d, m, m->is_outbound, 0, "edit");
	struct json_writer *w = &d->lanes[m->is_outbound ? ECHOES : LIVE].w;

	put_wamid(&d->customer, w, "original_message_id", m);
	json_put_key(w, "message");
	json_begin_object(w);
	json_put_key(w, "context");
	json_begin_object(w);
	put_member(w, "id", "M0");
	json_end_object(w);
	put_content(&d->customer, w, &event);
	json_end_object(w);
	end_event(d, m->is_outbound);
}

static void
deliver_revoke(struct delivery *d, const struct message *m)
{
	begin_event(d, m, m->is_outbound, 1, "revoke");
	put_wamid(
	    &d->customer, &d->lanes[m->is_outbound ? ECHOES : LIVE].w, "original_message_id", m);
	end_event(d, m->is_outbound);
}

/* By the other one. A reaction without emoji takes the one before back. */
static void
deliver_reaction(struct delivery *d, const struct message *m, int nth, const char *emoji)
{
	struct json_writer *w = &d->lanes[m->is_outbound ? LIVE : ECHOES].w;

	begin_event(d, m, !m->is_outbound, nth, "reaction");
	put_wamid(&d->customer, w, "message_id", m);
	if (emoji != NULL)
		put_member(w, "emoji", emoji);
	end_event(d, !m->is_outbound);
}

static void
deliver_status(struct delivery *d, const struct message *m, const char *status, int64_t at_s)
{
	struct json_writer *w = &d->lanes[STATUSES].w;

	json_begin_object(w);
	put_wamid(&d->customer, w, "id", m);
	put_member(w, "status", status);
	put_digits(w, "timestamp", at_s);
	put_phone(&d->customer, w, "recipient_id", m->thread);
	json_end_object(w);
	d->facts.statuses++;
	end_item(d, STATUSES);
}

static void
deliver_live_message(struct delivery *d, const struct message *m, uint64_t nth)
{
	enum lane_id id = m->is_outbound ? ECHOES : LIVE;

	if (!m->is_outbound)
		put_contact(d, id, m->thread, true);
	put_message(&d->customer, &d->lanes[id].w, m, m->is_outbound ? IN_ECHO : IN_LIVE);
	end_item(d, id);
	if (!m->is_outbound)
		return;
	deliver_status(d, m, "sent", m->at_s + 1);
	if (nth % 5 != 0)
		deliver_status(d, m, "delivered", m->at_s + 3);
	if (nth % 3 != 0)
		deliver_status(d, m, "read", m->at_s + 40);
}

static void
deliver_live(struct delivery *d)
{
	struct customer *c = &d->customer;

	for (uint64_t nth = 0; nth < c->live; nth++) {
		struct message m = live_message(c, nth);
		struct message newest = history_message(c, nth % c->messages);

		deliver_live_message(d, &m, nth);
		if (nth % 5 == 3 && m.kind == TEXT)
			deliver_edit(d, &m);
		if (nth % 10 == 5)
			deliver_revoke(d, &m);
		if (nth % 10 == 7 || nth % 10 == 8)
			deliver_reaction(d, &m, 2, nth % 3 == 0 ? "❤️" : "👍🏽");
		if (nth % 10 == 8)
			deliver_reaction(d, &m, 3, NULL);
		/* a message of history is read only now */
		if (nth < c->messages && newest.is_outbound && nth % 4 == 0)
			deliver_status(d, &newest, "read", c->onboarded_s + 600 + (int64_t)nth);
	}
	deliver_rest(d);
}

/* ---- address book ---------------------------------------------------------------------------- */

static void
deliver_entry(struct delivery *d, uint32_t thread, unsigned edition, bool is_add)
{
	struct customer *c = &d->customer;
	struct json_writer *w = &d->lanes[ADDRESS_BOOK].w;
	int64_t at_ms = c->onboarded_s * 1000 + (int64_t)edition * 7200000 + thread;

	json_begin_object(w);
	put_member(w, "type", "contact");
	json_put_key(w, "contact");
	json_begin_object(w);
	if (is_add) {
		made_up_name(scratch(c), c->seed, thread, edition);
		put_scratch(c, w, "full_name");
		made_up_first_name(scratch(c), c->seed, thread);
		put_scratch(c, w, "first_name");
	}
	put_phone(c, w, "phone_number", thread);
	json_end_object(w);
	put_member(w, "action", is_add ? "add" : "remove");
	json_put_key(w, "metadata");
	json_begin_object(w);
	put_digits(w, "timestamp", at_ms);
	json_end_object(w);
	json_end_object(w);
	d->facts.contacts++;
	end_item(d, ADDRESS_BOOK);
}

/* Four of five customers are in it; some are renamed, few removed. */
static void
deliver_address_book(struct delivery *d)
{
	for (uint32_t thread = 0; thread < d->customer.threads; thread++) {
		if (thread % 5 == 4)
			continue;
		deliver_entry(d, thread, 0, true);
		if (thread % 10 == 2)
			deliver_entry(d, thread, 1, true);
		if (thread % 20 == 6 || thread == 0)
			deliver_entry(d, thread, 2, false);
	}
	deliver_rest(d);
}

#endif
