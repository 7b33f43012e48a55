/*
 * What happened to the made-up customer, and how one message is told: kinds of
 * messages in their proportions, threads, times, and the members of a message as
 * Meta writes them. How it is delivered (chunks, values, files) is mkpayloads.c.
 */
#ifndef TOOLS_MADE_UP_MESSAGES_H
#define TOOLS_MADE_UP_MESSAGES_H

#include <inttypes.h>

#include "base/json.h"

#include "made_up.h"

#define DAY_S 86400
#define LIVE_PERIOD_S (19 * 3600)
#define BURST 4 /* messages in a row in one thread */
#define NO_REPLY UINT64_MAX

/* Where a message is told; it decides which members it has. */
enum telling { IN_HISTORY, IN_FOLLOWUP, IN_ECHO, IN_LIVE };

struct phase {
	uint64_t first; /* index of its newest message */
	uint64_t count;
	uint64_t chunks;
	int64_t from_s; /* age of its newest message */
	int64_t until_s;
};

struct customer {
	uint64_t seed;
	uint64_t messages; /* of history; index 0 is the newest */
	uint64_t live; /* indexes behind those of history */
	uint32_t threads;
	int64_t onboarded_s;
	struct phase phases[3];
	bool is_reordered; /* write members in the other order */
	struct buf scratch; /* the string being made */
};

struct message {
	uint64_t index;
	uint64_t reply_to;
	int64_t at_s;
	uint32_t thread;
	uint8_t kind; /* of kinds[] */
	bool is_outbound;
};

struct kind {
	const char *type;
	unsigned per_mille;
	void (*put)(struct customer *c, struct json_writer *w, const struct message *m);
	const char *mime; /* of those that are files */
	bool is_inbound_only;
};

static void put_text(struct customer *c, struct json_writer *w, const struct message *m);
static void put_media(struct customer *c, struct json_writer *w, const struct message *m);
static void put_location(struct customer *c, struct json_writer *w, const struct message *m);
static void put_cards(struct customer *c, struct json_writer *w, const struct message *m);
static void put_interactive(struct customer *c, struct json_writer *w, const struct message *m);
static void put_button(struct customer *c, struct json_writer *w, const struct message *m);
static void put_unsupported(struct customer *c, struct json_writer *w, const struct message *m);

/* The files come first: what a placeholder stands for is one of them. */
static const struct kind kinds[] = {
    {"image", 20, put_media, "image/jpeg", false},
    {"document", 10, put_media, "application/pdf", false},
    {"audio", 10, put_media, "audio/ogg; codecs=opus", false},
    {"video", 5, put_media, "video/mp4", false},
    {"sticker", 5, put_media, "image/webp", false},
    {"media_placeholder", 220, NULL, NULL, false},
    {"text", 700, put_text, NULL, false},
    {"location", 10, put_location, NULL, false},
    {"contacts", 10, put_cards, NULL, false},
    {"interactive", 4, put_interactive, NULL, true},
    {"button", 3, put_button, NULL, true},
    {"unsupported", 3, put_unsupported, NULL, true},
};
#define FILE_KINDS 5
#define PLACEHOLDER 5
#define TEXT 6

static const char *const statuses[] = {
    "read", "READ", "delivered", "DELIVERED", "sent", "SENT", "played", "PLAYED", "read", "ERROR"};

/* ---- what happened -------------------------------------------------------------------------- */

static uint64_t
draw(const struct customer *c, uint64_t index, enum aspect aspect)
{
	return made_up_draw(c->seed, index, aspect);
}

static uint8_t
kind_of(const struct customer *c, uint64_t index)
{
	uint64_t at = draw(c, index, OF_KIND) % 1000;
	uint8_t kind = 0;

	while (at >= kinds[kind].per_mille)
		at -= kinds[kind++].per_mille;
	return kind;
}

/* What a placeholder stands for. */
static uint8_t
file_kind_of(const struct customer *c, uint64_t index)
{
	return (uint8_t)(draw(c, index, OF_MEDIA) % FILE_KINDS);
}

