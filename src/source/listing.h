/*
 * Which files the paths of a command line mean.
 */
#ifndef SOURCE_LISTING_H
#define SOURCE_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"

/* The path that stands for standard input. */
#define LISTING_STDIN "-"

/* Who was found at a path in a folder; a path of the command line may mean another one any time. */
struct found {
	bool is_found;
	mode_t type;
	dev_t device;
	ino_t inode;
};

struct input {
	const char *path;
	struct found found;
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

/*
 * A descriptor of the input, for reading; of LISTING_STDIN that of standard input. A file that was
 * found in a folder must be the same regular file still: a folder may be another user's, who puts a
 * link there meanwhile. ERR_IO naming the file.
 */
int listing_open(const struct input *in, struct err *e);

#endif
