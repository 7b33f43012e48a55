/*
 * What a compressed file or an archive may cost before the rest of it is refused. Memory is
 * bounded without these: they bound time, and what one input may put into the database.
 */
#ifndef SOURCE_LIMITS_H
#define SOURCE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/* A capture of one payload a file has some hundred thousands of them. */
#define LIMITS_MEMBERS ((uint64_t)1000000)

/* PATH_MAX of Linux: no file with a longer name was ever packed. */
#define LIMITS_NAME_BYTES ((size_t)4096)

/*
 * Bytes of an archive that libarchive may read for the header of one member, some of which it
 * keeps (lists of sparse parts). It refuses an extended header of more than 1 MiB by itself;
 * a global one, one of the member, a long name and a long link may come before a member.
 */
#define LIMITS_HEADER_BYTES ((uint64_t)4 << 20)

/*
 * Bytes that come out for each byte of the file. Captured JSON gives 10 to 60, the same payload
 * over and over a few hundred; a bomb of deflate gives 1,032, one of zstd more than 10,000.
 */
#define LIMITS_RATIO ((uint64_t)500)

/* Less than this is never a bomb: it is read in a blink, whatever the ratio. */
#define LIMITS_HARMLESS_BYTES ((uint64_t)64 << 20)

/*
 * The window of a zstd frame, as a power of two: 8 MiB, what RFC 8878 (3.1.1.1.2) asks of every
 * decoder, and what zstd takes up to level 19. --ultra and --long may take up to 128 MiB and more.
 */
#define LIMITS_ZSTD_WINDOW_LOG 23

/*
 * Nesting: an archive may be compressed as a whole, and that is all. What is packed once more in
 * there would multiply each of these bounds.
 */

struct expansion {
	uint64_t in; /* bytes of the file */
	uint64_t out; /* bytes that came out of decompression */
};

static inline bool
expansion_is_bomb(const struct expansion *x)
{
	return x->out > LIMITS_HARMLESS_BYTES && x->out / LIMITS_RATIO > x->in;
}

#endif
