/*
 * Memory that is there or ends the process: exit code 74, one line on stderr that names the remedy.
 * Any instant is a safe point: the server rolls back what was not committed, and the same command
 * given again goes on. Every allocation goes through here; what a library could not get, too.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* `wanted`: what there is no memory for, "1048576 bytes" or whose. Takes none itself. */
void memory_end(const char *wanted) __attribute__((noreturn));

/* Never NULL, to be freed with free. */
void *memory_new(size_t size);
void *memory_zero(size_t count, size_t size);
void *memory_grow(void *p, size_t size);

/* `p`, which a library made; NULL only for want of memory. */
void *memory_of(void *p, const char *library);

#endif
