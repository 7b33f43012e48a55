/*
 * The account that a value names: a pure function of the value and its entry (design, 4).
 */
#ifndef DECODE_NAMING_H
#define DECODE_NAMING_H

#include "decode/value.h"

/*
 * phone_number_id; else "+" and the digits of the business number (metadata, else the `from` of an
 * echo, else phone_number, else the `from` of a message of the past with from_me); else "waba:" and
 * the WABA id (waba_info, else entry.id); else "-". `entry_id` is a slice. Texts live in the arena;
 * repairs are added to v->repairs.
 */
struct account naming_of(struct value *v, struct str entry_id);

#endif
