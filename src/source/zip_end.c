/*
 * The directory's end: see zip_end.h.
 */
#include <stdbool.h>
#include <string.h>

#include "source/zip_end.h"

#define END_MAGIC "PK\5\6"
#define END_BYTES ((size_t)22)
#define END_COUNT_AT 10
#define END_DIRECTORY_BYTES_AT 12
#define END_DIRECTORY_AT 16
#define END_COMMENT_BYTES_AT 20

/* The end of zip64 and its locator may stand between the directory and the end. */
#define ZIP64_BYTES 76

void
zip_end_add(struct zip_end *z, const char *bytes, size_t len)
{
	size_t kept;

	z->total += len;
	if (len > ZIP_END_BYTES) {
		bytes += len - ZIP_END_BYTES;
		len = ZIP_END_BYTES;
	}
	kept = z->len + len > ZIP_END_BYTES ? ZIP_END_BYTES - len : z->len;
	memmove(z->bytes, z->bytes + z->len - kept, kept);
	memcpy(z->bytes + kept, bytes, len);
	z->len = kept + len;
}

static uint32_t
number_at(const unsigned char *p, size_t bytes)
{
	uint32_t n = 0;

	while (bytes-- > 0)
		n = n << 8 | p[bytes];
	return n;
}

/* Where it begins in `bytes`; z->len if it is not there. Its comment ends where the archive does.
 */
static size_t
find_end(const struct zip_end *z)
{
	for (size_t at = z->len < END_BYTES ? 0 : z->len - END_BYTES + 1; at-- > 0;)
		if (memcmp(z->bytes + at, END_MAGIC, 4) == 0 &&
		    at + END_BYTES + number_at(z->bytes + at + END_COMMENT_BYTES_AT, 2) == z->len)
			return at;
	return z->len;
}

/* A number of all ones stands in the part for zip64. */
static bool
is_about(uint64_t said, uint64_t found, uint64_t slack, uint64_t all_ones)
{
	return said == all_ones || (said <= found && found - said <= slack);
}

const char *
zip_end_fault(const struct zip_end *z, uint64_t members)
{
	size_t at = find_end(z);
	const unsigned char *end = z->bytes + at;
	uint64_t directory_at, directory_bytes;

	if (at == z->len)
		return "the directory at its end is cut, or something follows it";
	if (!is_about(number_at(end + END_COUNT_AT, 2), members, 0, UINT16_MAX))
		return "the directory at its end lists more or fewer members than there are";
	directory_at = number_at(end + END_DIRECTORY_AT, 4);
	directory_bytes = number_at(end + END_DIRECTORY_BYTES_AT, 4);
	if (directory_at != UINT32_MAX && !is_about(directory_at + directory_bytes,
					      z->total - z->len + at, ZIP64_BYTES, UINT32_MAX))
		return "the directory at its end does not belong to the members before it";
	return NULL;
}
