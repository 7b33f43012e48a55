/*
 * Contents: texts, files, places, in up to EDITIONS editions a message, some of which differ only
 * in how a number is spelled.
 */
#include <inttypes.h>

#include "maker.h"

static void put_text(struct maker *m, struct json_writer *w, uint64_t drawn);
static void put_file(struct maker *m, struct json_writer *w, uint64_t drawn);
static void put_place(struct maker *m, struct json_writer *w, uint64_t drawn);
static void put_cards(struct maker *m, struct json_writer *w, uint64_t drawn);
static void put_answer(struct maker *m, struct json_writer *w, uint64_t drawn);
static void put_order(struct maker *m, struct json_writer *w, uint64_t drawn);
static void put_unsupported(struct maker *m, struct json_writer *w, uint64_t drawn);

static const struct kind {
	const char *type;
	const char *object;
	void (*put)(struct maker *m, struct json_writer *w, uint64_t drawn); /* its members */
} kinds[] = {
    {"text", "text", put_text},
    {"text", "text", put_text},
    {"text", "text", put_text},
    {"text", "text", put_text},
    {"image", "image", put_file},
    {"document", "document", put_file},
    {"audio", "audio", put_file},
    {"sticker", "sticker", put_file},
    {"location", "location", put_place},
    {"location", "location", put_place},
    {"contacts", NULL, put_cards},
    {"interactive", "interactive", put_answer},
    {"order", "order", put_order},
    {"unsupported", "unsupported", put_unsupported},
    {"errors", NULL, NULL},
    {"unknown", NULL, NULL},
    {"ephemeral", NULL, NULL},
    {"hologram", "hologram", put_place},
};

/* What a database, a terminal or a page may stumble over; between the quotes of a JSON string. */
static const char *const hostile[] = {"\\u0000", "nul \\u0000 inside", "\\ud800", "\\udc00\\ud83d",
    "\\uD83D\\uDE00", "caf\xe9", "\xf0\x9f\x98", "\xed\xa0\x80", "\\u202e\u05e9\u05dc\u05d5\u05dd",
    "\\ufffe\\uffff", "\xef\xbf\xbf", "", " ", "\\\\N", "\\\\x", "\\t\\n\\r", "\\/\\b\\f", "NULL",
    "{\\\"a\\\": 1}", "\\u00e9", "é", "e\\u0301", "'--", "%s%n", "\\u007f\\u0001", "M0"};

unsigned
content_kinds(void)
{
	return COUNT_OF(kinds);
}

static const char *
drawn_text(uint64_t drawn)
{
	if (drawn % 4 == 0)
		return hostile[(drawn >> 8) % COUNT_OF(hostile)];
	return phrases[(drawn >> 8) % COUNT_OF(phrases)];
}

const char *
content_name(struct maker *m, unsigned person)
{
	/* a few names each, so that they come again */
	uint64_t drawn = made_up_draw(m->seed, person * 4 + draw(m, 3), OF_NAME);

	if (drawn % 5 == 0)
		return hostile[(drawn >> 8) % COUNT_OF(hostile)];
	return first_names[(drawn >> 8) % COUNT_OF(first_names)];
}

void
content_put(struct maker *m, struct json_writer *w, unsigned nth, unsigned edition)
{
	unsigned kind = m->messages[nth].kind;
	uint64_t drawn = made_up_draw(m->seed, nth * EDITIONS + edition, OF_TEXT);
	const struct kind *k;

	if (edition > 0 && drawn % 8 == 0)
		kind = (unsigned)(drawn >> 32) % COUNT_OF(kinds);
	k = &kinds[kind];
	if (!chance(m, 3))
		put_member(w, "type", k->type);
	if (k->object != NULL && !chance(m, 2)) {
		json_put_key(w, k->object);
		json_begin_object(w);
		if (k->put == put_file) {
			/* the same file under each of its editions, and two in some */
			uint64_t file = drawn % 16 == 1 ? drawn % 1000 : 0;

			put_number(m, w, "id", 700000000000 + (int64_t)(nth + file * 1000));
		}
		k->put(m, w, drawn);
		json_end_object(w);
	} else if (k->put == put_cards) {
		put_cards(m, w, drawn);
	}
}

