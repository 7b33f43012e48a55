/*
 * Memory or the end: see memory.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/memory.h"

#define LINE_BYTES 512

/* What is drawn in place on a terminal gives way. */
#define ERASE_LINE "\r\033[K"

void
memory_end(const char *wanted)
{
	char line[LINE_BYTES];
	ssize_t ignored;

	snprintf(line, sizeof(line),
	    "%scoexsync: out of memory (%s): what was committed stays; run it again with more "
	    "memory, "
	    "fewer --jobs, a smaller --batch-rows or --max-payload\n",
	    isatty(STDERR_FILENO) ? ERASE_LINE : "", wanted);
	ignored = write(STDERR_FILENO, line, strlen(line));
	(void)ignored;
	_exit(ERR_IO);
}

static void *
got(void *p, size_t size)
{
	char wanted[sizeof("18446744073709551615 bytes")];

	if (p != NULL)
		return p;
	snprintf(wanted, sizeof(wanted), "%zu bytes", size);
	memory_end(wanted);
}

void *
memory_new(size_t size)
{
	return got(malloc(size), size);
}

void *
memory_zero(size_t count, size_t size)
{
	return got(calloc(count, size), count * size);
}

void *
memory_grow(void *p, size_t size)
{
	return got(realloc(p, size), size);
}

void *
memory_of(void *p, const char *library)
{
	if (p == NULL)
		memory_end(library);
	return p;
}
