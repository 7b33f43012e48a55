/*
 * The end of a zip archive: APPNOTE.TXT 4.3.16. What was read as a stream is held against it.
 */
#ifndef SOURCE_ZIP_END_H
#define SOURCE_ZIP_END_H

#include <stddef.h>
#include <stdint.h>

/* Its fixed part and the longest comment. */
#define ZIP_END_BYTES ((size_t)22 + 65535)

struct zip_end {
	uint64_t total; /* bytes of the archive */
	size_t len;
	unsigned char bytes[ZIP_END_BYTES]; /* the last of them */
};

/* Notes the next bytes of the archive. */
void zip_end_add(struct zip_end *z, const char *bytes, size_t len);

/* What is wrong with a whole archive in which `members` were found, or NULL. */
const char *zip_end_fault(const struct zip_end *z, uint64_t members);

#endif
