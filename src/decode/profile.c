/*
 * Profile names: see profile.h.
 */
#include <stdlib.h>

#include "decode/profile.h"
#include "decode/rowkey.h"

struct sighting {
	struct str identity;
	int64_t at_us;
};

struct profile {
	struct person person;
	struct str name;
	bool is_username;
	bool is_of_thread; /* seen at at_us, otherwise whenever the value shows the person */
	int64_t at_us;
};

static void
add_sighting(struct value *v, struct str identity, int64_t at_us)
{
	struct sighting *s;

	if (identity.ptr == NULL)
		return;
	s = arena_alloc(v->arena, sizeof(*s));
	*s = (struct sighting){identity, at_us};
	list_add(v->arena, &v->sightings, s);
}

void
profile_saw(struct value *v, struct person p, int64_t at_us)
{
	if (at_us == TIME_NONE)
		return;
	add_sighting(v, p.phone, at_us);
	add_sighting(v, p.user_id, at_us);
}

void
profile_add(struct value *v, struct person p, bool is_username, struct str name)
{
	struct profile *added;

	if (name.ptr == NULL)
		return;
	added = arena_alloc(v->arena, sizeof(*added));
	*added = (struct profile){.person = p, .name = name, .is_username = is_username};
	list_add(v->arena, &v->profiles, added);
}

void
profile_add_of_thread(struct value *v, struct person p, struct str username, int64_t at_us)
{
	struct profile *added;

	if (username.ptr == NULL)
		return;
	added = arena_alloc(v->arena, sizeof(*added));
	*added = (struct profile){p, username, true, true, at_us};
	list_add(v->arena, &v->profiles, added);
}

static int
compare_sightings(const void *left, const void *right)
{
	const struct sighting *x = *(const struct sighting *const *)left;
	const struct sighting *y = *(const struct sighting *const *)right;
	int order = str_compare(x->identity, y->identity);

	return order != 0 ? order : (x->at_us > y->at_us) - (x->at_us < y->at_us);
}

/* The last of its sightings, which are sorted. */
static int64_t
newest_of(const struct value *v, struct str identity)
{
	size_t low = 0, high = v->sightings.count;
	const struct sighting *last;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct sighting *s = v->sightings.items[middle];

		if (str_compare(s->identity, identity) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	last = low == 0 ? NULL : v->sightings.items[low - 1];
	return last != NULL && str_equal(last->identity, identity) ? last->at_us : TIME_NONE;
}

static int64_t
last_seen(const struct value *v, struct person p)
{
	int64_t phone = p.phone.ptr == NULL ? TIME_NONE : newest_of(v, p.phone);
	int64_t user_id = p.user_id.ptr == NULL ? TIME_NONE : newest_of(v, p.user_id);

	return phone > user_id ? phone : user_id;
}

static void
add_row(struct value *v, const struct profile *p)
{
	struct profile_name_row *row = arena_zero(v->arena, 1, sizeof(*row));
	char tail[1 + SHA256_BYTES];

	row->identity = person_identity(p->person);
	row->is_username = p->is_username;
	row->name = p->name;
	row->sha256 = sha256_of(p->name.ptr, p->name.len);
	row->last_seen_us = p->is_of_thread ? p->at_us : last_seen(v, p->person);
	tail[0] = (char)p->is_username; /* coexsync.profile_name_kind: name < username */
	memcpy(tail + 1, row->sha256.bytes, SHA256_BYTES);
	row->row.key = rowkey_join(v->arena, row->identity, (struct str){tail, sizeof(tail)});
	sink_add(v->sink, REL_PROFILE_NAME, &row->row);
}

void
profile_finish(struct value *v)
{
	if (v->profiles.count > 0 && v->sightings.count > 1)
		qsort(v->sightings.items, v->sightings.count, sizeof(*v->sightings.items),
		    compare_sightings);
	for (size_t i = 0; i < v->profiles.count && !v->spans->is_closed; i++)
		add_row(v, v->profiles.items[i]);
}