static uint64_t
burst_of(const struct customer *c)
{
	return c->messages / c->threads >= BURST ? BURST : 1;
}

/* Every thread gets a burst at regular places; the others fall upon few rather than many. */
static uint32_t
thread_of(const struct customer *c, uint64_t index)
{
	uint64_t burst = index / burst_of(c), bursts = c->messages / burst_of(c);
	uint64_t every = bursts / c->threads;
	uint64_t drawn = draw(c, burst, OF_THREAD);
	uint64_t a = (drawn & UINT32_MAX) % c->threads, b = (drawn >> 32) % c->threads;

	if (every > 0 && burst % every == 0 && burst / every < c->threads)
		return (uint32_t)(burst / every);
	return (uint32_t)(a < b ? a : b);
}

static int64_t
age_of(const struct customer *c, uint64_t index)
{
	const struct phase *p = &c->phases[0];

	while (index - p->first >= p->count)
		p++;
	uint64_t span = (uint64_t)(p->until_s - p->from_s), nth = index - p->first;

	return p->from_s + (int64_t)((span * nth + draw(c, index, OF_TIME) % span) / p->count);
}

static struct message
history_message(const struct customer *c, uint64_t index)
{
	struct message m = {.index = index, .reply_to = NO_REPLY, .kind = kind_of(c, index)};

	m.thread = thread_of(c, index);
	m.at_s = c->onboarded_s - age_of(c, index);
	m.is_outbound = draw(c, index, OF_DIRECTION) % 100 < 45 && !kinds[m.kind].is_inbound_only;
	/* the next older one of the same burst */
	if (m.kind == TEXT && draw(c, index, OF_REPLY) % 12 == 0 && index + 1 < c->messages &&
	    thread_of(c, index + 1) == m.thread)
		m.reply_to = index + 1;
	return m;
}

/* The nth message after the activation, in the thread of some message of history. */
static struct message
live_message(const struct customer *c, uint64_t nth)
{
	uint64_t index = c->messages + nth;
	uint64_t earlier = draw(c, index, OF_REPLY) % c->messages;
	struct message m = {.index = index, .reply_to = NO_REPLY, .kind = kind_of(c, index)};

	if (m.kind == PLACEHOLDER)
		m.kind = nth % 3 == 0 ? file_kind_of(c, index) : TEXT;
	m.thread = thread_of(c, earlier);
	m.at_s = c->onboarded_s + 300 + (int64_t)(nth * LIVE_PERIOD_S / c->live);
	m.is_outbound = draw(c, index, OF_DIRECTION) % 100 < 50 && !kinds[m.kind].is_inbound_only;
	if (nth % 6 == 2)
		m.reply_to = earlier;
	return m;
}

static bool
is_known_by_user_id(uint32_t thread)
{
	return thread % 8 == 3;
}

/* ---- members -------------------------------------------------------------------------------- */

static void
put_member(struct json_writer *w, const char *key, const char *text)
{
	json_put_key(w, key);
	json_put_str(w, str_of(text));
}

static void
put_digits(struct json_writer *w, const char *key, int64_t n)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%" PRId64, n);
	put_member(w, key, digits);
}

/* What the last made_up_… put into the scratch buffer; it needs no more escapes. */
static void
put_scratch(struct customer *c, struct json_writer *w, const char *key)
{
	json_put_key(w, key);
	buf_put_char(&c->scratch, '"');
	json_put_raw(w, buf_str(&c->scratch));
}

static struct buf *
scratch(struct customer *c)
{
	buf_reset(&c->scratch);
	buf_put_char(&c->scratch, '"');
	return &c->scratch;
}

static void
put_wamid(struct customer *c, struct json_writer *w, const char *key, const struct message *m)
{
	made_up_wamid(scratch(c), c->seed, m->thread, m->is_outbound, m->index);
	put_scratch(c, w, key);
}

static void
put_phone(const struct customer *c, struct json_writer *w, const char *key, uint32_t thread)
{
	char phone[PHONE_SIZE];

	made_up_phone(c->seed, thread, phone);
	put_member(w, key, phone);
}

