/*
 * The address book of the business (state_sync[]), and contacts[] beside messages.
 */
#ifndef DECODE_CONTACT_H
#define DECODE_CONTACT_H

#include "decode/fields.h"
#include "decode/value.h"

/* The members of a state_sync[] element and of its contact, as slices. */
struct sync_members {
	struct str type;
	struct str contact;
	struct str action;
	struct str metadata;
	struct str timestamp; /* of dialects without metadata */
	struct str full_name;
	struct str first_name;
	struct str phone_number;
	struct str user_id;
	struct str username;
};

/* What a dialect calls them. */
struct sync_tables {
	struct field_table item;
	struct field_table contact;
};

/* contact_event rows and identity links. */
void contact_read_sync(struct value *v, struct str array, const struct pointer *at);

/* The same in another dialect. */
void contact_read_sync_as(
    struct value *v, struct str array, const struct pointer *at, const struct sync_tables *tables);

/* contacts[] of the value at `at`: profile names, identity links, and v->sole_contact. */
void contact_read_list(struct value *v, const struct pointer *at);

#endif
