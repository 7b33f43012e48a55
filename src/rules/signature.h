/*
 * What platforms sign their webhooks with (the Cloud API's documentation).
 */
#ifndef RULES_SIGNATURE_H
#define RULES_SIGNATURE_H

#include <stddef.h>

#include "base/str.h"
#include "model/payload.h"

/* By enum signature, as the database spells them. */
extern const char *const signature_names[];

/* The headers, in the order in which they are looked for, as they are written. */
extern const char *const signature_headers[];
extern const size_t signature_header_count;

/*
 * Does the value of signature_headers[header] sign these bytes? SIGNATURE_UNCHECKED without a
 * secret (its len is 0), else SIGNATURE_VALID or SIGNATURE_INVALID. Tried also without what
 * captures add to a body: a byte order mark before it, line feeds behind it.
 */
enum signature signature_check(size_t header, struct str value, struct str secret, struct str body);

/* Why what has this signature is refused where a valid one is required. */
const char *signature_refusal(enum signature s);

#endif
