/*
 * SHA-256: see sha256.h.
 */
#include <openssl/evp.h>
#include <pthread.h>

#include "base/memory.h"
#include "base/sha256.h"

/* libcrypto fails here only for want of memory or of the algorithm itself, which no build lacks. */
static void
must(int ok)
{
	if (ok != 1)
		memory_end("SHA-256 of libcrypto");
}

/* Looked up once: to find it takes libcrypto longer than to hash a small payload. */
static EVP_MD *algorithm;
static pthread_once_t algorithm_once = PTHREAD_ONCE_INIT;

static void
fetch_algorithm(void)
{
	algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	must(algorithm != NULL);
}

static const EVP_MD *
sha256_algorithm(void)
{
	pthread_once(&algorithm_once, fetch_algorithm);
	return algorithm;
}

struct sha256
sha256_of(const void *bytes, size_t len)
{
	struct sha256 h;

	must(EVP_Digest(bytes, len, h.bytes, NULL, sha256_algorithm(), NULL));
	return h;
}

struct sha256_stream *
sha256_begin(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	must(ctx != NULL && EVP_DigestInit_ex(ctx, sha256_algorithm(), NULL) == 1);
	return (struct sha256_stream *)ctx;
}

void
sha256_add(struct sha256_stream *s, const void *bytes, size_t len)
{
	must(EVP_DigestUpdate((EVP_MD_CTX *)s, bytes, len));
}

struct sha256
sha256_end(struct sha256_stream *s)
{
	struct sha256 h;

	must(EVP_DigestFinal_ex((EVP_MD_CTX *)s, h.bytes, NULL));
	sha256_cancel(s);
	return h;
}

void
sha256_cancel(struct sha256_stream *s)
{
	EVP_MD_CTX_free((EVP_MD_CTX *)s);
}

char *
sha256_hex(const struct sha256 *h, char out[SHA256_HEX_BYTES])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < SHA256_BYTES; i++) {
		out[2 * i] = digits[h->bytes[i] >> 4];
		out[2 * i + 1] = digits[h->bytes[i] & 15];
	}
	out[SHA256_HEX_BYTES - 1] = '\0';
	return out;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
parse_hex(struct str text, struct sha256 *out)
{
	for (size_t i = 0; i < SHA256_BYTES; i++) {
		int high = hex_value(text.ptr[2 * i]);
		int low = hex_value(text.ptr[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out->bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

bool
sha256_parse(struct str text, struct sha256 *out)
{
	unsigned char letters[44], decoded[48];

	if (text.len == SHA256_HEX_BYTES - 1)
		return parse_hex(text, out);
	/* one pad at the end, which some leave out; libcrypto takes others for an A */
	if (text.len != 43 && (text.len != 44 || text.ptr[43] != '='))
		return false;
	memcpy(letters, text.ptr, 43);
	letters[43] = '=';
	if (memchr(letters, '=', 43) != NULL || EVP_DecodeBlock(decoded, letters, 44) != 33)
		return false;
	memcpy(out->bytes, decoded, SHA256_BYTES);
	return true;
}
