/*
 * SHA-256 by OpenSSL's libcrypto: whole and in pieces, hex both ways.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

#define SHA256_BYTES 32
#define SHA256_HEX_BYTES 65 /* with the NUL */

struct sha256 {
	unsigned char bytes[SHA256_BYTES];
};

/* Its bytes, borrowed. */
static inline struct str
sha256_str(const struct sha256 *h)
{
	return (struct str){(const char *)h->bytes, SHA256_BYTES};
}

struct sha256 sha256_of(const void *bytes, size_t len);

/* In pieces. sha256_end gives the digest and frees; sha256_cancel only frees, NULL is fine. */
struct sha256_stream;
struct sha256_stream *sha256_begin(void);
void sha256_add(struct sha256_stream *s, const void *bytes, size_t len);
struct sha256 sha256_end(struct sha256_stream *s);
void sha256_cancel(struct sha256_stream *s);

/* Lower-case hex with a NUL; returns out. */
char *sha256_hex(const struct sha256 *h, char out[SHA256_HEX_BYTES]);

/* From 64 hex digits, or 43 characters of base64, padded or not. False if it is neither. */
bool sha256_parse(struct str text, struct sha256 *out);

#endif
