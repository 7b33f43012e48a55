/*
 * A value: what one change of a webhook says about one account. It may hold several arrays
 * at once; all are read.
 */
#ifndef DECODE_VALUE_H
#define DECODE_VALUE_H

#include "base/json.h"

#include "decode/person.h"
#include "decode/reader.h"

/* Where a value stands and what its surroundings say: slices, STR_NULL where there are none. */
struct value_place {
	const struct pointer *at;
	const char *dialect;
	struct str field;
	struct str waba_id;
	struct str time;
};

/* The members of a value, as slices. */
struct value_members {
	struct str metadata;
	struct str history;
	struct str state_sync;
	struct str message_echoes;
	struct str messages;
	struct str statuses;
	struct str errors;
	struct str contacts;
	struct str event;
	struct str field;
	struct str phone_number;
	struct str waba_info;
};

/* A value while it is read: what its readers share. */
struct value {
	struct arena *arena;
	struct sink *sink;
	const struct spans *spans;
	struct str json;
	struct value_members members;
	struct account named;
	int64_t entry_time_us;
	bool is_media; /* messages are follow-ups of history */
	bool is_sample; /* of the App Dashboard */
	bool is_unread; /* its messages are only counted, as: */
	enum outcome unread; /* excluded, or rejected */
	struct person sole_contact; /* of contacts[] with exactly one entry */
	struct list sightings;
	struct list profiles;
	unsigned repairs;
};

/* Reads an object that stands by itself: has it anything that a value has? */
bool value_is_known(struct reader *r, struct str json);

/* Rows, counts and rejects of a value, under the account that it names. */
void value_read(struct reader *r, const struct value_place *place, struct str json);

/*
 * For dialects whose values are called otherwise: of a value whose json and members are set,
 * finds whose it is (v->sink, v->named); its reader then tells the kinds in v->sink->kinds.
 */
void value_open(struct value *v, struct reader *r, const struct value_place *place);
void value_close(struct value *v);

/* Where repairs are counted: NULL where json.h need not look for damage. */
static inline unsigned *
value_repairs(struct value *v)
{
	return v->spans->outline.is_clean ? NULL : &v->repairs;
}

/* Is an item of a list an object? What is none is kept, unless items are only counted. */
bool value_is_object(struct value *v, struct str json, const struct pointer *at);

/* Is a member an array? What is said and is none is kept likewise. */
bool value_is_array(struct value *v, struct str json, const struct pointer *at);

/* Are errors a list, or one error without a list around it? Likewise; "" says nothing. */
bool value_is_errors(struct value *v, struct str json, const struct pointer *at);

/* The errors of an item, as JSON text of a list, repaired; STR_NULL if it has none. */
struct str value_errors(struct value *v, struct str json, const struct pointer *item);

/* The text of a string or number; STR_NULL also for "", which means "not said" everywhere. */
struct str value_text(struct value *v, struct str slice);

/* Does a group_id, or what a dialect has in its place, name a group? {} names none. */
bool value_is_group(struct value *v, struct str slice);

/* A username: drafts of 2025 had an "@" before it, which is none of its letters. */
struct str value_username(struct value *v, struct str slice);

/* The time of a slice; one that is said and unusable is counted. */
int64_t value_time(struct value *v, struct str slice);

/* Somebody, from the slices of a phone and of a BSUID. */
struct person value_person(struct value *v, struct str phone, struct str user_id);

#endif
