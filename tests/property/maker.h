/*
 * What a world is made with: random draws, people, and the messages that happened, each of which
 * is told several times and not always in the same way.
 */
#ifndef PROPERTY_MAKER_H
#define PROPERTY_MAKER_H

#include "base/json.h"

#include "../tools/made_up.h"

#include "world.h"

#define MAX_PEOPLE 6
#define MAX_MESSAGES 60
#define DOCUMENT_MAX ((size_t)1 << 24)
#define EDITIONS 3 /* contents that one message may be told with */

/* Where an item is delivered. */
enum lane { IN_HISTORY, IN_MEDIA, IN_MEDIA_OUT, IN_ECHOES, IN_LIVE, IN_STATUSES, IN_BOOK, LANES };

struct someone {
	const char *forms[2]; /* of the phone number; often the same */
	char user_id[32]; /* "": none yet */
};

/* A message that happened. */
struct happened {
	char key[KEY_SIZE];
	unsigned person;
	bool is_outbound;
	bool has_twin; /* it has a second wamid, by user id */
	bool is_opaque; /* its ids do not decode */
	int64_t at_s;
	unsigned kind; /* of the table in content.c */
	int reply_to; /* -1: none */
};

struct item {
	enum lane lane;
	unsigned person;
	int activation;
	struct str bytes;
};

struct maker {
	struct arena *arena;
	uint64_t state; /* of the draws */
	uint64_t seed;
	struct world *world;
	struct someone people[MAX_PEOPLE];
	unsigned person_count;
	struct happened messages[MAX_MESSAGES];
	unsigned message_count;
	unsigned event_ids; /* from how many ids events take theirs */
	struct list items;
	struct buf scratch;
};

static inline uint64_t
draw(struct maker *m, uint64_t below)
{
	return prng_next(&m->state) % below;
}

static inline bool
chance(struct maker *m, unsigned percent)
{
	return draw(m, 100) < percent;
}

#define DRAW_OF(m, table) ((table)[draw((m), COUNT_OF(table))])

/* ---- members (member.c) ---------------------------------------------------------------------- */

void put_member(struct json_writer *w, const char *key, const char *text);

/* The text stands as between the quotes of a JSON string. */
void put_quoted(struct maker *m, struct json_writer *w, const char *key, const char *inner);

void put_number(struct maker *m, struct json_writer *w, const char *key, int64_t n);

/* Seconds or milliseconds, text or number, and what is no time at all. */
void put_time(struct maker *m, struct json_writer *w, const char *key, int64_t at_s);

/* A person by phone, by user id, by both, or not at all. */
void put_person(struct maker *m, struct json_writer *w, unsigned person, const char *const keys[2]);

void put_business(struct maker *m, struct json_writer *w, const char *key);

/* One of the wamids of a message. */
void put_wamid(
    struct maker *m, struct json_writer *w, const char *key, const struct happened *message);

/* ---- contents (content.c) -------------------------------------------------------------------- */

unsigned content_kinds(void);

/* The type and the object of the nth message in one of its editions. */
void content_put(struct maker *m, struct json_writer *w, unsigned nth, unsigned edition);

/* A name or a text to be written between quotes. */
const char *content_name(struct maker *m, unsigned person);

/* ---- items (item.c) -------------------------------------------------------------------------- */

/* Everything that is said, in no order, into m->items. */
void item_make_all(struct maker *m);

#endif
