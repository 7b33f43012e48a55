/*
 * Identities: see person.h.
 */
#include "rules/phone.h"

#include "decode/person.h"
#include "decode/rowkey.h"

struct person
person_of(struct arena *a, struct str phone, struct str user_id)
{
	struct person p = {phone_digits(a, phone), user_id};

	if (str_is_empty(p.user_id))
		p.user_id = p.phone.ptr == NULL && !str_is_empty(phone) ? phone : STR_NULL;
	return p;
}

struct str
person_identity(struct person p)
{
	return p.phone.ptr != NULL ? p.phone : p.user_id;
}

bool
person_is_known(struct person p)
{
	return p.phone.ptr != NULL || p.user_id.ptr != NULL;
}

bool
person_is_too_long(struct person p)
{
	return p.phone.len > ID_MAX_BYTES || p.user_id.len > ID_MAX_BYTES;
}

struct person
person_fill(struct person p, struct person other)
{
	bool may_differ = p.user_id.ptr != NULL && !str_equal(p.user_id, other.user_id);

	return p.phone.ptr != NULL || may_differ ? p : other;
}

void
person_link(struct sink *s, struct person p)
{
	struct arena *a = s->batch->arena;
	struct identity_link_row *row;

	if (p.phone.ptr == NULL || p.user_id.ptr == NULL || person_is_too_long(p))
		return;
	row = arena_zero(a, 1, sizeof(*row));
	row->row.key = rowkey_join(a, p.user_id, p.phone);
	row->user_id = p.user_id;
	row->phone = p.phone;
	sink_add(s, REL_IDENTITY_LINK, &row->row);
}
