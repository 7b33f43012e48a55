/*
 * HMAC-SHA256 (RFC 2104) by OpenSSL's libcrypto.
 */
#ifndef BASE_HMAC_H
#define BASE_HMAC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sha256.h"
#include "base/str.h"

/* Of pieces that stand one behind the other; STR_NULL ends them. The key is not empty. */
struct sha256 hmac_sha256(struct str key, const struct str *pieces);

/* In a time that says nothing of where they differ. */
bool hmac_is_equal(const struct sha256 *a, const struct sha256 *b);

#endif
