/*
 * Keys and digests: see rowkey.h.
 */
#include "decode/rowkey.h"

struct str
rowkey_join(struct arena *a, struct str text, struct str tail)
{
	char *key = arena_alloc(a, text.len + 1 + tail.len);

	memcpy(key, text.ptr, text.len);
	key[text.len] = '\0';
	memcpy(key + text.len + 1, tail.ptr, tail.len);
	return (struct str){key, text.len + 1 + tail.len};
}

struct str
rowkey_under(struct arena *a, const struct sha256 *hash, struct str tail)
{
	char *key = arena_alloc(a, SHA256_BYTES + tail.len);

	memcpy(key, hash->bytes, SHA256_BYTES);
	if (tail.len > 0)
		memcpy(key + SHA256_BYTES, tail.ptr, tail.len);
	return (struct str){key, SHA256_BYTES + tail.len};
}

struct str
rowkey_time(int64_t us, unsigned char out[ROWKEY_TIME_BYTES])
{
	uint64_t bits = (uint64_t)us ^ UINT64_C(1) << 63;

	for (int i = 0; i < ROWKEY_TIME_BYTES; i++)
		out[i] = (unsigned char)(bits >> (56 - 8 * i));
	return (struct str){(char *)out, ROWKEY_TIME_BYTES};
}