static void
put_user_id(struct customer *c, struct json_writer *w, uint32_t thread)
{
	buf_printf(scratch(c), "US.%014" PRIu64, draw(c, thread, OF_NAME) % 100000000000000u);
	put_scratch(c, w, "user_id");
}

static void
put_username(struct customer *c, struct json_writer *w, uint32_t thread)
{
	buf_printf(scratch(c), "visitor.%" PRIu32, thread);
	put_scratch(c, w, "username");
}

/* ---- contents ------------------------------------------------------------------------------- */

static void
put_text(struct customer *c, struct json_writer *w, const struct message *m)
{
	json_put_key(w, "text");
	json_begin_object(w);
	made_up_text(scratch(c), c->seed, m->index);
	put_scratch(c, w, "body");
	json_end_object(w);
}

static void
put_media(struct customer *c, struct json_writer *w, const struct message *m)
{
	const struct kind *kind = &kinds[m->kind];
	uint64_t drawn = draw(c, m->index, OF_MEDIA) >> 8;
	char id[24];

	snprintf(id, sizeof(id), "%" PRIu64, 700000000000000 + m->index * 17);
	json_put_key(w, kind->type);
	json_begin_object(w);
	if (drawn % 3 == 0 && strcmp(kind->type, "audio") != 0 &&
	    strcmp(kind->type, "sticker") != 0) {
		made_up_text(scratch(c), c->seed, m->index);
		put_scratch(c, w, "caption");
	}
	if (strcmp(kind->type, "document") == 0) {
		buf_printf(scratch(c), "invoice n\\u00ba %" PRIu64 ".pdf", drawn % 10000);
		put_scratch(c, w, "filename");
	}
	put_member(w, "mime_type", kind->mime);
	made_up_file_sha256(scratch(c), id);
	put_scratch(c, w, "sha256");
	put_member(w, "id", id);
	if (strcmp(kind->type, "audio") == 0) {
		json_put_key(w, "voice");
		json_put_bool(w, drawn % 4 != 0);
	}
	if (strcmp(kind->type, "sticker") == 0) {
		json_put_key(w, "animated");
		json_put_bool(w, drawn % 2 == 0);
	}
	json_end_object(w);
}

static void
put_location(struct customer *c, struct json_writer *w, const struct message *m)
{
	uint64_t drawn = draw(c, m->index, OF_MEDIA);

	json_put_key(w, "location");
	json_begin_object(w);
	buf_reset(&c->scratch);
	buf_printf(
	    &c->scratch, "%u.%06u", (unsigned)(drawn % 80), (unsigned)(drawn >> 20) % 1000000);
	json_put_key(w, "latitude");
	json_put_raw(w, buf_str(&c->scratch));
	buf_reset(&c->scratch);
	buf_printf(&c->scratch, "-%u.%011u", (unsigned)(drawn >> 8) % 170,
	    (unsigned)(drawn >> 32) % 1000000);
	json_put_key(w, "longitude");
	json_put_raw(w, buf_str(&c->scratch));
	if (drawn % 2 == 0)
		put_member(w, "name", "Corner Shop \"Zum Löwen\"");
	json_end_object(w);
}

static void
put_cards(struct customer *c, struct json_writer *w, const struct message *m)
{
	/* somebody the customer knows, not one of the threads */
	uint32_t person = c->threads + (uint32_t)(m->index % 1000);

	json_put_key(w, "contacts");
	json_begin_array(w);
	json_begin_object(w);
	json_put_key(w, "name");
	json_begin_object(w);
	made_up_name(scratch(c), c->seed, person, 0);
	put_scratch(c, w, "formatted_name");
	json_end_object(w);
	json_put_key(w, "phones");
	json_begin_array(w);
	json_begin_object(w);
	put_phone(c, w, "wa_id", person);
	put_member(w, "type", "CELL");
	json_end_object(w);
	json_end_array(w);
	json_end_object(w);
	json_end_array(w);
}

