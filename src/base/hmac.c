/*
 * HMAC-SHA256: see hmac.h.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/hmac.h"
#include "base/memory.h"

/* libcrypto fails here only for want of memory or of the algorithm itself, which no build lacks. */
static void
must(bool is_ok)
{
	if (!is_ok)
		memory_end("HMAC-SHA256 of libcrypto");
}

struct sha256
hmac_sha256(struct str key, const struct str *pieces)
{
	char digest[] = "SHA256";
	const OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_utf8_string("digest", digest, 0), OSSL_PARAM_construct_end()};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
	struct sha256 h;
	size_t len;

	must(
	    ctx != NULL && EVP_MAC_init(ctx, (const unsigned char *)key.ptr, key.len, params) == 1);
	for (; pieces->ptr != NULL; pieces++)
		must(EVP_MAC_update(ctx, (const unsigned char *)pieces->ptr, pieces->len) == 1);
	must(EVP_MAC_final(ctx, h.bytes, &len, sizeof(h.bytes)) == 1 && len == sizeof(h.bytes));
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return h;
}

bool
hmac_is_equal(const struct sha256 *a, const struct sha256 *b)
{
	return CRYPTO_memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}