static void
put_text(struct maker *m, struct json_writer *w, uint64_t drawn)
{
	if (drawn % 40 == 7)
		return;
	put_quoted(m, w, "body", drawn_text(drawn >> 3));
	if (drawn % 20 == 3)
		put_member(w, "preview_url", "true");
}

/* What is announced differs each time; what is content less often. */
static void
put_file(struct maker *m, struct json_writer *w, uint64_t drawn)
{
	static const char *const mimes[] = {
	    "image/jpeg", "audio/ogg; codecs=opus", "application/pdf", "image/webp", "Image/JPEG"};
	static const char *const names[] = {"a.pdf", "B.pdf", "\\u00e4.pdf", "", "..\\/x"};

	if (drawn % 3 == 0)
		put_quoted(m, w, "caption", drawn_text(drawn >> 3));
	if (!chance(m, 8))
		put_member(w, "mime_type", mimes[(drawn >> 8) % COUNT_OF(mimes)]);
	if (drawn % 2 == 0)
		put_quoted(m, w, "filename", names[(drawn >> 20) % COUNT_OF(names)]);
	if (!chance(m, 30)) {
		buf_reset(&m->scratch);
		made_up_sha256(&m->scratch, m->seed, drawn % 3 + draw(m, 2));
		json_put_key(w, "sha256");
		json_put_str(w, buf_str(&m->scratch));
	}
	if (chance(m, 30))
		put_member(w, "url", chance(m, 50) ? "https://x.example/a" : "https://x.example/b");
	if (drawn % 5 == 0) {
		json_put_key(w, drawn % 2 == 0 ? "voice" : "animated");
		json_put_bool(w, drawn % 3 == 0);
	}
}

static void
put_place(struct maker *m, struct json_writer *w, uint64_t drawn)
{
	/* one number in several spellings; jsonb keeps some of them apart, and they compare equal
	 */
	static const char *const spellings[] = {"1.0", "1.00", "1", "1e0", "10e-1", "-0", "0",
	    "0.10", "1E+2", "100", "0.1000000000000000055511151231257827", "1e401", "\"1.0\""};

	(void)m;
	json_put_key(w, "latitude");
	json_put_raw(w, str_of(spellings[drawn % 4]));
	json_put_key(w, "longitude");
	json_put_raw(w, str_of(spellings[(drawn >> 8) % COUNT_OF(spellings)]));
	if (drawn % 7 == 0)
		put_quoted(m, w, "name", drawn_text(drawn >> 3));
	if (drawn % 9 == 0)
		put_quoted(m, w, "name", drawn_text(drawn >> 5));
}

static void
put_cards(struct maker *m, struct json_writer *w, uint64_t drawn)
{
	json_put_key(w, "contacts");
	json_begin_array(w);
	json_begin_object(w);
	json_put_key(w, "name");
	json_begin_object(w);
	put_quoted(m, w, "formatted_name", drawn_text(drawn));
	json_end_object(w);
	json_end_object(w);
	json_end_array(w);
}

static void
put_answer(struct maker *m, struct json_writer *w, uint64_t drawn)
{
	put_member(w, "type", "nfm_reply");
	json_put_key(w, "nfm_reply");
	json_begin_object(w);
	put_member(w, "name", "flow");
	put_member(w, "response_json", drawn % 2 == 0 ? "{\"a\": 1.0}" : "{\"a\":1.00}");
	put_quoted(m, w, "body", drawn_text(drawn));
	json_end_object(w);
}

static void
put_order(struct maker *m, struct json_writer *w, uint64_t drawn)
{
	static const char *const prices[] = {"9.9", "9.90", "9.900", "99e-1"};

	(void)m;
	put_member(w, "catalog_id", "77");
	json_put_key(w, "product_items");
	json_begin_array(w);
	json_begin_object(w);
	json_put_key(w, "item_price");
	json_put_raw(w, str_of(prices[drawn % COUNT_OF(prices)]));
	json_end_object(w);
	json_end_array(w);
}

static void
put_unsupported(struct maker *m, struct json_writer *w, uint64_t drawn)
{
	(void)m;
	put_member(w, "type", drawn % 2 == 0 ? "poll" : "video_note");
}