static void
put_interactive(struct customer *c, struct json_writer *w, const struct message *m)
{
	json_put_key(w, "interactive");
	json_begin_object(w);
	put_member(w, "type", "list_reply");
	json_put_key(w, "list_reply");
	json_begin_object(w);
	put_digits(w, "id", (int64_t)(draw(c, m->index, OF_TEXT) % 9));
	put_member(w, "title", "Opening hours ⏰");
	json_end_object(w);
	json_end_object(w);
}

static void
put_button(struct customer *c, struct json_writer *w, const struct message *m)
{
	json_put_key(w, "button");
	json_begin_object(w);
	put_digits(w, "payload", (int64_t)(draw(c, m->index, OF_TEXT) % 9));
	put_member(w, "text", "Yes, please");
	json_end_object(w);
}

static void
put_unsupported(struct customer *c, struct json_writer *w, const struct message *m)
{
	json_put_key(w, "errors");
	json_begin_array(w);
	json_begin_object(w);
	json_put_key(w, "code");
	json_put_int(w, 131051);
	put_member(w, "title", "Message type unknown");
	put_member(w, "message", "Message type unknown");
	json_end_object(w);
	json_end_array(w);
	json_put_key(w, "unsupported");
	json_begin_object(w);
	put_member(w, "type", draw(c, m->index, OF_TEXT) % 2 == 0 ? "poll" : "video_note");
	json_end_object(w);
}

/* ---- one message ---------------------------------------------------------------------------- */

static void
put_parties(
    struct customer *c, struct json_writer *w, const struct message *m, enum telling telling)
{
	if (!m->is_outbound) {
		put_phone(c, w, "from", m->thread);
		return;
	}
	put_member(w, "from", BUSINESS_PHONE);
	if (telling != IN_HISTORY || m->index % 2 == 0)
		put_phone(c, w, "to", m->thread);
}

static void
put_context(
    struct customer *c, struct json_writer *w, const struct message *m, enum telling telling)
{
	if (m->reply_to != NO_REPLY) {
		struct message target = history_message(c, m->reply_to);

		json_put_key(w, "context");
		json_begin_object(w);
		if (target.is_outbound)
			put_member(w, "from", BUSINESS_PHONE);
		else
			put_phone(c, w, "from", target.thread);
		put_wamid(c, w, "id", &target);
		json_end_object(w);
	} else if (telling == IN_LIVE && m->index % 15 == 0) {
		json_put_key(w, "context");
		json_begin_object(w);
		json_put_key(w, "forwarded");
		json_put_bool(w, true);
		json_end_object(w);
	}
}

static void
put_history_context(struct customer *c, struct json_writer *w, const struct message *m)
{
	uint64_t drawn = draw(c, m->index, OF_STATUS);

	json_put_key(w, "history_context");
	json_begin_object(w);
	if (m->is_outbound) {
		json_put_key(w, "from_me");
		json_put_bool(w, true);
		put_member(w, "status", statuses[drawn % COUNT_OF(statuses)]);
	} else {
		put_member(w, "status", drawn % 2 == 0 ? "pending" : "PENDING");
	}
	json_end_object(w);
}

static void
put_content(struct customer *c, struct json_writer *w, const struct message *m)
{
	put_member(w, "type", kinds[m->kind].type);
	if (kinds[m->kind].put != NULL)
		kinds[m->kind].put(c, w, m);
}

/* In the order of Meta's documents, or from back to front. */
static void
put_message(
    struct customer *c, struct json_writer *w, const struct message *m, enum telling telling)
{
	json_begin_object(w);
	if (!c->is_reordered)
		put_parties(c, w, m, telling);
	else if (telling == IN_HISTORY)
		put_history_context(c, w, m);
	if (c->is_reordered)
		put_content(c, w, m);
	put_wamid(c, w, "id", m);
	put_digits(w, "timestamp", m->at_s);
	if (!c->is_reordered)
		put_content(c, w, m);
	put_context(c, w, m, telling);
	if (c->is_reordered)
		put_parties(c, w, m, telling);
	else if (telling == IN_HISTORY)
		put_history_context(c, w, m);
	json_end_object(w);
}

#endif
