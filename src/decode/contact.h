/*
 * The address book of the business (state_sync[]), and contacts[] beside messages.
 */
#ifndef DECODE_CONTACT_H
#define DECODE_CONTACT_H

#include "decode/value.h"

/* contact_event rows and identity links. */
void contact_read_sync(struct value *v, struct str array, const struct pointer *at);

/* contacts[] of the value at `at`: profile names, identity links, and v->sole_contact. */
void contact_read_list(struct value *v, const struct pointer *at);

#endif
