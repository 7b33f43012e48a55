/*
 * The content of made-up media files: a function of the media id, so that what mkpayloads announces
 * is what fakegraph serves.
 */
#ifndef TOOLS_MADE_UP_FILE_H
#define TOOLS_MADE_UP_FILE_H

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"

#include "prng.h"

struct made_up_file {
	unsigned char *bytes; /* to be freed */
	size_t len;
	struct sha256 sha256;
};

/* size 0: some 200 to 2247 bytes, by the id. */
static inline struct made_up_file
made_up_file(const char *media_id, size_t size)
{
	struct sha256 seed = sha256_of(media_id, strlen(media_id));
	struct made_up_file file;
	uint64_t state;

	memcpy(&state, seed.bytes, sizeof(state));
	file.len = size != 0 ? size : 200 + (size_t)(prng_next(&state) % 2048);
	file.bytes = malloc(file.len + 8);
	if (file.bytes == NULL)
		abort();
	for (size_t i = 0; i < file.len; i += 8) {
		uint64_t word = prng_next(&state);

		memcpy(file.bytes + i, &word, sizeof(word));
	}
	file.sha256 = sha256_of(file.bytes, file.len);
	return file;
}

#endif
