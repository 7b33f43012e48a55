/*
 * Which files the paths of a command line mean.
 */
#ifndef SOURCE_LISTING_H
#define SOURCE_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"

/* The path that stands for standard input. */
#define LISTING_STDIN "-"

struct input {
	const char *path;
	uint64_t size_bytes; /* 0 if it is no regular file */
	bool has_size;
};

/*
 * Adds a struct input for each file, in the order of the paths; of a folder all regular files at
 * any depth, in the byte order of their names relative to it. A symbolic link is followed when it
 * is a path itself; in a folder it is skipped with a warning, as is what is no regular file (a link
 * may lead out of the folder, or round in circles). A path that does not exist, or a folder without
 * a regular file: ERR_NO_INPUT; a folder that cannot be read: ERR_IO.
 */
int listing_read(
    struct arena *a, char *const *paths, size_t count, struct list *inputs, struct err *e);

#endif
